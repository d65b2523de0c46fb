"""Who is who: people, departments, what the portal tells of them, and what belongs to each."""
