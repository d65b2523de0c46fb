"""How long a series is: short in `make test`, with other examples each time; `make series` makes it many times that."""

import os


def series(few: int) -> int:
    """Return how many of something to try, where `few` find a fault that is not rare."""
    return few * int(os.environ.get("SERIES", "1"))
