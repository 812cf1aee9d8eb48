"""The start page's facts: how today goes, what waits and since when, what is broken."""
