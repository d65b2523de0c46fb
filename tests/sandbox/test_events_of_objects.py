"""From what people do on a portal to what follows from it: told, told twice, out of order, or not at all."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.automation.rule import RuleState
from tests.automation.making import cmp, form
from tests.people import MONDAY
from tests.sandbox.conftest import Beta

TELL = {"do": "notify", "to": [{"by": "field", "path": "assignedById"}], "text": "{title}"}
DEALS, LEADS, TASKS = (
    {f"ON{name}{does}" for does in ("ADD", "UPDATE", "DELETE")} for name in ("CRMDEAL", "CRMLEAD", "TASK")
)
ALWAYS = {"ONAPPUPDATE", "ONAPPUNINSTALL", "ONUSERADD"}


MOVED = form(when=cmp("stageId", "eq", "EXECUTING"), do=[TELL])


async def test_what_is_needed_is_bound_and_no_more(beta: Beta) -> None:
    """Rules that come and go change it; an update, which takes all handlers away, does not."""
    assert ALWAYS == await beta.bound()
    of_leads = form(key="leads", object={"kind": "lead"}, event="added", when=None, do=[TELL])
    of_tasks = form(key="tasks", object={"kind": "task"}, when=cmp("status", "eq", "5"), do=[TELL])
    await beta.rules(MOVED, of_leads, of_tasks)
    assert ALWAYS | DEALS | LEADS | TASKS == await beta.bound()
    await beta.rules(of_leads, of_tasks, state=RuleState.OFF)
    assert ALWAYS | DEALS == await beta.bound()
    await beta.call("POST", "portals/beta/update")
    await beta.rests()
    assert ALWAYS | DEALS == await beta.bound()


async def test_every_move_counts(beta: Beta) -> None:
    """To a stage, away and there again, by a person and by a robot: twice; what is not a move does not count."""
    await beta.rules(MOVED)
    deal = await beta.does("POST", "deals", title="Boxes", opportunity=100)
    for stage in ("PREPARATION", "EXECUTING", "NEW"):
        await beta.does("PATCH", f"deals/{deal}", "liam", stageId=stage)
    await beta.rests()
    assert [(f"deal:{deal}", "")] == await beta.held()
    await beta.does("PATCH", f"deals/{deal}", None, stageId="EXECUTING")
    await beta.rests()
    await beta.does("PATCH", f"deals/{deal}", title="More boxes")
    await beta.rests()
    assert [(f"deal:{deal}", "")] * 2 == await beta.held()


async def test_what_was_before_the_rule(beta: Beta) -> None:
    """A deal that had come there before is none of its business, whatever else changes in it."""
    deal = await beta.does("POST", "deals", title="Boxes", stageId="EXECUTING")
    await beta.rules(MOVED)
    await beta.does("PATCH", f"deals/{deal}", title="More boxes")
    await beta.rests()
    assert [] == await beta.held()
    await beta.does("PATCH", f"deals/{deal}", stageId="NEW")
    await beta.does("PATCH", f"deals/{deal}", stageId="EXECUTING")
    await beta.rests()
    assert [(f"deal:{deal}", "")] == await beta.held()


@pytest.mark.parametrize("fault", ["duplicate_events", "reorder_events"])
async def test_twice_or_out_of_order(beta: Beta, fault: str) -> None:
    """Each move counts once all the same."""
    await beta.rules(MOVED)
    await beta.call("POST", "faults", channel="bitrix24", portal="beta", fault=fault, seconds=3600)
    deals = [await beta.does("POST", "deals", title=f"Boxes {each}") for each in range(3)]
    for deal in deals:
        await beta.does("PATCH", f"deals/{deal}", stageId="EXECUTING")
    await beta.rests()
    assert sorted((f"deal:{deal}", "") for deal in deals) == sorted(await beta.held())


async def test_what_was_lost_is_found(beta: Beta) -> None:
    """E61: after five minutes, by what changed since: new ones, moves of one that was known; tasks and leads too."""
    of_leads = form(key="leads", object={"kind": "lead"}, event="added", when=None, do=[TELL])
    told_of_task = {**TELL, "to": [{"by": "field", "path": "responsibleId"}]}
    of_tasks = form(key="tasks", object={"kind": "task"}, when=cmp("status", "eq", "5"), do=[told_of_task])
    await beta.rules(MOVED, of_leads, of_tasks)
    deal = await beta.does("POST", "deals", title="Boxes")
    task = await beta.does("POST", "tasks", TITLE="Pack", RESPONSIBLE_ID=2)
    await beta.rests()
    await beta.call("POST", "faults", channel="bitrix24", portal="beta", fault="events_lost", seconds=3600)
    await beta.does("PATCH", f"deals/{deal}", stageId="EXECUTING")
    await beta.does("PATCH", f"deals/{deal}", stageId="PREPARATION")
    other = await beta.does("POST", "deals", title="Bags", stageId="EXECUTING")
    lead = await beta.does("POST", "leads", title="Somebody")
    await beta.does("PATCH", f"tasks/{task}", STATUS="5")
    await beta.rests()
    assert [] == await beta.held()
    await beta.call("PUT", "clock", now=(MONDAY + timedelta(minutes=6)).isoformat())
    await beta.rests()
    assert [(f"deal:{deal}", ""), (f"deal:{other}", "")] == sorted(await beta.held())
    assert ([(f"lead:{lead}", "")], [(f"task:{task}", "")]) == (await beta.held("leads"), await beta.held("tasks"))
    await beta.call("PUT", "clock", now=(MONDAY + timedelta(minutes=12)).isoformat())
    await beta.rests()
    assert 2 == len(await beta.held())


@pytest.fixture
async def held_back(beta: Beta) -> AsyncIterator[asyncio.Event]:
    """Have a rule, and nobody look after the portal until this is set, as if whoever does were busy with it."""
    let_go = asyncio.Event()
    (lookout,) = beta.playground.service.lookouts
    key = beta.playground.portals["beta"].member_id
    await beta.rules(MOVED)
    lookout._busy[key] = asyncio.create_task(let_go.wait())
    lookout._busy[key].add_done_callback(lambda _: lookout._busy.pop(key))
    yield let_go
    let_go.set()


async def test_a_flood_is_read_in_batches(beta: Beta, held_back: asyncio.Event) -> None:
    """A hundred changes of twenty deals that wait: each is read once, and the history of all is asked for at once."""
    before = await beta.calls("crm.stagehistory.list")
    deals = [await beta.does("POST", "deals", title=f"Boxes {each}") for each in range(20)]
    for stage in ("PREPARATION", "EXECUTING", "NEW", "EXECUTING"):
        await asyncio.gather(*(beta.does("PATCH", f"deals/{deal}", stageId=stage) for deal in deals))
    hints = beta.playground.service.storage.hints
    async with asyncio.timeout(30):
        while beta.playground.portals.undelivered() or (beta.portal.id, 20) not in (await hints.waiting()).values():
            await asyncio.sleep(0.05)
    held_back.set()
    await beta.rests()
    assert {f"deal:{deal}": 2 for deal in deals} == Counter(ref for ref, _ in await beta.held())
    counted = await beta.calls("crm.item.get", "crm.stagehistory.list")
    reads = Counter[str]()
    for what, count in counted.items():
        if what.startswith("crm.item.get"):  # in a batch by its query, alone by its number
            reads[(re.search(r"(?:[ &]id=|get )(\d+)", what) or [what, what])[1]] += count
    assert {str(deal): 1 for deal in deals} == reads
    pages = counted["crm.stagehistory.list"] - before["crm.stagehistory.list"]
    assert 2 == pages  # a hundred lines, of which the portal gives fifty at a time


async def test_what_we_wrote_ourselves(beta: Beta) -> None:
    """A stage that a rule moved a deal to has no rule follow; when somebody brings it there later, it does."""
    mover = form(key="mover", when=cmp("stageId", "eq", "PREPARATION"), do=[{"do": "stage", "stage": "EXECUTING"}])
    await beta.rules(MOVED, mover)
    deal = await beta.does("POST", "deals", title="Boxes")
    await beta.does("PATCH", f"deals/{deal}", "liam", stageId="PREPARATION")

    async def stage() -> str:
        return str((await beta.call("GET", f"portals/beta/deals/{deal}"))["fields"]["stageId"])

    async with asyncio.timeout(30):
        while await stage() != "EXECUTING":
            await asyncio.sleep(0.1)
    await asyncio.sleep(0.3)
    await beta.rests()
    assert ([(f"deal:{deal}", "")], []) == (await beta.held("mover"), await beta.held())
    await beta.does("PATCH", f"deals/{deal}", "liam", stageId="NEW")
    await beta.does("PATCH", f"deals/{deal}", "liam", stageId="EXECUTING")
    await beta.rests()
    assert [(f"deal:{deal}", "")] == await beta.held()


async def test_elements_of_a_smart_process(beta: Beta) -> None:
    """Their moves count as those of deals do; the portal tells of that process alone."""
    approval = form(
        key="agreed", object={"kind": "smart_process", "type_id": 180},
        when=cmp("stageId", "eq", "DT180_12:PREPARATION"), do=[TELL],
    )  # fmt: skip
    await beta.rules(approval)
    assert ALWAYS | {f"ONCRMDYNAMICITEM{does}_180" for does in ("ADD", "UPDATE", "DELETE")} == await beta.bound()
    element = await beta.does("POST", "elements", title="Rent")
    for stage in ("PREPARATION", "NEW", "PREPARATION"):
        await beta.does("PATCH", f"elements/{element}", "liam", stageId=f"DT180_12:{stage}")
    await beta.rests()
    assert [(f"smart_process:180:{element}", "")] * 2 == await beta.held("agreed")


async def test_one_that_is_gone(beta: Beta) -> None:
    """Deleted before it is read, or later: told once where it was known, and no line of trouble."""
    gone = form(key="gone", event="deleted", when=None, do=[TELL])
    await beta.rules(gone)
    known = await beta.does("POST", "deals", title="Boxes")
    await beta.rests()
    await beta.does("DELETE", f"deals/{known}")
    unknown = await beta.does("POST", "deals", title="Bags")
    await beta.does("DELETE", f"deals/{unknown}")
    await beta.rests()
    assert [f"deal:{known}"] == [ref for ref, _ in await beta.held("gone")]


async def test_a_portal_in_trouble(beta: Beta) -> None:
    """What waits while it is away is looked at when it is back; meanwhile the other portal works."""
    await beta.rules(MOVED)
    deal = await beta.does("POST", "deals", title="Boxes")
    await beta.rests()
    await beta.call("POST", "faults", channel="bitrix24", portal="beta", fault="down", seconds=2)
    await beta.does("PATCH", f"deals/{deal}", stageId="EXECUTING")
    said = await beta.call("POST", "bitrix24/anna/messages", text="пришла")
    assert said["id"]
    async with asyncio.timeout(30):
        while not await beta.held():
            await asyncio.sleep(0.2)
    assert [(f"deal:{deal}", "")] == await beta.held()


async def test_after_a_removal_nothing_is_kept(beta: Beta) -> None:
    """What happened until it comes back nobody told; it begins anew from there."""
    await beta.rules(MOVED)
    deal = await beta.does("POST", "deals", title="Boxes")
    await beta.rests()
    await beta.call("POST", "portals/beta/uninstall", clean=False)
    await beta.does("PATCH", f"deals/{deal}", stageId="EXECUTING")
    await beta.call("POST", "portals/beta/install", by="emma")
    await beta.rests()
    assert [] == await beta.held()
    assert ALWAYS | DEALS == await beta.bound()
    await beta.does("PATCH", f"deals/{deal}", stageId="NEW")
    await beta.does("PATCH", f"deals/{deal}", stageId="EXECUTING")
    await beta.rests()
    assert [(f"deal:{deal}", "")] == await beta.held()
