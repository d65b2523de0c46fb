"""How much a benchmark measures: enough to tell something or, with `--brief`, just enough to see that it runs."""

import os

BRIEF = "BENCH_BRIEF"
"""Is in the environment, so that every process of a benchmark knows of it."""


def size(usual: int, brief: int) -> int:
    """Return how many to take of something."""
    return brief if os.environ.get(BRIEF) else usual
