"""What is said unasked: when, to whom, and after what."""
