"""`crm.item.*` for leads, deals and elements of the smart process, and the older `crm.deal.*` and `crm.lead.*`."""

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.crm.items import Item
from bot.sandbox.portal.crm.names import described, flat, from_old, native
from bot.sandbox.portal.crm.pipelines import TYPES, Kind
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.listing import page
from bot.sandbox.portal.params import Params
from bot.sandbox.portal.registry import Answer, Handle, Method, method


def kind_of(params: Params) -> Kind:
    """Return the kind that `entityTypeId` names."""
    kind = TYPES.get(params.integer("entityTypeId"))
    if kind is None:
        raise not_found()
    return kind


def not_found() -> RestError:
    """Refuse what is not there."""
    return RestError("NOT_FOUND", "The item is not found")


def insider(params: Params) -> int:
    """Return the caller; the CRM is for employees."""
    account = params.caller.account
    if account.type != "employee":
        raise RestError("allowed_only_intranet_user", "Allowed only for intranet users", 403)
    return account.id


def item_of(portal: Portal, params: Params) -> Item:
    """Return the item that the call names."""
    insider(params)
    found = portal.crm.get(kind_of(params), params.integer("id"))
    if found is None:
        raise not_found()
    return found


def _wants_original(params: Params) -> bool:
    return params.flag("useOriginalUfNames", default=False)


def get(portal: Portal, params: Params) -> Answer:
    """Return an item."""
    return Answer({"item": native(item_of(portal, params).fields, is_original=_wants_original(params))})


def list_items(portal: Portal, params: Params) -> Answer:
    """List items, 50 a page."""
    insider(params)
    original = _wants_original(params)
    rows = [native(each.fields, is_original=original) for each in portal.crm.of(kind_of(params))]
    return page(rows, params, "id", "items")


def add(portal: Portal, params: Params) -> Answer:
    """Make an item."""
    by = insider(params)
    item = portal.crm.add(kind_of(params), params.mapping("fields", required=True).values, by)
    return Answer({"item": native(item.fields, is_original=_wants_original(params))})


def update(portal: Portal, params: Params) -> Answer:
    """Change an item."""
    item = item_of(portal, params)
    portal.crm.update(item, params.mapping("fields", required=True).values, insider(params))
    return Answer({"item": native(item.fields, is_original=_wants_original(params))})


def delete(portal: Portal, params: Params) -> Answer:
    """Delete an item."""
    portal.crm.delete(item_of(portal, params), insider(params))
    return Answer([])


def fields(_portal: Portal, params: Params) -> Answer:
    """Describe the fields of a kind."""
    return Answer({"fields": described(kind_of(params), is_old=False)})


def _old(kind: Kind) -> tuple[Method, ...]:
    """Return the older methods of a kind; what is not there has an empty code."""

    def found(portal: Portal, params: Params) -> Item:
        insider(params)
        item = portal.crm.get(kind, params.integer("id"))
        if item is None:
            raise RestError("", "Not found")
        return item

    def get_old(portal: Portal, params: Params) -> Answer:
        return Answer(flat(kind, found(portal, params).fields))

    def list_old(portal: Portal, params: Params) -> Answer:
        insider(params)
        return page([flat(kind, each.fields) for each in portal.crm.of(kind)], params, "ID")

    def add_old(portal: Portal, params: Params) -> Answer:
        given = from_old(kind, params.mapping("fields", required=True).values)
        return Answer(portal.crm.add(kind, given, insider(params)).id)

    def update_old(portal: Portal, params: Params) -> Answer:
        given = from_old(kind, params.mapping("fields", required=True).values)
        portal.crm.update(found(portal, params), given, insider(params))
        return Answer(result=True)

    def delete_old(portal: Portal, params: Params) -> Answer:
        portal.crm.delete(found(portal, params), insider(params))
        return Answer(result=True)

    def fields_old(_portal: Portal, _params: Params) -> Answer:
        return Answer(described(kind, is_old=True))

    made: tuple[tuple[str, Handle, str, bool], ...] = (
        ("get", get_old, "id", False),
        ("list", list_old, "select filter order start", False),
        ("add", add_old, "fields params", True),
        ("update", update_old, "id fields params", True),
        ("delete", delete_old, "id", True),
        ("fields", fields_old, "", False),
    )
    return tuple(
        method(f"crm.{kind}.{name}", handle, params, writes=writes, is_classic=True)
        for name, handle, params, writes in made
    )


_NEW: tuple[tuple[str, Handle, str, bool], ...] = (
    ("get", get, "entityTypeId id useOriginalUfNames", False),
    ("list", list_items, "entityTypeId select filter order start useOriginalUfNames", False),
    ("add", add, "entityTypeId fields useOriginalUfNames", True),
    ("update", update, "entityTypeId id fields useOriginalUfNames", True),
    ("delete", delete, "entityTypeId id", True),
    ("fields", fields, "entityTypeId useOriginalUfNames", False),
)
METHODS = (
    *(method(f"crm.item.{name}", handle, params, writes=writes) for name, handle, params, writes in _NEW),
    *_old("deal"),
    *_old("lead"),
)
