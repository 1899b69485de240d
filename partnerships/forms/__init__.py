"""What is typed in the families' spaces."""
