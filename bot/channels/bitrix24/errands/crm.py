"""Deals, leads and elements of smart processes: made, and changed.

Looked for by what they are: a change by the fields as they stand, what was made by our mark in the fields that the
portal has for whom it came from (`originatorId`, `originId`; of smart processes `xmlId`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.channels.bitrix24.errands.forms import entity_of, fields_of
from bot.channels.bitrix24.errands.refusals import gone, not_done, refused
from bot.channels.bitrix24.errands.registry import Performer, Result, performs
from bot.channels.bitrix24.errands.site import Site
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.values import instant, items, mapping, number, text
from bot.domain.automation.errand import Errand, ErrandKind
from bot.domain.automation.portal_object import ObjectRef

ORIGINATOR: Final = "smena"
_TYPES: Final = {"lead": 1, "deal": 2}
_VALUES: Final = frozenset({"CRM_FIELD_ERROR_VALUE_NOT_VALID", "INVALID_ARG_VALUE"})


async def item_of(site: Site, entity_type: int, item_id: int) -> Mapping[str, Any]:
    """Return an item as it stands; NotDone where it is gone."""
    answer = await site.read("crm.item.get", {"entityTypeId": entity_type, "id": item_id})
    found = mapping(mapping(answer.result).get("item"))
    if number(found.get("id")) != item_id:
        raise gone()
    return found


@performs(ErrandKind.CRM_UPDATE)
class UpdateItem(Performer):
    """Changes fields and stage: `object`, `fields` by their camelCase names."""

    async def look(self, site: Site, errand: Errand) -> Result | None:
        """Return the item where it is as it was to become, or has been so and went on."""
        ref, entity_type = entity_of(errand)
        item = await item_of(site, entity_type, ref.number)
        is_done = all(_is_so(item, name, wanted, errand.created_at) for name, wanted in fields_of(errand).items())
        return {"object": str(ref)} if is_done else None

    async def do(self, site: Site, errand: Errand) -> Result:
        """Change it; a field that the portal does not know is named as such."""
        ref, entity_type = entity_of(errand)
        fields = fields_of(errand)
        if not fields:
            raise refused("nothing_to_do")
        try:
            answer = await site.ask(
                "crm.item.update", {"entityTypeId": entity_type, "id": ref.number, "fields": fields}
            )
        except RestError as error:
            await _explain(site, error, entity_type, ref.number, fields)
            raise not_done(error) from None
        item = mapping(mapping(answer.result).get("item"))
        if item and any(name not in item for name in fields):
            raise refused("field_unknown")
        return {"object": str(ref)}


async def _explain(site: Site, error: RestError, entity_type: int, item_id: int, fields: Mapping[str, Any]) -> None:
    """Raise what a refusal of values is about, where that can be found out."""
    if error.code == "HTTP_400" and "stageId" in fields:
        raise refused("no_right_to_stage")  # the portal says that by an empty code
    if error.code not in _VALUES:
        return
    if "stageId" in fields:
        item = await item_of(site, entity_type, item_id)
        category = fields.get("categoryId", item.get("categoryId"))
        if not await _has_stage(site, entity_type, number(category), text(fields["stageId"])):
            raise refused("stage_gone")


async def _has_stage(site: Site, entity_type: int, category: int, stage: str) -> bool:
    group = "STATUS" if entity_type == _TYPES["lead"] else "DEAL_STAGE"
    if entity_type == _TYPES["deal"] and category:
        group = f"DEAL_STAGE_{category}"
    elif entity_type > 100:
        group = f"DYNAMIC_{entity_type}_STAGE_{category}"
    answer = await site.read("crm.status.list", {"filter": {"ENTITY_ID": group}, "order": {"SORT": "ASC"}})
    return any(text(mapping(each).get("STATUS_ID")) == stage for each in items(answer.result))


def _is_so(item: Mapping[str, Any], name: str, wanted: Any, since: datetime) -> bool:
    if _same(item.get(name), wanted):
        return True
    moved = instant(item.get("movedTime"))
    was_there = name == "stageId" and text(item.get("previousStageId")) == text(wanted)
    return was_there and moved is not None and moved >= since.replace(microsecond=0)


def _same(have: Any, wanted: Any) -> bool:
    """Whether two values are one, however the portal writes it."""
    if isinstance(wanted, list | tuple):
        return sorted(map(_written, items(have))) == sorted(map(_written, wanted))
    return _written(have) == _written(wanted)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "Y" if value else "N"
    if value is None:
        return ""
    try:
        return f"{float(value):.4f}"
    except (TypeError, ValueError):
        return str(value).strip()


@performs(ErrandKind.CRM_ADD)
class AddItem(Performer):
    """Makes a deal, a lead or an element: `type` (`deal`, `lead`, `smart_process:171`) and `fields`."""

    async def look(self, site: Site, errand: Errand) -> Result | None:
        """Return the item that carries our mark."""
        kind, entity_type = _type_of(errand)
        params = {"entityTypeId": entity_type, "select": ["id"], "filter": _marks(entity_type, errand)}
        answer = await site.read("crm.item.list", params)
        found = [number(mapping(each).get("id")) for each in items(mapping(answer.result).get("items"))]
        return _made(kind, entity_type, min(found)) if found else None

    async def do(self, site: Site, errand: Errand) -> Result:
        """Make it, with our mark."""
        kind, entity_type = _type_of(errand)
        fields = {**fields_of(errand), **_marks(entity_type, errand)}
        answer = await site.call("crm.item.add", {"entityTypeId": entity_type, "fields": fields})
        made = number(mapping(mapping(answer.result).get("item")).get("id"))
        if not made:
            raise refused("refused")
        return _made(kind, entity_type, made)


def _type_of(errand: Errand) -> tuple[str, int]:
    kind, _, type_id = str(errand.form.get("type", "")).partition(":")
    entity_type = _TYPES.get(kind) or (number(type_id) if kind == "smart_process" else 0)
    if not entity_type:
        raise refused("no_object")
    return kind, entity_type


def _made(kind: str, entity_type: int, item_id: int) -> Result:
    type_id = entity_type if kind == "smart_process" else 0
    return {"object": str(ObjectRef(kind, item_id, type_id))}  # type: ignore[arg-type]


def _marks(entity_type: int, errand: Errand) -> dict[str, str]:
    if entity_type > 100:
        return {"xmlId": f"{ORIGINATOR}-{errand.id}"}
    return {"originatorId": ORIGINATOR, "originId": str(errand.id)}
