"""What people do in the families' spaces: one function a verb."""
