"""Deploys the unmodified template to the embedded AWS; what is rewritten is told in docs/local-system.md."""
