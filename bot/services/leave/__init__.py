"""Days and hours away."""
