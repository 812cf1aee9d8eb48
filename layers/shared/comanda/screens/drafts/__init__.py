"""New orders, drafts, quotations and customers' open carts: what is sold by telephone."""
