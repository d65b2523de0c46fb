"""The two engines: statements, groups of them, and one driver each."""
