"""How English denies within one word: "didn't", "won't"; "sent" and "went" deny nothing."""

from typing import Final

CONTRACTED: Final = frozenset(
    f"{verb}nt"
    for verb in (
        *("do", "does", "did", "is", "are", "was", "were", "have", "has", "had", "wo", "would", "ca", "could"),
        *("should", "might", "must", "need", "ai"),
    )
)
"""As they are read, without their apostrophe."""
