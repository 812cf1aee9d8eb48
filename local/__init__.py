"""Runs the whole deployed system on one machine; nothing that is deployed imports it."""
