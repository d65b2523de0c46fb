"""What follows by itself from what happens on a portal, and what is done there."""
