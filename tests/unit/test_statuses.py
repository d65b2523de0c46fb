"""Every refusal has its HTTP status: pages and the API answer alike, and none is forgotten."""

import importlib
import pkgutil
from collections.abc import Iterator

import bot.domain
import bot.services
import handlers
from bot.domain.errors import Refusal
from bot.services.statuses import STATUSES


def _refusals(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for each in kind.__subclasses__():
        yield each
        yield from _refusals(each)


def test_each_refusal_has_a_status() -> None:
    """Whatever a service, a rule or a conversation refuses is in the table, and nothing else is."""
    for package in (bot.domain, bot.services, handlers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    own = [each for each in _refusals(Refusal) if each.__module__.startswith(("bot.", "handlers."))]
    assert set(STATUSES) == {each.code for each in own}


def test_statuses_are_of_the_caller() -> None:
    """A refusal is never the service's fault."""
    assert all(400 <= each < 500 for each in STATUSES.values())
