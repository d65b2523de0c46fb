"""The control calls about what people do with deals, leads and tasks in the portal's own pages."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox import control_view as view
from bot.sandbox.control_http import Problem, read_fields
from bot.sandbox.control_portals import PortalCalls
from bot.sandbox.portal.crm.items import Crm, Item
from bot.sandbox.portal.crm.names import from_old, native
from bot.sandbox.portal.crm.pipelines import Kind
from bot.sandbox.portal.emulator import PortalEmulator
from bot.sandbox.portal.errors import RestError

_KINDS: dict[str, Kind] = {"deals": "deal", "leads": "lead"}


@dataclass(slots=True)
class ObjectCalls:
    """The handlers of `/sandbox/api/portals/{portal}/{deals|leads}`; `by` is a person, or nobody for a robot."""

    portals: PortalCalls

    async def add(self, request: web.Request) -> web.Response:
        """Make an object."""
        portal, kind = self.portals.portal(request), self._kind(request)
        fields = await read_fields(request, {"by", "fields"})
        try:
            made = portal.portal.crm.add(kind, self._fields(kind, fields), self._by(portal, fields))
        except RestError as refused:
            raise _refused(refused) from None
        return view.answer({"id": made.id})

    async def change(self, request: web.Request) -> web.Response:
        """Change an object."""
        portal, item = self._item(request)
        fields = await read_fields(request, {"by", "fields"})
        given = self._fields(item.kind, fields)
        try:
            portal.portal.crm.update(item, given, self._by(portal, fields))
        except RestError as refused:
            raise _refused(refused) from None
        return view.answer({"id": item.id})

    async def delete(self, request: web.Request) -> web.Response:
        """Delete an object."""
        portal, item = self._item(request)
        fields = await read_fields(request, {"by"}) if request.can_read_body else {}
        portal.portal.crm.delete(item, self._by(portal, fields))
        return view.answer({"ok": True})

    async def show(self, request: web.Request) -> web.Response:
        """Show an object with its comments and what was changed."""
        portal, item = self._item(request)
        crm: Crm = portal.portal.crm
        return view.answer(
            {
                "fields": native(item.fields),
                "comments": [
                    {"author": self._key(portal, each.author_id), "text": each.text} for each in crm.comments_of(item)
                ],
                "history": [
                    {
                        "field": each["field"],
                        "from": each["before"],
                        "to": each["after"],
                        "by": self._key(portal, each["by"]),
                    }
                    for each in item.changes
                ],
            }
        )

    def _kind(self, request: web.Request) -> Kind:
        kind = _KINDS.get(request.match_info["objects"])
        if kind is None:
            raise Problem(404, "unknown_call", "There is no such call, or not with this method.")
        return kind

    def _item(self, request: web.Request) -> tuple[PortalEmulator, Item]:
        portal = self.portals.portal(request)
        found = portal.portal.crm.get(self._kind(request), int(request.match_info["id"]))
        if found is None:
            raise Problem(404, "unknown_object", "The portal has no such object.")
        return portal, found

    def _fields(self, kind: Kind, fields: dict[str, Any]) -> dict[str, Any]:
        given = fields.get("fields") or {}
        if not isinstance(given, dict):
            raise Problem(400, "bad_field", '"fields" must be an object.')
        return from_old(kind, given)

    def _by(self, portal: PortalEmulator, fields: dict[str, Any]) -> int | None:
        if fields.get("by") is None:
            return None
        return self.portals.colleague(portal, fields, "by").bitrix24_user_id

    def _key(self, portal: PortalEmulator, user_id: int | None) -> str | None:
        person = portal.portal.person(user_id) if user_id else None
        return person.key if person else None


def _refused(refused: RestError) -> Problem:
    return Problem(409, refused.code.lower() or "refused", f"{refused.description}.")
