"""Idempotency keys of callers: the same request is carried out once and answered twice alike."""
