"""Pages, one module a noun: answering a form, writing an instrument."""
