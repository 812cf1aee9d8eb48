"""What is known of a country's addresses, and what that says of one of them."""
