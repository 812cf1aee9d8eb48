"""Bank statements: sent, looked at by what their movements look like, confirmed."""
