"""Find orders by what people remember of them."""
