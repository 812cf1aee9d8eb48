"""Stock: what there is of each product, who holds it, what moved it, and counting the shelf."""
