"""Business processes of portals: calls of our robot, its registration, and people's own tasks."""
