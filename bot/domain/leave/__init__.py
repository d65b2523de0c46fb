"""Days and hours away: what may be asked for, and what it means for the plan."""
