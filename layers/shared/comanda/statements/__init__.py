"""Bank statements: read from the bank's file, matched with orders, kept until a person has decided."""
