"""Who is who: the first meeting, linking, roles, personnel data, and what each person has chosen."""
