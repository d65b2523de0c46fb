"""The application's page in the tabs of cards: put there once, and missed by nobody where there is no right to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.channels.bitrix24.binding import TABS, Binding
from bot.channels.bitrix24.errors import RestError

PAGE = "https://smena.example/bitrix24/app"


@dataclass
class Portal:
    """A portal that knows which pages of ours stand where."""

    there: list[dict[str, Any]] = field(default_factory=list)
    refuses: str = ""
    bound: list[Mapping[str, Any]] = field(default_factory=list)
    result: Any = None
    errors: Mapping[str, RestError] = field(default_factory=dict)

    async def call(self, method: str, form: Mapping[str, Any]) -> "Portal":
        """Answer `placement.get`."""
        assert ("placement.get", {}) == (method, form)
        if self.refuses:
            raise RestError(self.refuses)
        self.result = self.there
        return self

    async def run(self, calls: Mapping[str, tuple[str, Mapping[str, Any]]]) -> "Portal":
        """Bind."""
        self.bound += [form for method, form in calls.values() if method == "placement.bind"]
        return self


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ([], TABS),
        ([{"placement": TABS[0], "handler": PAGE}], TABS[1:]),
        ([{"placement": TABS[0], "handler": "https://former.example/app"}], TABS),
        ([{"placement": each, "handler": PAGE} for each in TABS], ()),
    ],
)
async def test_what_is_missing_is_put_there_once(there: list[dict[str, Any]], missing: tuple[str, ...]) -> None:
    """What stands there already is left."""
    portal = Portal(there)
    binding: Binding = Binding(portal, "https://smena.example/bitrix24/events", "one", PAGE)  # type: ignore[arg-type]
    await binding.place()
    await binding.place()
    assert [(each, PAGE) for each in missing] == [(each["PLACEMENT"], each["HANDLER"]) for each in portal.bound]


async def test_a_portal_that_gives_no_right() -> None:
    """All else goes on without the tabs."""
    portal = Portal(refuses="INSUFFICIENT_SCOPE")
    binding: Binding = Binding(portal, "https://smena.example/bitrix24/events", "one", PAGE)  # type: ignore[arg-type]
    await binding.place()
    assert [] == portal.bound
