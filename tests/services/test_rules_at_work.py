"""What follows from rules: requests in the name of who did it, errands under keys, once a move, and no circles."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.approvals.routed import RoutedRequest
from bot.domain.automation.change import Move, ObjectChange
from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.rule import Firing, RuleState, RuleVersion
from bot.domain.events import ObjectTold, RuleTroubled
from bot.ports import ListedDepartment
from bot.ports import Person as Listed
from bot.services.automation.rules import LOOP_MOST, Rules
from tests.automation.making import DEAL, cmp, form
from tests.dialogs.routes import HEAD, stage, template, with_template
from tests.people import MONDAY, REALM, Company

NOW = MONDAY
OLGA, SERGEY, ANNA = "1", "2", "3"
SUM = {"key": "amount", "title": {"ru": "Сумма"}, "type": "money", "required": True}
OF_DEAL = {"key": "deal", "title": {"ru": "Сделка"}, "type": "deal"}
WHO = {"key": "owner", "title": {"ru": "Кто"}, "type": "person"}
ASK = {
    "do": "approve",
    "template": "trip",
    "fields": {"deal": "{id}", "amount": "{opportunity}", "owner": "{assignedById}"},
}
CONTRACT = {"stageId": "CONTRACT", "opportunity": 400000.0, "title": "Coffee {id}", "assignedById": 2}


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """Olga (1) heads all and Sergey (2) the sales people, Anna (3); a template asks whoever heads the initiator."""
    made = await Company(tmp_path).open()
    departments = [ListedDepartment("1", "Ромашка", "", "1"), ListedDepartment("3", "Продажи", "1", "2")]
    people = [
        Listed("1", "Ольга", is_admin=True, departments=("1",)),
        Listed("2", "Сергей", heads=("1",), departments=("3",)),
        Listed("3", "Анна", heads=("2", "1"), departments=("3",)),
    ]
    await made.lists(REALM, people, departments)
    await with_template(made, {**template(stage("head", [HEAD])), "form": [SUM, OF_DEAL, WHO]})
    yield made
    await made.close()


async def ruled(company: Company, **changed: Any) -> None:
    """Have a rule on."""
    made = form(**{"do": [ASK], **changed})
    async with company.storage.unit_of_work() as uow:
        uow.rules.add(RuleVersion(company.portal.id, made["key"], 1, json.dumps(made), RuleState.ON, NOW))
        await uow.commit()


def moved(*stages: str, by: str = ANNA, **others: Any) -> ObjectChange:
    """Return the deal moved through these stages, a minute apart, from NEW."""
    moves = tuple(Move(each, NOW + timedelta(minutes=at)) for at, each in enumerate(stages))
    values: dict[str, Any] = {"before": {**CONTRACT, "stageId": "NEW"}, "after": {**CONTRACT, "stageId": stages[-1]}}
    values |= {
        "moves": moves,
        "ref": DEAL,
        "what": "changed",
        "at": NOW,
        "by": by,
        "authors": frozenset({by}),
        **others,
    }
    return ObjectChange(**values)


async def seen(company: Company, *changes: ObjectChange) -> list[Any]:
    """Let the rules know of changes, each in a unit of its own; return what was announced."""
    told: list[Any] = []
    for change in changes:
        async with company.storage.unit_of_work() as uow:
            portal = await uow.portals.get(company.portal.id)
            assert portal is not None
            await Rules(uow).happened(portal, change, NOW)
            told += [each for each in uow.events if isinstance(each, RuleTroubled | ObjectTold)]
            await uow.commit()
    return told


async def requests(company: Company) -> Sequence[RoutedRequest]:
    """Return the requests, newest first."""
    return await company.storage.unit_of_work().routed.of_portal(company.portal.id, 50)


async def errands(company: Company) -> Sequence[Errand]:
    """Return what is to be done on the portal, oldest first."""
    return list(reversed(await company.storage.unit_of_work().errands.waiting(company.portal.id)))


async def rules(company: Company) -> Sequence[RuleVersion]:
    """Return the rules as kept."""
    return await company.storage.unit_of_work().rules.of_portal(company.portal.id)


async def test_a_move_asks_for_approval(company: Company) -> None:
    """In the name of who moved it, of their head, with the form filled from the deal; its number and title are kept."""
    await ruled(company)
    await seen(company, moved("CONTRACT"))
    [request] = await requests(company)
    people = {
        each.name: each.id for each in await company.storage.unit_of_work().employees.of_portal(company.portal.id)
    }
    assert people["Анна"] == request.initiator_id
    assert (people["Сергей"],) == request.holders
    assert DEAL == request.about
    assert {
        "amount": 400000, "deal": "4711", "deal:title": "Coffee {id}", "owner": 2,
    } == request.running.subject  # fmt: skip


async def test_who_asks_where_nobody_known_moved_it(company: Company) -> None:
    """A robot moved it: whoever is responsible asks. Somebody unknown is responsible: nobody asks, and it is told."""
    await ruled(company)
    await seen(company, moved("CONTRACT", by="9001"))
    [request] = await requests(company)
    sergey = await company.storage.unit_of_work().employees.get(company.portal.id, request.initiator_id)
    assert sergey is not None
    assert "Сергей" == sergey.name
    unknown = {**CONTRACT, "assignedById": 9002, "title": "b"}
    told = await seen(company, moved("CONTRACT", by="9001", after=unknown, ref=ObjectRef("deal", 1)))
    assert [("contract", "nobody", False)] == [(each.key, each.trouble, each.is_off) for each in told]
    assert 1 == len(await requests(company))
    assert "nobody" == (await rules(company))[0].trouble


async def test_who_had_a_hand_in_it_decides_nothing(company: Company) -> None:
    """Sergey changed the sum of Anna's deal: his own head is asked instead of him."""
    await ruled(company)
    await seen(company, moved("CONTRACT", authors=frozenset({ANNA, SERGEY})))
    [request] = await requests(company)
    olga = await company.storage.unit_of_work().employees.get(company.portal.id, request.holders[0])
    assert olga is not None
    assert "Ольга" == olga.name


async def test_seen_again_follows_nothing(company: Company) -> None:
    """The same change, and a later look that tells the move once more."""
    await ruled(company, do=[{"do": "task", "title": "Call {title}", "deadline": "1wd"}])
    again = moved("CONTRACT", before={}, after={**CONTRACT, "title": "other"})
    await seen(company, moved("CONTRACT"), moved("CONTRACT"), again)
    [errand] = await errands(company)
    assert (ErrandKind.TASK_ADD, "deal:4711") == (errand.kind, errand.lane)
    assert errand.cause.startswith("rule:contract:deal:4711:CONTRACT@")
    assert {
        "title": "Call Coffee {id}", "responsible": SERGEY, "about": "deal:4711",
        "deadline": "2026-07-14T06:00:00+00:00",
    } == errand.form  # fmt: skip


async def test_each_move_counts(company: Company) -> None:
    """Back and forth between two looks: a task for each time that it came there, one request while it is open (E58)."""
    await ruled(company, do=[ASK, {"do": "task", "title": "Call"}])
    await seen(company, moved("CONTRACT", "NEW", "CONTRACT", "NEW", "CONTRACT"))
    assert 3 == len(await errands(company))
    assert 1 == len(await requests(company))
    assert ["", "same_is_open", "same_is_open"] == [
        each.outcome for each in await company.storage.unit_of_work().rules.fired(company.portal.id, str(DEAL), NOW)
    ]


async def test_our_own_writes_follow_nothing(company: Company) -> None:
    """What an errand of ours wrote starts no rule."""
    await ruled(company)
    assert [] == await seen(company, moved("CONTRACT", is_own=True))
    assert [] == await requests(company)


async def test_a_circle_is_stopped(company: Company) -> None:
    """A robot moves it back each time: the rule is switched off, and administrators are told which and why."""
    await ruled(company, do=[{"do": "task", "title": "Call"}])
    assert [] == await seen(company, moved(*["CONTRACT", "NEW"] * LOOP_MOST))  # by hand: one each two minutes
    first = len(await errands(company))
    circle = [Move("CONTRACT", NOW + timedelta(hours=5, seconds=each)) for each in range(LOOP_MOST + 5)]
    told = await seen(company, *(moved("CONTRACT", moves=(each,)) for each in circle))
    assert [("contract", "loop:deal:4711", True)] == [(e.key, e.trouble, e.is_off) for e in told]
    [version] = await rules(company)
    assert (RuleState.OFF, "loop:deal:4711") == (version.state, version.trouble)
    assert (LOOP_MOST, 2 * LOOP_MOST) == (first, len(await errands(company)))


async def test_a_field_that_is_gone_is_told_once(company: Company) -> None:
    """It is named, and once the field is there again all is well; nothing is lost of other rules."""
    await ruled(company, when=cmp("ufCrmScore", "ge", 10))
    await ruled(company, key="other", do=[{"do": "task", "title": "Call"}])
    told = await seen(company, moved("CONTRACT"), moved("NEW", "CONTRACT"))
    assert [("contract", "no_field:ufCrmScore")] == [(each.key, each.trouble) for each in told]
    assert 2 == len(await errands(company))
    await seen(company, moved("CONTRACT", after={**CONTRACT, "ufCrmScore": 1}, moves=()))
    assert ["", ""] == [each.trouble for each in await rules(company)]


async def test_a_template_that_is_off_is_told_once(company: Company) -> None:
    """What else the rule does is done all the same."""
    await ruled(company, do=[{**ASK, "template": "gone"}, {"do": "comment", "text": "{title}"}])
    told = await seen(company, moved("CONTRACT"), moved("NEW", "CONTRACT"))
    assert [("contract", "no_template:gone", False)] == [(e.key, e.trouble, e.is_off) for e in told]
    assert [ErrandKind.TIMELINE_COMMENT] * 2 == [each.kind for each in await errands(company)]


async def test_every_deed(company: Company) -> None:
    """Each becomes an errand in the object's lane, filled by value; a notification waits for no other."""
    await ruled(
        company,
        do=[
            {"do": "deal", "title": "Again {title}", "stage": "NEW", "fields": {"opportunity": "{opportunity}"}},
            {"do": "update", "fields": {"comments": "{title}", "opportunity": 5}},
            {"do": "stage", "stage": "WON"},
            {"do": "notify", "to": [{"by": "head_of", "of": "mover"}, {"by": "responsible"}], "text": "{title}"},
            {"do": "process", "template_id": 12, "parameters": {"sum": "{opportunity}"}},
        ],
    )
    await seen(company, moved("CONTRACT"))
    told = [(each.kind, dict(each.form)) for each in await errands(company)]
    assert [
        (ErrandKind.CRM_ADD, {"type": "deal", "fields": {
            "opportunity": 400000.0, "title": "Again Coffee {id}", "assignedById": 2, "stageId": "NEW"}}),
        (ErrandKind.CRM_UPDATE, {"object": "deal:4711", "fields": {"comments": "Coffee {id}", "opportunity": 5}}),
        (ErrandKind.CRM_UPDATE, {"object": "deal:4711", "fields": {"stageId": "WON"}}),
        (ErrandKind.NOTIFY, {"account": SERGEY, "text": "Coffee {id}", "object": "deal:4711"}),
        (ErrandKind.PROCESS_START, {"object": "deal:4711", "template": 12, "parameters": {"sum": 400000.0}}),
    ] == told  # fmt: skip


async def test_a_task_that_moves_tells_its_request(company: Company) -> None:
    """It stands in the record, and is announced once for each move."""
    task = ObjectRef("task", 88)
    await ruled(company, key="ask", object={"kind": "task"}, event="added", when=None, do=[ASK])
    await ruled(
        company, key="tell", object={"kind": "task"}, when=cmp("status", "changed"), do=[{"do": "tell_request"}]
    )
    values = {"title": "Visit", "status": "2", "responsibleId": "3", "opportunity": None, "assignedById": None}
    made = ObjectChange(task, "added", {}, values, NOW, by=ANNA)
    done = ObjectChange(task, "changed", values, {**values, "status": "5"}, NOW, by=ANNA)
    told = await seen(company, made, done)
    [request] = await requests(company)
    assert [(request.id, "5")] == [(each.request.id, each.stage) for each in told if isinstance(each, ObjectTold)][-1:]
    assert "object task:88 changed" in [each.what for each in request.record]


async def test_a_task_that_was_made_for_a_request_tells_it(company: Company) -> None:
    """Also where the request has ended: the task is of what was decided. Other errands tie nothing."""
    await ruled(company)
    await ruled(
        company, key="tell", object={"kind": "task"}, when=cmp("status", "changed"), do=[{"do": "tell_request"}]
    )
    await seen(company, moved("CONTRACT"))
    [request] = await requests(company)
    task, other = ObjectRef("task", 88), ObjectRef("task", 89)
    for ref, cause, kind in (
        (task, f"request:{request.id}", ErrandKind.TASK_ADD),
        (other, "rule:contract:deal:1:x", ErrandKind.TASK_ADD),
        (other, f"request:{request.id}", ErrandKind.TASK_COMMENT),
    ):
        errand = Errand(1, company.portal.id, kind, {}, "k", cause, NOW)
        async with company.storage.unit_of_work() as uow:
            Rules(uow).made(replace(errand, state=ErrandState.DONE, result={"object": str(ref)}))
            await uow.commit()
    values = {"title": "Visit", "status": "2", "responsibleId": "3"}
    for ref, told in ((task, [request.id]), (other, [])):
        done = ObjectChange(ref, "changed", values, {**values, "status": "5"}, NOW, by=ANNA)
        assert told == [each.request.id for each in await seen(company, done)]


async def test_what_is_watched(company: Company) -> None:
    """The fields that rules name, with those by which each is told, by family; nothing where no rule is on."""
    async with company.storage.unit_of_work() as uow:
        assert {} == (await Rules(uow).watched(company.portal.id)).families
    await ruled(company, when=cmp("ufCrmScore", "ge", 10))
    watched = await Rules(company.storage.unit_of_work()).watched(company.portal.id)
    assert {
        "deal": frozenset({"ufCrmScore", "opportunity", "assignedById", "stageId", "title"})
    } == watched.families  # fmt: skip


async def test_held_is_known(company: Company) -> None:
    """Each time that a rule held is kept with its version and the portal's instant."""
    await ruled(company)
    await seen(company, moved("CONTRACT"))
    [held] = await company.storage.unit_of_work().rules.latest(company.portal.id, "contract", 5)
    assert Firing(company.portal.id, "contract", "deal:4711", f"CONTRACT@{int(NOW.timestamp())}", NOW, 1) == held


async def test_a_rule_that_cannot_be_read_stops_no_other(company: Company) -> None:
    """It is passed over, and said to the operator; what the others need is still known, and follows."""
    await ruled(company)
    async with company.storage.unit_of_work() as uow:
        uow.rules.add(RuleVersion(company.portal.id, "old", 1, '{"schema": "automation.rule/0"}', RuleState.ON, NOW))
        await uow.commit()
    assert await Rules(company.storage.unit_of_work()).watched(company.portal.id)
    await seen(company, moved("CONTRACT"))
    assert 1 == len(await requests(company))
