"""Running sandboxes for the stories: one that lives through a module's tests, and one that is killed."""

from collections.abc import Iterator

import pytest

from tests.e2e.driven import Sandbox


def _running(folder_maker: pytest.TempPathFactory, name: str) -> Iterator[Sandbox]:
    made = Sandbox(folder_maker.mktemp(name))
    try:
        made.start().settled_in()
        yield made
        assert "Traceback" not in made.log, made.log
    finally:
        made.kill()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox for the tests of a module, on Monday 13 July 2026 at nine in Moscow, with everybody settled in."""
    yield from _running(tmp_path_factory, "sandbox")


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that is killed and started again."""
    yield from _running(tmp_path_factory, "mortal")
