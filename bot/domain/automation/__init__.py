"""What happens on a portal beside its people: objects that change, rules that follow, errands that are run there."""
