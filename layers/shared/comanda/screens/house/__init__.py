"""The frame of every screen: routes, sessions, forms, rendering, what the browser is told."""
