"""What the bot says unasked: reminders, forgotten check-outs, digests; and silence."""
