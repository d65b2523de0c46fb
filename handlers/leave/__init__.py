"""Days and hours away: asked for, read back, and who is away."""
