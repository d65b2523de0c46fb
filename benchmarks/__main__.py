"""Run the benchmarks that are named, or all of them, each in a process of its own."""

import argparse
import os
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from benchmarks.size import BRIEF

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = (
    "door",
    "turns",
    "rush",
    "start",
    "understanding",
    "picture",
    "reports",
    "t13",
    "watch",
    "growth",
    "history",
    "play",
    "decisions",
    "portals",
    "api",
    "pages",
    "live",
    "hooks",
    "tokens",
    "events",
    "updates",
)


def main() -> int:
    """Run one here, several each in its own process, so that none inherits another's memory and imports."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure beside a peer or a floor.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"any of {', '.join(NAMES)}; none means all; understanding may name files of sentences",
    )
    parser.add_argument("--brief", action="store_true", help="measure next to nothing: see only that they run")
    options = parser.parse_args()
    if options.brief:
        os.environ[BRIEF] = "1"
    names = options.names or list(NAMES)
    if names[0] == "understanding" and len(names) > 1 and names[1] not in NAMES:
        from benchmarks.understanding import main as understanding

        return understanding(names[1:])
    for name in names:
        if name not in NAMES:
            parser.error(f"there is no benchmark {name!r}: choose from {', '.join(NAMES)}")
    if len(names) == 1:
        run: Callable[[], int | None] = import_module(f"benchmarks.{names[0]}").main
        return run() or 0
    failed = [
        name for name in names if subprocess.run([sys.executable, "-m", "benchmarks", name], check=False).returncode
    ]
    if failed:
        sys.stderr.write(f"benchmarks: {', '.join(failed)} did not finish\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
