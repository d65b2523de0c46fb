"""What the log yields: accounts of a period, and the rules that they are counted by."""
