"""Sets papers in type. Only functions/documents loads what is in here: it brings the libraries."""
