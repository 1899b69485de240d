"""What leaders see, and what families see first."""
