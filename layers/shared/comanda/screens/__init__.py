"""The back office's screens: one folder per topic, hung into the house that `house/` builds."""
