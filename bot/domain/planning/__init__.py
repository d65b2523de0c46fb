"""Planned time: schedules, the roster and the production calendar."""
