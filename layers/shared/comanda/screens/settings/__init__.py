"""Settings: every section as a form in the merchant's words, its history, and taking a change back."""
