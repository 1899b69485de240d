"""Pages of the programme: one function an address."""
