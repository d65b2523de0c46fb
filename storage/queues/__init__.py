"""What waits: words that arrived, messages to send, and what is to be done later."""
