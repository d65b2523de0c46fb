"""Errands on the emulated portal: each kind is done once, also where the answer is lost; refusals by their reason."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.bitrix24.errands import ErrandDesk, mark_of, performer_of
from bot.channels.bitrix24.errands.desk import MOST_REFUSALS
from bot.channels.bitrix24.errands.site import PATIENCE
from bot.channels.bitrix24.limiter import Limiter
from bot.channels.bitrix24.rest_log import Exchange
from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.ids import new_id
from bot.ports import NotDone
from tests.sandbox.worlds import NOW, Ground, open_ground

EMMA, LIAM = 1, 2


class Keys:
    """What opens the second company's portal in somebody's name."""

    def __init__(self, ground: Ground, user_id: int = EMMA) -> None:
        """Take a pair of theirs."""
        self._ground = ground
        self._user_id = user_id
        self._token = ground.pair(user_id)["access_token"]

    async def base_url(self) -> str:
        """Return the root of the interface."""
        return f"{self._ground.beta.portal.address}/rest/"

    async def token(self) -> str | None:
        """Return the access token."""
        return self._token

    async def refresh(self, expired: str | None = None) -> None:
        """Take another pair."""
        self._token = self._ground.pair(self._user_id)["access_token"]

    async def moved(self, base_url: str) -> None:
        """Stay."""

    async def refused(self, code: str, token: str | None = None) -> None:
        """Go on."""


class Place:
    """The portal with the application, and a desk of errands on it."""

    def __init__(self, ground: Ground) -> None:
        """Work as the installer; in Liam's name where his rights are asked for."""
        self.ground = ground
        self.portal = ground.beta.portal
        limiter = Limiter(drain=1000.0, full=1000.0)
        self.desk = ErrandDesk(
            "beta",
            Keys(ground),
            limiter,
            ground.session,
            ground.world.clock,
            personal=lambda account: Keys(ground, int(account)),
            bot_id=lambda: 77,
        )

    def errand(self, kind: ErrandKind, account: str = "", **form: Any) -> Errand:
        """Return an errand that is tried the first time."""
        return Errand(new_id(), 1, kind, form, "key", "request:1", NOW, account=account, tries=1)

    async def run(self, errand: Errand) -> dict[str, Any]:
        """Carry it out."""
        return dict(await self.desk.run(errand))

    async def lost(self, errand: Errand) -> dict[str, Any]:
        """Carry it out so that its answer is lost, and then once more, as the runner does."""
        self.ground.world.faults.order("bitrix24", "reset_after_write")
        with pytest.raises(NotDone) as lost:
            await self.desk.run(errand)
        assert ("no_answer", None, True) == (lost.value.reason, lost.value.ends, lost.value.is_doubtful)
        return await self.run(replace(errand, tries=2, is_doubtful=True))

    async def refused(self, errand: Errand) -> tuple[str, ErrandState | None]:
        """Carry it out, and return why that is not taken."""
        with pytest.raises(NotDone) as refusal:
            await self.desk.run(errand)
        return refusal.value.reason, refusal.value.ends

    def deal(self, **fields: Any) -> int:
        """Make a deal."""
        return self.portal.crm.add("deal", {"title": "Supply", **fields}, EMMA).id

    def task(self, **fields: Any) -> int:
        """Make a task of Emma's for Liam."""
        return self.portal.tasks.add({"TITLE": "Call", "RESPONSIBLE_ID": LIAM, **fields}, EMMA).id


@asynccontextmanager
async def _place() -> AsyncIterator[Place]:
    async with open_ground() as ground:
        ground.install()
        yield Place(ground)


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """Give a portal."""
    async with _place() as found:
        yield found


def test_who_carries_out_what() -> None:
    """Each kind of this theme has somebody; what another theme has not brought yet is refused, not lost."""
    kinds = {"task.add", "task.update", "task.complete", "task.approve", "task.disapprove", "task.comment"}
    kinds |= {"task.result", "crm.add", "crm.update", "timeline.comment", "notify", "process.start"}
    assert kinds <= {each.value for each in ErrandKind if performer_of(each) is not None}


async def test_a_deal_is_moved_once(place: Place) -> None:
    """Stage and fields are compared: after a lost answer the deal is not moved again."""
    deal = place.deal()
    errand = place.errand(
        ErrandKind.CRM_UPDATE, object=f"deal:{deal}", fields={"stageId": "WON", "opportunity": 1250.5}
    )
    assert {"object": f"deal:{deal}"} == await place.lost(errand)
    item = place.portal.crm.get("deal", deal)
    assert item is not None
    assert ("WON", 1250.5) == (item.fields["stageId"], item.fields["opportunity"])
    assert ["NEW", "WON"] == [each.stage_id for each in place.portal.crm.moves if each.owner_id == deal]


async def test_what_went_on_since_is_not_taken_back(place: Place) -> None:
    """A robot that moved the deal on after our move that nobody answered for is not undone."""
    deal = place.deal()
    errand = place.errand(ErrandKind.CRM_UPDATE, object=f"deal:{deal}", fields={"stageId": "PREPARATION"})
    await place.run(errand)
    item = place.portal.crm.get("deal", deal)
    assert item is not None
    place.portal.crm.update(item, {"stageId": "EXECUTING"}, None)
    await place.run(replace(errand, is_doubtful=True))
    assert "EXECUTING" == item.fields["stageId"]


@pytest.mark.parametrize("kind", ["deal", "lead"])
async def test_a_deal_is_made_once(place: Place, kind: str) -> None:
    """It carries our mark, and is found by it."""
    errand = place.errand(ErrandKind.CRM_ADD, type=kind, fields={"title": "From a request"})
    before = len(place.portal.crm.of(kind))  # type: ignore[arg-type]
    made = await place.lost(errand)
    items = place.portal.crm.of(kind)[before:]  # type: ignore[arg-type]
    assert [(made["object"], "smena", str(errand.id))] == [
        (f"{kind}:{each.id}", each.fields["originatorId"], each.fields["originId"]) for each in items
    ]


async def test_the_timeline_tells_it_once(place: Place) -> None:
    """The comment carries our mark; of strangers' words nothing is markup."""
    deal = place.deal()
    errand = place.errand(ErrandKind.TIMELINE_COMMENT, object=f"deal:{deal}", text="Approved [b]by[/b] Anna\n>>yes")
    await place.lost(errand)
    item = place.portal.crm.get("deal", deal)
    assert item is not None
    (comment,) = place.portal.crm.comments_of(item)
    assert "[b]" not in comment.text
    assert comment.text.replace("\u2060", "") == f"Approved [b]by[/b] Anna\n>>yes\n\n{mark_of(errand)}"


async def test_a_task_is_made_once(place: Place) -> None:
    """With whoever is responsible, the deadline, and the deal that it is about."""
    deal, before = place.deal(), len(place.portal.tasks.all())
    errand = place.errand(
        ErrandKind.TASK_ADD,
        title="Prepare  the contract",
        description="For [url=x]them[/url]",
        responsible=str(LIAM),
        deadline="2026-08-24T18:00:00+03:00",
        about=f"deal:{deal}",
    )
    made = await place.lost(errand)
    (task,) = place.portal.tasks.all()[before:]
    assert f"task:{task.id}" == made["object"]
    assert ("Prepare the contract", LIAM, [f"D_{deal}"]) == (task.title, task.responsible_id, task.crm)
    assert "[url=" not in task.description


async def test_a_task_is_completed_once(place: Place) -> None:
    """Its state is read first; what is so already is left."""
    task = place.task()
    await place.lost(place.errand(ErrandKind.TASK_COMPLETE, object=f"task:{task}"))
    found = place.portal.tasks.get(task)
    assert found is not None
    assert [5] == [each["to"] for each in found.changes if each["field"] == "status"]


async def test_a_result_is_approved_or_returned(place: Place) -> None:
    """A task that awaits control is approved, or goes back."""
    for kind, state in ((ErrandKind.TASK_APPROVE, 5), (ErrandKind.TASK_DISAPPROVE, 2)):
        found = place.portal.tasks.get(place.task(TASK_CONTROL="Y"))
        assert found is not None
        found.status = 4
        await place.lost(place.errand(kind, object=f"task:{found.id}"))
        assert state == found.status


async def test_a_task_is_changed(place: Place) -> None:
    """Fields by the portal's names; the same once more changes nothing."""
    task = place.task()
    await place.lost(place.errand(ErrandKind.TASK_UPDATE, object=f"task:{task}", fields={"TITLE": "Call back"}))
    found = place.portal.tasks.get(task)
    assert found is not None
    assert ("Call back", 1) == (found.title, len(found.changes))


@pytest.mark.parametrize("member", [True, False])
async def test_a_task_is_commented_on_once(place: Place, member: bool) -> None:
    """The comment is found in the task's chat; who was no member of it before is one since."""
    task = place.task(**({} if member else {"CREATED_BY": 3}))
    await place.lost(place.errand(ErrandKind.TASK_COMMENT, object=f"task:{task}", text="Approved"))
    found = place.portal.tasks.get(task)
    assert found is not None
    assert 1 == len(found.comments)


async def test_a_task_gets_one_result(place: Place) -> None:
    """Of one comment, whichever of the two answers is lost."""
    task = place.task()
    errand = place.errand(ErrandKind.TASK_RESULT, object=f"task:{task}", text="Decided")
    await place.lost(errand)
    place.ground.world.faults.order("bitrix24", "reset_after_write", method="tasks.task.result.addFromComment")
    await place.run(replace(errand, is_doubtful=True))
    found = place.portal.tasks.get(task)
    assert found is not None
    assert (1, 1) == (len(found.comments), len(found.results))


async def test_a_notification_takes_the_place_of_the_former(place: Place) -> None:
    """By its tag; with a link into the chat, and no markup of strangers."""
    errand = place.errand(ErrandKind.NOTIFY, account=str(LIAM))
    errand = replace(
        errand, account="", form={"account": str(LIAM), "text": "Done [b]now[/b]", "link": "Open the chat"}
    )
    await place.lost(errand)
    (notice,) = [body for _, body in place.portal.rows.all("notice")]
    assert (LIAM, "SYSTEM", f"SMENA|{errand.id}") == (notice["user_id"], notice["type"], notice["tag"])
    assert "[b]" not in notice["text"]
    assert "/online/?IM_DIALOG=77]Open the chat[/url]" in notice["text"]


async def test_a_process_is_begun_once(place: Place) -> None:
    """The one that runs since is found; where none is found, an administrator has to say."""
    deal = place.deal()
    errand = place.errand(ErrandKind.PROCESS_START, template=21, object=f"deal:{deal}", parameters={"who": "user_2"})
    await place.lost(errand)
    (process,) = [body for _, body in place.portal.rows.all("process")]
    assert (f"DEAL_{deal}", {"who": "user_2"}) == (process["DOCUMENT_ID"], process["PARAMETERS"])
    other = place.errand(ErrandKind.PROCESS_START, template=21, object=f"deal:{place.deal()}")
    assert ("not_certain", ErrandState.FAILED) == await place.refused(replace(other, is_doubtful=True))


@pytest.mark.parametrize(
    ("kind", "form", "refusal"),
    [
        (ErrandKind.CRM_UPDATE, {"object": "deal:1", "fields": {"stageId": "WON"}}, ("gone", ErrandState.LEFT)),
        (ErrandKind.CRM_UPDATE, {"object": "DEAL", "fields": {"stageId": "GONE"}}, ("stage_gone", ErrandState.FAILED)),
        (ErrandKind.CRM_UPDATE, {"object": "DEAL", "fields": {"color": 1}}, ("field_unknown", ErrandState.FAILED)),
        (
            ErrandKind.CRM_UPDATE,
            {"object": "DEAL", "fields": {"assignedById": 999}},
            ("value_refused", ErrandState.FAILED),
        ),
        (ErrandKind.CRM_UPDATE, {"object": "DEAL"}, ("nothing_to_do", ErrandState.FAILED)),
        (ErrandKind.CRM_UPDATE, {"object": "task:1", "fields": {"a": 1}}, ("no_object", ErrandState.FAILED)),
        (ErrandKind.TIMELINE_COMMENT, {"object": "lead:1", "text": "x"}, ("gone", ErrandState.LEFT)),
        (ErrandKind.TASK_COMPLETE, {"object": "task:1"}, ("gone", ErrandState.LEFT)),
        (ErrandKind.TASK_APPROVE, {"object": "TASK"}, ("no_right", ErrandState.FAILED)),
        (ErrandKind.TASK_ADD, {"title": "x", "responsible": "999"}, ("value_refused", ErrandState.FAILED)),
        (ErrandKind.PROCESS_START, {"template": 9, "object": "DEAL"}, ("no_process", ErrandState.FAILED)),
        (ErrandKind.NOTIFY, {"text": "x"}, ("nothing_to_do", ErrandState.FAILED)),
    ],
)
async def test_refusals(place: Place, kind: ErrandKind, form: dict[str, Any], refusal: Any) -> None:
    """Each is known by its reason, and tried no more."""
    objects = {"DEAL": f"deal:{place.deal()}", "TASK": f"task:{place.task()}"}
    form = {name: objects.get(value, value) if isinstance(value, str) else value for name, value in form.items()}
    assert refusal == await place.refused(place.errand(kind, **form))


@pytest.mark.parametrize(
    ("fault", "reason", "doubtful"),
    [
        ("down", "no_answer", True),
        ("html_500", "server", True),
        ("error_500", "server", True),
        ("rate_limit", None, False),
        ("expired_token", None, False),
    ],
)
async def test_troubles_that_pass(place: Place, fault: Any, reason: str | None, doubtful: bool) -> None:
    """It is tried again; what the client waits out or renews is no failure at all."""
    deal = place.deal()
    errand = place.errand(ErrandKind.CRM_UPDATE, object=f"deal:{deal}", fields={"stageId": "WON"})
    place.ground.world.faults.order("bitrix24", fault)
    if reason is None:
        assert {"object": f"deal:{deal}"} == await place.run(errand)
        return
    with pytest.raises(NotDone) as why:
        await place.run(errand)
    assert (reason, None, doubtful) == (why.value.reason, why.value.ends, why.value.is_doubtful)


async def test_somebodys_own_rights(place: Place) -> None:
    """An errand that names an account is done in that person's name."""
    deal = place.deal()
    await place.run(place.errand(ErrandKind.TIMELINE_COMMENT, str(LIAM), object=f"deal:{deal}", text="mine"))
    item = place.portal.crm.get("deal", deal)
    assert item is not None
    assert [LIAM] == [each.author_id for each in place.portal.crm.comments_of(item)]


async def test_a_portal_without_room(place: Place) -> None:
    """A try waits so long for it and no longer; it was not sent, so it counts as none and leaves no doubt."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    limiter = Limiter(drain=0.001, full=1000.0)
    for _ in range(60):
        await limiter.turn()
    assert limiter.errand_may()  # the share of errands is spent
    notes: list[Exchange] = []
    desk = ErrandDesk(
        "beta", Keys(place.ground), limiter, place.ground.session, place.ground.world.clock, sleep=sleep,
        note=notes.append,
    )  # fmt: skip
    with pytest.raises(NotDone) as later:
        await desk.run(place.errand(ErrandKind.CRM_ADD, type="deal", fields={"title": "Tea"}))
    why = later.value
    assert ("in_haste", None, False, False) == (why.reason, why.ends, why.counts, why.is_doubtful)
    assert why.retry_after is not None
    assert (PATIENCE, []) == (sum(slept), notes)


async def test_what_is_asked_is_noted(place: Place) -> None:
    """Each request of an errand stands in the log of requests, by its portal."""
    notes: list[Exchange] = []
    limiter = Limiter(drain=1000.0, full=1000.0)
    desk = ErrandDesk(
        "beta", Keys(place.ground), limiter, place.ground.session, place.ground.world.clock, note=notes.append
    )
    await desk.run(place.errand(ErrandKind.CRM_ADD, type="deal", fields={"title": "Tea"}))
    assert [("beta", "crm.item.add", 200)] == [(each.portal, each.method, each.status) for each in notes]


async def test_a_portal_that_refuses_for_haste(place: Place) -> None:
    """It is heard soon: a try that waits those out for long would end without knowing whether it was sent."""
    place.ground.world.faults.order("bitrix24", "rate_limit", count=MOST_REFUSALS)
    seconds = [1000.0]

    async def sleep(pause: float) -> None:
        seconds[0] += pause

    limiter = Limiter(monotonic=lambda: seconds[0], sleep=sleep)
    desk = ErrandDesk("beta", Keys(place.ground), limiter, place.ground.session, place.ground.world.clock)
    with pytest.raises(NotDone) as later:
        await desk.run(place.errand(ErrandKind.CRM_ADD, type="deal", fields={"title": "Tea"}))
    assert ("in_haste", False, False) == (later.value.reason, later.value.counts, later.value.is_doubtful)


class Substituted(Keys):
    """Keys of somebody for whom others stand in."""

    def __init__(self, ground: Ground, user_id: int, *others: int) -> None:
        """Name them."""
        super().__init__(ground, user_id)
        self._others = others

    async def stand_ins(self) -> list[str]:
        """Return them."""
        return [str(each) for each in self._others]


@pytest.mark.parametrize(
    ("stand_ins", "done"),
    [((EMMA,), True), ((LIAM, EMMA), False), ((), False)],
    ids=["one may", "next may not", "none"],
)
async def test_rights_that_a_stand_in_has(place: Place, stand_ins: tuple[int, ...], done: bool) -> None:
    """What whoever the application works as may not do is tried once as the next stand-in, who is named then."""
    task = place.task(TASK_CONTROL="Y")
    found = place.portal.tasks.get(task)
    assert found is not None
    found.status = 4
    place.desk = ErrandDesk(
        "beta", Substituted(place.ground, LIAM, *stand_ins), Limiter(drain=1000.0, full=1000.0),
        place.ground.session, place.ground.world.clock, personal=lambda account: Keys(place.ground, int(account)),
    )  # fmt: skip
    errand = place.errand(ErrandKind.TASK_APPROVE, object=f"task:{task}")
    if done:
        assert {"object": f"task:{task}", "by": str(EMMA)} == await place.run(errand)
        return
    assert ("no_right", ErrandState.FAILED) == await place.refused(errand)


async def test_a_bucket_that_others_keep_full(place: Place) -> None:
    """Who reads a whole portal leaves errands their share: none gives up, and most of the bucket is the other's."""
    seconds = [1000.0]

    async def sleep(pause: float) -> None:
        seconds[0] += pause
        while limiter.level < 39:
            await limiter.turn()
            others[0] += 1

    limiter, others = Limiter(monotonic=lambda: seconds[0], sleep=sleep), [0]
    for _ in range(38):
        await limiter.turn()
    desk = ErrandDesk("beta", Keys(place.ground), limiter, place.ground.session, place.ground.world.clock, sleep=sleep)
    began = seconds[0]
    for _ in range(10):
        await desk.run(place.errand(ErrandKind.CRM_ADD, type="deal", fields={"title": "Tea"}))
    took = seconds[0] - began
    assert (True, True) == (took <= 25, others[0] >= 20)
