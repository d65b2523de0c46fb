"""Planned time: schedules, rosters and the production calendar."""
