"""What people do with a series: one function a verb."""
