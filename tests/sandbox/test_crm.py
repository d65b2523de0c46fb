"""The CRM: native types and old strings, stages and pipelines, events by the id alone, comments, triggers."""

from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.sandbox.companies import ROMASHKA
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.world import World
from tests.sandbox.desk import DEAL, LEAD, Desk, desk
from tests.sandbox.worlds import NOW

__all__ = ["desk"]


async def test_native_types(desk: Desk) -> None:
    """`crm.item.*` carries whole numbers and floats under camelCase names."""
    made = await desk.add(title="Supply", opportunity="1250.5", assignedById=3)
    got = (await desk("crm.item.get", entityTypeId=DEAL, id=made["id"])).result["item"]
    assert (made["id"], "Supply", 1250.5, 3, 0, "NEW", "P", "N", []) == tuple(
        got[name]
        for name in (
            "id",
            "title",
            "opportunity",
            "assignedById",
            "categoryId",
            "stageId",
            "stageSemanticId",
            "opened",
            "contactIds",
        )
    )


async def test_old_strings(desk: Desk) -> None:
    """`crm.deal.get` is flat and knows strings alone; a lead calls its stage STATUS_ID."""
    deal = await desk.add(title="Supply", opportunity=1250.5)
    old = (await desk("crm.deal.get", id=deal["id"])).result
    assert {
        "ID": str(deal["id"]),
        "OPPORTUNITY": "1250.50",
        "STAGE_ID": "NEW",
        "CATEGORY_ID": "0",
    }.items() <= old.items()
    assert all(isinstance(each, str) for each in old.values())
    lead = (await desk("crm.lead.add", fields={"TITLE": "A call", "STATUS_ID": "IN_PROCESS"})).result
    assert "IN_PROCESS" == (await desk("crm.lead.get", id=lead)).result["STATUS_ID"]
    assert (await desk("crm.deal.update", id=deal["id"], fields={"STAGE_ID": "WON"})).result is True
    assert "S" == (await desk("crm.deal.get", id=deal["id"])).result["STAGE_SEMANTIC_ID"]


@pytest.mark.parametrize(
    ("method", "params", "refusal"),
    [
        ("crm.item.get", {"entityTypeId": 2, "id": 1}, (400, "NOT_FOUND")),
        ("crm.item.get", {"entityTypeId": 99, "id": 1}, (400, "NOT_FOUND")),
        ("crm.item.get", {"entityTypeId": 2}, (400, "100")),
        ("crm.deal.get", {"id": 1}, (400, "")),
        (
            "crm.item.add",
            {"entityTypeId": 2, "fields": {"stageId": "C5:NEW"}},
            (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID"),
        ),
        ("crm.item.add", {"entityTypeId": 2, "fields": {"categoryId": 6}}, (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID")),
        ("crm.item.add", {"entityTypeId": 2, "fields": {"assignedById": 77}}, (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID")),
        (
            "crm.timeline.comment.add",
            {"fields": {"ENTITY_ID": 1, "ENTITY_TYPE": "deal", "COMMENT": "?"}},
            (400, "OWNER_NOT_FOUND"),
        ),
    ],
)
async def test_refusals(desk: Desk, method: str, params: dict[str, Any], refusal: tuple[int, str]) -> None:
    """What is missing or wrong has the real code, the older methods an empty one."""
    assert refusal == (await desk(method, **params)).refusal


async def test_a_stage_is_moved(desk: Desk) -> None:
    """The item tells who moved it, when, and from where; the history of stages has a line each."""
    deal = await desk.add()
    desk.token = desk.ground.pair(2)["access_token"]
    moved = (await desk.change(deal, stageId="EXECUTING")).result["item"]
    assert ("EXECUTING", "NEW", 2, 2, 1) == (
        moved["stageId"],
        moved["previousStageId"],
        moved["movedBy"],
        moved["updatedBy"],
        moved["createdBy"],
    )
    await desk.change(deal, stageId="LOSE")
    history = (await desk("crm.stagehistory.list", entityTypeId=DEAL, filter={"OWNER_ID": deal["id"]})).result["items"]
    assert [(1, "NEW"), (2, "EXECUTING"), (3, "LOSE")] == [(each["TYPE_ID"], each["STAGE_ID"]) for each in history]
    assert "F" == history[-1]["STAGE_SEMANTIC_ID"]


async def test_events_carry_the_id_alone(desk: Desk) -> None:
    """Also those of the application's own writes; nothing is told where nothing changed."""
    await desk.bind("ONCRMDEALADD", "ONCRMDEALUPDATE", "ONCRMDEALDELETE", "ONCRMLEADADD")
    deal = await desk.add(title="Supply")
    await desk.change(deal, title="Supply")
    await desk.change(deal, title="Another")
    await desk.add(LEAD)
    await desk("crm.item.delete", entityTypeId=DEAL, id=deal["id"])
    told = await desk.told(4)
    assert ["ONCRMDEALADD", "ONCRMDEALUPDATE", "ONCRMLEADADD", "ONCRMDEALDELETE"] == [event for event, _ in told]
    assert {"ID": str(deal["id"])} == told[0][1] == told[1][1] == told[3][1]


async def test_another_pipeline(desk: Desk) -> None:
    """A change of pipeline begins at its first stage and is the one event that tells more; a change of stage is not."""
    await desk.bind("ONCRMDEALMOVETOCATEGORY")
    deal = await desk.add()
    await desk.change(deal, stageId="EXECUTING")
    moved = (await desk.change(deal, categoryId=5)).result["item"]
    assert "C5:NEW" == moved["stageId"]
    assert [
        ("ONCRMDEALMOVETOCATEGORY", {"ID": str(deal["id"]), "CATEGORY_ID": "5", "STAGE_ID": "C5:NEW"})
    ] == await desk.told(1)


async def test_a_robot_has_no_tokens(desk: Desk) -> None:
    """Where no person acted, the event brings no tokens; where one did, theirs."""
    await desk.bind("ONCRMDEALADD")
    crm = desk.ground.beta.portal.crm
    crm.add("deal", {}, None)
    crm.add("deal", {}, 3)
    await desk.told(2)
    robot, person = (each["auth"] for each in desk.app.events[1:])
    assert "access_token" not in robot
    assert "3" == person["user_id"]
    assert "Sofia" == (await desk.ground.call(person["access_token"], "profile")).result["NAME"]


async def test_lists(desk: Desk) -> None:
    """Filters with prefixes and logic, order, selection, and pages of fifty."""
    made = [await desk.add(title=f"Deal {number}", opportunity=number * 100) for number in range(4)]
    for _ in range(48):
        desk.ground.beta.portal.crm.add("deal", {"title": "Many"}, 1)
    listed = await desk(
        "crm.item.list", entityTypeId=DEAL, filter={">=opportunity": 200}, order={"opportunity": "DESC"}
    )
    assert [made[3]["id"], made[2]["id"]] == [each["id"] for each in listed.result["items"]]
    either = {"logic": "OR", "0": {"title": "Deal 1"}, "1": {"%title": "deal 3"}}
    listed = await desk("crm.item.list", entityTypeId=DEAL, filter={"0": either}, select=["title"])
    assert [{"id": made[1]["id"], "title": "Deal 1"}, {"id": made[3]["id"], "title": "Deal 3"}] == listed.result[
        "items"
    ]
    first = await desk("crm.deal.list", select=["ID"])
    assert (50, 52, 50) == (len(first.result), first.body["total"], first.body["next"])
    last = await desk("crm.deal.list", select=["ID"], start=50)
    assert 2 == len(last.result)
    assert "next" not in last.body


async def test_custom_fields(desk: Desk) -> None:
    """A custom field has two spellings; either is taken."""
    deal = await desk.add(ufCrmApproval="yes", UF_CRM_1639="7")
    assert ("yes", "7") == (deal["ufCrmApproval"], deal["ufCrm_1639"])
    old = (await desk("crm.deal.get", id=deal["id"])).result
    assert ("yes", "7") == (old["UF_CRM_APPROVAL"], old["UF_CRM_1639"])
    original = await desk("crm.item.get", entityTypeId=DEAL, id=deal["id"], useOriginalUfNames="Y")
    assert "yes" == original.result["item"]["UF_CRM_APPROVAL"]


async def test_stages_and_pipelines(desk: Desk) -> None:
    """Stages by entity; the main pipeline has number 0."""
    stages = (await desk("crm.status.list", filter={"ENTITY_ID": "DEAL_STAGE"})).result
    assert ["NEW", "PREPARATION", "PREPAYMENT_INVOICE", "EXECUTING", "FINAL_INVOICE", "WON", "LOSE", "APOLOGY"] == [
        each["STATUS_ID"] for each in stages
    ]
    assert (None, "S", "success") == (stages[0]["SEMANTICS"], stages[5]["SEMANTICS"], stages[5]["EXTRA"]["SEMANTICS"])
    assert "C5:NEW" == (await desk("crm.status.list", filter={"ENTITY_ID": "DEAL_STAGE_5"})).result[0]["STATUS_ID"]
    categories = (await desk("crm.category.list", entityTypeId=DEAL)).result["categories"]
    assert [(0, "Y"), (5, "N")] == [(each["id"], each["isDefault"]) for each in categories]


async def test_elements_of_the_smart_process(desk: Desk) -> None:
    """Its type is listed, its pipeline and stages have names of their own, and its elements are items like others."""
    (kind,) = (await desk("crm.type.list")).result["types"]
    assert 180 == kind["entityTypeId"]
    ((pipeline, is_default),) = [
        (each["id"], each["isDefault"])
        for each in (await desk("crm.category.list", entityTypeId=180)).result["categories"]
    ]
    stages = (await desk("crm.status.list", filter={"ENTITY_ID": f"DYNAMIC_180_STAGE_{pipeline}"})).result
    assert ("Y", f"DT180_{pipeline}:NEW") == (is_default, stages[0]["STATUS_ID"])
    made = (await desk("crm.item.add", entityTypeId=180, fields={"title": "Rent"})).result["item"]
    assert (pipeline, stages[0]["STATUS_ID"]) == (made["categoryId"], made["stageId"])
    to = stages[-1]["STATUS_ID"]
    await desk("crm.item.update", entityTypeId=180, id=made["id"], fields={"stageId": to})
    got = (await desk("crm.item.get", entityTypeId=180, id=made["id"])).result["item"]
    assert (to, "F") == (got["stageId"], got["stageSemanticId"])
    history = (await desk("crm.stagehistory.list", entityTypeId=180, filter={"OWNER_ID": made["id"]})).result["items"]
    assert [stages[0]["STATUS_ID"], to] == [each["STAGE_ID"] for each in history]
    fields = {"ENTITY_ID": made["id"], "ENTITY_TYPE": "dynamic_180", "COMMENT": "Approved"}
    assert (await desk("crm.timeline.comment.add", fields=fields)).result
    assert not (await desk("crm.item.list", entityTypeId=DEAL)).result["items"]


async def test_comments(desk: Desk) -> None:
    """A comment in the timeline is the caller's."""
    deal = await desk.add()
    fields = {"ENTITY_ID": deal["id"], "ENTITY_TYPE": "deal", "COMMENT": "Approved"}
    made = (await desk("crm.timeline.comment.add", fields=fields)).result
    wanted = {"ENTITY_ID": deal["id"], "ENTITY_TYPE": "deal"}
    [listed] = (await desk("crm.timeline.comment.list", filter=wanted)).result
    assert (str(made), "Approved", "1") == (listed["ID"], listed["COMMENT"], listed["AUTHOR_ID"])


async def test_triggers(desk: Desk) -> None:
    """The same code renames; executing one says only that it was sent; an employee may not."""
    deal = await desk.add()
    for name in ("Approved", "Approved in chat"):
        assert (await desk("crm.automation.trigger.add", CODE="approved", NAME=name)).result is True
    assert [{"CODE": "approved", "NAME": "Approved in chat"}] == (await desk("crm.automation.trigger.list")).result
    executed = await desk("crm.automation.trigger.execute", CODE="approved", OWNER_TYPE_ID=2, OWNER_ID=deal["id"])
    assert executed.result is True
    assert "NEW" == (await desk("crm.item.get", entityTypeId=DEAL, id=deal["id"])).result["item"]["stageId"]
    assert (400, "") == (await desk("crm.automation.trigger.add", CODE="A b", NAME="?")).refusal
    desk.token = desk.ground.pair(3)["access_token"]
    assert (403, "ACCESS_DENIED") == (await desk("crm.automation.trigger.add", CODE="x", NAME="x")).refusal


@pytest.mark.parametrize("has_crm", [True, False])
async def test_a_webhook_without_the_scope(*, has_crm: bool) -> None:
    """The main portal's webhook has the scope; a world may be made where it has not."""
    scopes = tuple(each for each in ROMASHKA.webhook_scopes or () if has_crm or each != "crm")
    world = World(MovableClock(NOW), companies=[replace(ROMASHKA, webhook_scopes=scopes)])
    portal = PortalEmulator(world)
    await portal.start()
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(portal.webhook_url + "crm.deal.fields") as response,
        ):
            body = await response.json()
        assert has_crm == ("result" in body)
        assert has_crm or (403, "insufficient_scope") == (response.status, body["error"])
    finally:
        await portal.stop()
        world.close()
