"""FedEx: what it tells of parcels by webhook, and what it answers when it is asked."""
