"""The demo shop: what a customer clicks after `make up`, built on the public API alone."""
