"""The counter where customers fetch their orders."""
