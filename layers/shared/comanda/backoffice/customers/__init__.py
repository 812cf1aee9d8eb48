"""The customer database: found by what somebody types, shown whole, corrected by staff."""
