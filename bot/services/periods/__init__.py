"""Periods: closed, kept closed, and opened again."""
