"""Pages of Settings."""
