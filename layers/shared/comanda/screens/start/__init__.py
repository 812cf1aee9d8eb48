"""The start page: how today goes, what to do next, what is broken; an empty shop is told how to begin."""
