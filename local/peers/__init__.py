"""Protocol peers: servers that stand in for outside parties on one machine. Nothing here knows comanda."""
