"""What marks a backup file as ours, and how much of a table is held in memory at a time."""

FORMAT = "smena-backup"
FORMAT_VERSION = 1
"""Grows when an older program could no longer read the lines."""


def portion(*, has_bytes: bool) -> int:
    """Return how many rows go at a time; those with files in them may be large."""
    return 10 if has_bytes else 1000
