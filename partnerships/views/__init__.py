"""Pages of the families' spaces; every one stands under the plum band."""
