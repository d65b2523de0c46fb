"""The working day: marks, corrections, and what a day looks like."""
