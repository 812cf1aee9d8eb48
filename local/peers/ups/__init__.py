"""A stand-in for UPS's REST API, with what we ask of it described for Prism."""
