"""How what the domain knows reads to people: domain to `Phrase`, the same for every surface.

No keyboard, no turn and no messenger is known here.
"""
