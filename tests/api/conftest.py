"""A company of five with the API before it, for each test anew."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.caller import Cast, cast_of


@pytest.fixture
async def cast(tmp_path: Path) -> AsyncIterator[Cast]:
    """The five, on the morning of Monday 13 July 2026; nobody is held up by limits."""
    made = await cast_of(tmp_path)
    yield made
    await made.company.close()
