"""What the log yields, read at once for as many people as are looked at."""
