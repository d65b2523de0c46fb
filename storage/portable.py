"""What marks a backup file as ours."""

FORMAT = "smena-backup"
FORMAT_VERSION = 1
"""Grows when an older program could no longer read the lines."""
