"""The parts of a unit of work, one a theme."""
