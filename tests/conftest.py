"""What holds for all tests: properties hold however busy the machine is; files are where writing is quick.

With several workers, what takes long begins first, so that none is busy with it alone in the end; and tests that share
what is dear to begin (a running sandbox, a browser, a month that was lived) share it in one worker.

What was imported and collected lives as long as the run, so nobody searches it for garbage: with thousands of tests
such a search takes a second, and there would be many.
"""

import gc
import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.series import series

gc.disable()  # until everything is collected
settings.register_profile(
    "any machine", max_examples=series(50), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

_IN_MEMORY = Path("/dev/shm")
_ROOM = 2 << 30
"""What all that tests write takes at once is far less."""
_LONG = ("e2e", "benchmarks", "crash", "races", "machines", "properties")
"""Folders of tests that take seconds each, the longest first."""
_LONGEST = Path("e2e/test_stories.py")
"""Goes to one worker whole, and takes that worker minutes."""
_TESTS = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests' folders in memory where there is room: commits are flushed, and nobody waits for a disk."""
    is_there = config.option.basetemp is None and os.access(_IN_MEMORY, os.W_OK)
    if is_there and shutil.disk_usage(_IN_MEMORY).free > _ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_IN_MEMORY))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave what is there now out of every search for garbage, and search as seldom as the service does."""
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long first; it comes after the shuffle, and leaves the rest as it is."""
    items.sort(key=_turn)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Have several workers share as these tests do."""
    from tests.together import Together

    return Together(config, log)


def _turn(item: pytest.Item) -> int:
    path = item.path.relative_to(_TESTS)
    if path == _LONGEST:
        return -1
    folder = path.parts[0]
    return _LONG.index(folder) if folder in _LONG else len(_LONG)
