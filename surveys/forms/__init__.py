"""What comes from pages, one module a noun: a sheet of answers, an instrument."""
