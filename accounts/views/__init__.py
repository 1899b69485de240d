"""Pages about people: the front door, entering, one's own account, the school's list of staff."""
