"""Planned time: schedules, shifts and the production calendar."""
