"""Addresses of pages that others link to."""

ENTER = "/enter"
"""Where somebody is told how to come in."""
LINK = "/enter/link"
"""Where a one-time link leads: its token stands behind a `#`, which no server log and no preview sees."""
