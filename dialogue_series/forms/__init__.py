"""What people type and choose, turned into words of the programme."""
