"""The lookout: what a portal refuses ends nothing and holds up nothing else, and is told once."""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.clock import MovableClock
from bot.dispatch.router import RouteTable
from bot.dispatch.undertaking import Undertaking
from bot.domain.approvals.routed import Entry, RoutedRequest
from bot.domain.approvals.running import Running
from bot.domain.automation.change import Move
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.rule import RuleState, RuleVersion
from bot.domain.automation.watching import Hint, Sighting
from bot.i18n import Translator
from bot.lookout import EMPTY_AGAIN, EVERY, Lookout
from bot.messengers import FACTS
from bot.ports import Storage
from bot.ports.eyes import NotSeen, Page, Seen
from bot.services.approvals.seals import Seals
from bot.services.messengers import Messengers
from bot.services.wiring import House
from bot.words.record import what_happened
from handlers import router
from storage import Database, open_storage
from tests.automation.making import form
from tests.migrated import begin_migrated
from tests.storage.given import KEY, NOW, PORTAL, Wall, given

DEAL, TASK = ObjectRef("deal", 12), ObjectRef("task", 7)
TELL = {"do": "notify", "to": [{"by": "field", "path": "assignedById"}], "text": "{title}"}
DEALS = form(key="deals", event="deleted", when=None, do=[TELL])
TASKS = form(key="tasks", object={"kind": "task"}, event="deleted", when=None, do=[TELL])


@dataclass
class Portal:
    """A portal that shows what the test says, and refuses families."""

    shown: Seen = field(default_factory=Seen)
    refused: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def looked_after(self) -> Collection[str]:
        """Return the one that is ours."""
        return [PORTAL.key]

    def eyes(self, realm: str) -> "Portal":
        """Return what looks at it."""
        return self

    async def look(self, refs: Sequence[ObjectRef]) -> Seen:
        """Show it."""
        return self.shown

    async def moves(self, family: str, numbers: Sequence[int], after: int) -> Mapping[int, Sequence[Move]]:
        """Keep no history."""
        return {}

    async def changed(self, family: str, since: datetime, after: int, fields: Collection[str] = ()) -> Page:
        """Tell of no change."""
        self._may(family)
        self.asked.append(family)
        return Page({}, is_last=True, at=NOW)

    async def newest(self, family: str) -> tuple[int, int]:
        """Have had ten."""
        self._may(family)
        return 10, 10

    async def listen(self, families: Collection[str]) -> None:
        """Tell of all."""

    async def meet(self) -> None:
        """Know everybody."""

    def _may(self, family: str) -> None:
        if family in self.refused:
            raise NotSeen("ACCESS_DENIED", may_pass=False)


@dataclass
class Looked:
    """A lookout on a database."""

    storage: Database
    portal: Portal
    wall: Wall
    clock: MovableClock
    lookout: Lookout

    async def told(self, ref: ObjectRef) -> None:
        """Let the portal tell of an object, and look at it."""
        await self.storage.hints.note([Hint(1, str(ref))])
        await self.later(3)

    async def later(self, seconds: float) -> None:
        """Look again after a while."""
        self.wall.move(seconds)
        await self.lookout.catch_up()

    async def goes_round(self) -> None:
        """Look when what was lost is looked for."""
        self.clock.move_to(self.clock.now() + EVERY)
        await self.later(1)

    async def held(self, rule: str) -> list[str]:
        """Return for what a rule held."""
        return [each.object for each in await self.storage.unit_of_work().rules.latest(1, rule, 10)]

    async def troubles(self) -> dict[str, str]:
        """Return what stands in which rule's way."""
        return {each.key: each.trouble for each in await self.storage.unit_of_work().rules.of_portal(1)}


@pytest.fixture
async def looked(tmp_path: Path) -> AsyncIterator[Looked]:
    """A rule on deals that are deleted, one on tasks; a deal and a task that were seen."""
    wall, clock, portal = Wall(), MovableClock(NOW), Portal()
    await begin_migrated(tmp_path / "l.db")
    storage = await open_storage(f"sqlite:///{tmp_path}/l.db", secret_key=KEY, clock=wall)
    await storage.start()
    await given(storage)
    async with storage.unit_of_work() as uow:
        for each in (DEALS, TASKS):
            uow.rules.add(RuleVersion(1, each["key"], 1, json.dumps(each), RuleState.ON, NOW))
        for ref in (DEAL, TASK):
            fields: dict[str, Any] = {"title": "Boxes", "assignedById": 3, "responsibleId": "3"}
            uow.objects.put(Sighting(1, ref, fields, 0))
        await uow.commit()
    house = House(cast("Storage", storage), Messengers(FACTS), Seals(KEY))
    made = Lookout(cast("Storage", storage), Undertaking(RouteTable(router), house), portal, clock, monotonic=wall)
    yield Looked(storage, portal, wall, clock, made)
    await storage.close()


async def begun(looked: Looked) -> None:
    """Bind, and keep how the objects were."""
    await looked.lookout.catch_up()
    async with looked.storage.unit_of_work() as uow:
        for ref in (DEAL, TASK):
            fields: dict[str, Any] = {"title": "Boxes", "assignedById": 3, "responsibleId": "3"}
            uow.objects.put(Sighting(1, ref, fields, 0))
        await uow.commit()


async def test_one_that_is_refused_is_not_gone(looked: Looked) -> None:
    """No rule about its end holds; it is told once, waits, and once it can be read all is well again."""
    await begun(looked)
    looked.portal.shown = Seen(refused={DEAL: "ACCESS_DENIED"})
    await looked.told(DEAL)
    assert ([], {"deals": "unseen:deal:12", "tasks": ""}) == (await looked.held("deals"), await looked.troubles())
    looked.portal.shown = Seen(gone=frozenset({DEAL}))
    await looked.later(3600)
    assert (["deal:12"], {"deals": "", "tasks": ""}) == (await looked.held("deals"), await looked.troubles())


async def test_a_task_that_is_answered_with_nothing(looked: Looked) -> None:
    """Once says nothing; twice at an interval it is gone."""
    await begun(looked)
    looked.portal.shown = Seen(empty=frozenset({TASK}))
    await looked.told(TASK)
    await looked.later(EMPTY_AGAIN / 2)
    assert [] == await looked.held("tasks")
    await looked.later(EMPTY_AGAIN)
    assert ["task:7"] == await looked.held("tasks")


async def test_a_family_that_is_refused(looked: Looked) -> None:
    """Its rules are told of; all others go on, and what was told is looked at."""
    looked.portal.refused = {"deal"}
    await begun(looked)
    looked.portal.shown = Seen(gone=frozenset({TASK}))
    await looked.told(TASK)
    assert ["task:7"] == await looked.held("tasks")
    assert {"deals": "unseen:deal", "tasks": ""} == await looked.troubles()
    looked.portal.refused = {"task"}
    await looked.goes_round()
    assert {"deals": "", "tasks": "unseen:task"} == await looked.troubles()
    assert "deal" in looked.portal.asked


async def test_a_request_whose_object_is_refused(looked: Looked) -> None:
    """Where no rule watches its family the request says so, once, and goes on."""
    async with looked.storage.unit_of_work() as uow:
        lead = ObjectRef("lead", 5)
        uow.routed.add(RoutedRequest(500, 1, 1, "leave", 1, 10, "by:1", "", Running("pending"), NOW, about=lead))
        await uow.commit()
    await begun(looked)
    looked.portal.shown = Seen(refused={ObjectRef("lead", 5): "ACCESS_DENIED"})
    for _ in range(2):
        await looked.told(ObjectRef("lead", 5))
        await looked.later(3600)
    found = await looked.storage.unit_of_work().routed.get(1, 500)
    assert found is not None
    assert (["object unseen"], True) == ([each.what for each in found.record], found.is_open)
    assert {"deals": "", "tasks": ""} == await looked.troubles()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("object unseen", "📌 The portal does not let me read what it is about"),
        ("object deal:12 changed", "📌 On the portal: deal 12"),
        ("object task:7 deleted", "📌 Deleted on the portal: task 7"),
    ],
)
def test_how_it_reads_in_the_record(what: str, said: str) -> None:
    """A record names objects as people do."""
    entry = Entry(1, NOW, None, None, what, "", "", "", "", "", "")
    standing = cast("Any", SimpleNamespace(somebody=lambda _: None))
    assert said == Translator("en", "UTC", NOW).plain(what_happened(entry, standing, "en"))
