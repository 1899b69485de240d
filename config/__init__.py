"""Where the product is put together."""
