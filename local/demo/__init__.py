"""The demo shop, Casa Jacaranda (products, pictures and settings made for this project), and `make demo`."""
