"""A period from its confirmation to its closing."""
