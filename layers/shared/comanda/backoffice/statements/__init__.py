"""Bank statements on the staff's desk: sent, looked at, confirmed movement by movement."""
