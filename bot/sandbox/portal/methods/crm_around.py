"""What stands around deals, leads and elements: types, stages, pipelines, the history of stages, comments, triggers."""

import re
from typing import Any

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.crm.items import Comment, Item, StageMove
from bot.sandbox.portal.crm.pipelines import CATEGORIES, SMART, SMART_TITLE, SMART_TYPE, STAGES, TYPES, Kind, status_row
from bot.sandbox.portal.errors import RestError, access_denied
from bot.sandbox.portal.listing import page
from bot.sandbox.portal.methods.crm_items import insider, kind_of, not_found
from bot.sandbox.portal.params import Params, required_text
from bot.sandbox.portal.registry import Answer, method

_CODE = re.compile(r"[a-z0-9._-]+")


def statuses(_portal: Portal, params: Params) -> Answer:
    """List stages; every one comes at once."""
    answer = page([status_row(number, each) for number, each in enumerate(STAGES)], params, "SORT")
    return Answer(answer.result, answer.total)


def categories(_portal: Portal, params: Params) -> Answer:
    """List the pipelines; only deals have several, and leads none."""
    kind = kind_of(params)
    if kind not in CATEGORIES:
        raise RestError("ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported")
    rows = [
        {
            "id": each.id,
            "name": each.name,
            "sort": 100 * number,
            "entityTypeId": params.integer("entityTypeId"),
            "isDefault": "Y" if number == 1 else "N",
            "originId": "",
            "originatorId": "",
        }
        for number, each in enumerate(CATEGORIES[kind], 1)
    ]
    return Answer({"categories": rows}, len(rows))


def types(_portal: Portal, params: Params) -> Answer:
    """List the smart processes; there is one."""
    insider(params)
    return page([{"id": 7, "title": SMART_TITLE, "code": "", "entityTypeId": SMART_TYPE}], params, "id", "types")


def stage_history(portal: Portal, params: Params) -> Answer:
    """List how items went through stages."""
    insider(params)
    kind = kind_of(params)
    return page([_move(each) for each in portal.crm.moves if each.kind == kind], params, "ID", "items")


def _move(move: StageMove) -> dict[str, Any]:
    row = {
        "ID": move.id,
        "TYPE_ID": move.type_id,
        "OWNER_ID": move.owner_id,
        "CREATED_TIME": move.at,
    }
    if move.kind == "lead":
        return {**row, "STATUS_SEMANTIC_ID": move.semantic_id, "STATUS_ID": move.stage_id}
    return {
        **row,
        "CATEGORY_ID": move.category,
        "STAGE_SEMANTIC_ID": move.semantic_id,
        "STAGE_ID": move.stage_id,
    }


def _owner(portal: Portal, fields: Params) -> Item:
    """Return the item that a comment belongs to."""
    kinds: dict[str, Kind] = {"deal": "deal", "lead": "lead", SMART: SMART}
    kind = kinds.get(fields.text("ENTITY_TYPE").lower())
    item = portal.crm.get(kind, fields.integer("ENTITY_ID")) if kind else None
    if item is None:
        raise RestError("OWNER_NOT_FOUND", "Owner was not found")
    return item


def add_comment(portal: Portal, params: Params) -> Answer:
    """Write a comment."""
    by = insider(params)
    fields = params.mapping("fields", required=True)
    item = _owner(portal, fields)
    text = required_text(fields, "COMMENT", "INVALID_ARG_VALUE", "COMMENT is empty")
    return Answer(portal.crm.comment(item, text, by).id)


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "ID": str(comment.id),
        "ENTITY_ID": str(comment.owner_id),
        "ENTITY_TYPE": comment.kind,
        "CREATED": comment.at,
        "COMMENT": comment.text,
        "AUTHOR_ID": str(comment.author_id),
    }


def list_comments(portal: Portal, params: Params) -> Answer:
    """List comments; the filter names an item."""
    insider(params)
    wanted = params.mapping("filter")
    item = _owner(portal, wanted)
    return page([_comment(each) for each in portal.crm.comments_of(item)], params, "ID")


def _triggers(portal: Portal) -> dict[int, dict[str, str]]:
    return dict(portal.rows.all("trigger"))


def _administrator(params: Params) -> None:
    if not params.caller.account.is_admin:
        raise access_denied()


def add_trigger(portal: Portal, params: Params) -> Answer:
    """Make a trigger, or rename the one of that code."""
    _administrator(params)
    code = params.text("CODE", "")
    if not _CODE.fullmatch(code):
        raise RestError("", "Wrong trigger code")
    name = required_text(params, "NAME", "", "Empty trigger name!")
    known = next((row_id for row_id, each in _triggers(portal).items() if each["CODE"] == code), None)
    portal.rows.put("trigger", known or portal.rows.next_id("trigger"), {"CODE": code, "NAME": name})
    return Answer(result=True)


def list_triggers(portal: Portal, params: Params) -> Answer:
    """List the triggers."""
    _administrator(params)
    return Answer([*_triggers(portal).values()])


def _trigger(portal: Portal, params: Params) -> int:
    code = params.text("CODE")
    for row_id, each in _triggers(portal).items():
        if each["CODE"] == code:
            return row_id
    raise RestError("", "Trigger not found")


def delete_trigger(portal: Portal, params: Params) -> Answer:
    """Delete a trigger."""
    _administrator(params)
    portal.rows.drop("trigger", [_trigger(portal, params)])
    return Answer(result=True)


def execute_trigger(portal: Portal, params: Params) -> Answer:
    """Send a trigger: what follows is for whoever linked it to a stage; the item's history notes it."""
    _administrator(params)
    _trigger(portal, params)
    kind = TYPES.get(params.integer("OWNER_TYPE_ID"))
    item = portal.crm.get(kind, params.integer("OWNER_ID")) if kind else None
    if item is None:
        raise not_found()
    portal.crm.note_trigger(item, params.text("CODE"), params.caller.account.id)
    return Answer(result=True)


_CONTEXT = "ACCESS_DENIED"
METHODS = (
    method("crm.status.list", statuses, "filter order start", is_classic=True),
    method("crm.type.list", types, "select filter order start"),
    method("crm.category.list", categories, "entityTypeId"),
    method("crm.stagehistory.list", stage_history, "entityTypeId select filter order start"),
    method("crm.timeline.comment.add", add_comment, "fields", writes=True),
    method("crm.timeline.comment.list", list_comments, "select filter order start"),
    method(
        "crm.automation.trigger.add",
        add_trigger,
        "CODE NAME",
        writes=True,
        is_classic=True,
        application_only=_CONTEXT,
    ),
    method("crm.automation.trigger.list", list_triggers, application_only=_CONTEXT),
    method(
        "crm.automation.trigger.delete",
        delete_trigger,
        "CODE",
        writes=True,
        is_classic=True,
        application_only=_CONTEXT,
    ),
    method(
        "crm.automation.trigger.execute",
        execute_trigger,
        "CODE OWNER_TYPE_ID OWNER_ID",
        writes=True,
        is_classic=True,
        application_only=_CONTEXT,
    ),
)
