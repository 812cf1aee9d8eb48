"""The phone screen of picking: its page, what the page is made of, and the worker that keeps it offline."""
