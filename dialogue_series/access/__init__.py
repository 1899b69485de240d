"""What may be seen, by whom: the only way to obtain the objects of this app."""
