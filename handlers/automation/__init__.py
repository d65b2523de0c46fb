"""What happens on a portal beside its people."""

"""Conversations about what happens on the portal by itself: errands that are run there."""
