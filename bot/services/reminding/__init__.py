"""What is said unasked: reminders, forgotten marks and digests."""
