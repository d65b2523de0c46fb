"""The working day as its person lives it: coming, breaks, leaving, and what the day looks like."""
