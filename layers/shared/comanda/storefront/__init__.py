"""What customers can do over the public API: check out, follow an order, pay it."""
