"""What holds for all tests: properties hold however busy the machine is; files are where writing is quick."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.series import series

settings.register_profile(
    "any machine", max_examples=series(50), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

_IN_MEMORY = Path("/dev/shm")
_ROOM = 2 << 30
"""What all that tests write takes at once is far less."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests' folders in memory where there is room: commits are flushed, and nobody waits for a disk."""
    is_there = config.option.basetemp is None and os.access(_IN_MEMORY, os.W_OK)
    if is_there and shutil.disk_usage(_IN_MEMORY).free > _ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_IN_MEMORY))
