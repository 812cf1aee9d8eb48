"""The list of orders: constant cost a page, whatever the filter and however many orders there are."""
