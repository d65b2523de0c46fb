"""The two spellings of CRM fields: camelCase with native types, and UPPER_SNAKE with strings."""

import re
from typing import Any

from bot.sandbox.portal.crm.pipelines import Kind

_OLD: dict[str, str] = {
    "id": "ID",
    "title": "TITLE",
    "categoryId": "CATEGORY_ID",
    "stageId": "STAGE_ID",
    "previousStageId": "PREVIOUS_STAGE_ID",
    "stageSemanticId": "STAGE_SEMANTIC_ID",
    "opportunity": "OPPORTUNITY",
    "currencyId": "CURRENCY_ID",
    "assignedById": "ASSIGNED_BY_ID",
    "createdBy": "CREATED_BY_ID",
    "updatedBy": "MODIFY_BY_ID",
    "movedBy": "MOVED_BY_ID",
    "createdTime": "DATE_CREATE",
    "updatedTime": "DATE_MODIFY",
    "movedTime": "MOVED_TIME",
    "companyId": "COMPANY_ID",
    "contactId": "CONTACT_ID",
    "opened": "OPENED",
    "comments": "COMMENTS",
    "sourceId": "SOURCE_ID",
    "typeId": "TYPE_ID",
    "name": "NAME",
    "lastName": "LAST_NAME",
    "begindate": "BEGINDATE",
    "closedate": "CLOSEDATE",
    "originatorId": "ORIGINATOR_ID",
    "originId": "ORIGIN_ID",
    "xmlId": "XML_ID",
}
_LEAD = {"stageId": "STATUS_ID", "stageSemanticId": "STATUS_SEMANTIC_ID"}
_READ_ONLY = frozenset(
    {
        "id",
        "previousStageId",
        "stageSemanticId",
        "createdBy",
        "updatedBy",
        "movedBy",
        "createdTime",
        "updatedTime",
        "movedTime",
    }
)
_NUMBERS = frozenset({"id", "categoryId", "companyId", "contactId"})
_USERS = frozenset({"assignedById", "createdBy", "updatedBy", "movedBy"})
_CUSTOM = "UF_CRM_"


def old_name(kind: Kind, name: str) -> str:
    """Return the UPPER_SNAKE name of a field; a custom one has it already."""
    return (_LEAD.get(name) if kind == "lead" else None) or _OLD.get(name, name)


def from_old(kind: Kind, fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields by their camelCase names; an unknown name stays as it is."""
    names = {old_name(kind, name): name for name in _OLD}
    return {names.get(key.upper(), key): value for key, value in fields.items()}


def as_original(name: str) -> str | None:
    """Return a custom field's original name, whichever spelling it was given in; None for what is none."""
    if name.upper().startswith(_CUSTOM):
        return name.upper()
    if not name.startswith("ufCrm"):
        return None
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def camel(original: str) -> str:
    """Return a custom field's name as `crm.item.*` writes it."""
    first, *rest = original.lower().split("_")
    return first + "".join(f"_{part}" if part[:1].isdigit() else part.capitalize() for part in rest)


def native(fields: dict[str, Any], *, is_original: bool = False) -> dict[str, Any]:
    """Write an item as `crm.item.*` does."""
    written = {
        (camel(name) if name.startswith(_CUSTOM) and not is_original else name): value for name, value in fields.items()
    }
    contact = fields.get("contactId") or 0
    return {**written, "contactIds": [contact] if contact else []}


def flat(kind: Kind, fields: dict[str, Any]) -> dict[str, Any]:
    """Write an item as `crm.deal.*` and `crm.lead.*` do: every value a string."""
    written: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "observers" or (kind == "lead" and name == "categoryId"):
            continue
        text = value
        if name == "opportunity":
            text = f"{value:.2f}"
        elif value is not None and not isinstance(value, list | dict):
            text = str(value)
        written[old_name(kind, name)] = text
    return written


def described(kind: Kind, *, is_old: bool) -> dict[str, Any]:
    """Describe the fields."""
    fields: dict[str, Any] = {}
    for name in _OLD:
        if kind == "lead" and name == "categoryId":
            continue
        what = "string"
        if name in _NUMBERS:
            what = "integer"
        elif name in _USERS:
            what = "user"
        elif name == "opportunity":
            what = "double"
        elif name.endswith("Time"):
            what = "datetime"
        elif name == "stageId":
            what = "crm_status"
        fields[old_name(kind, name) if is_old else name] = {
            "type": what,
            "isRequired": False,
            "isReadOnly": name in _READ_ONLY,
            "isImmutable": False,
            "isMultiple": False,
            "isDynamic": False,
            "title": old_name(kind, name),
        }
    return fields
