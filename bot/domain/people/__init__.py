"""Who is who: people, where they work, and who leads whom."""
