"""What happens on a portal beside its people."""
