"""The control calls about what people do with deals, leads, elements and tasks in the portal's own pages."""

import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox import control_view as view
from bot.sandbox.control_http import Problem, read_fields
from bot.sandbox.control_portals import PortalCalls
from bot.sandbox.portal.crm.items import Crm, Item
from bot.sandbox.portal.crm.names import from_old, native
from bot.sandbox.portal.crm.pipelines import SMART, Kind
from bot.sandbox.portal.emulator import PortalEmulator
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.methods.tasks import form as task_form
from bot.sandbox.portal.tasks import Task

_STATUSES = {"2": "renew", "3": "start", "5": "complete", "6": "defer"}
_KINDS: dict[str, Kind] = {"deals": "deal", "leads": "lead", "elements": SMART}


@dataclass(slots=True)
class ObjectCalls:
    """The handlers of `/sandbox/api/portals/{portal}/{deals|leads|elements|tasks}`.

    `by` is a person, or nobody for a robot.
    """

    portals: PortalCalls

    async def add(self, request: web.Request) -> web.Response:
        """Make an object."""
        portal = self.portals.portal(request)
        fields = await read_fields(request, {"by", "fields"})
        if _is_task(request):
            return await self._task(portal, None, fields)
        kind = self._kind(request)
        try:
            made = portal.portal.crm.add(kind, self._fields(kind, fields), self._by(portal, fields))
        except RestError as refused:
            raise _refused(refused) from None
        return view.answer({"id": made.id})

    async def change(self, request: web.Request) -> web.Response:
        """Change an object."""
        if _is_task(request):
            portal, task = self._found_task(request)
            return await self._task(portal, task, await read_fields(request, {"by", "fields"}))
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
        fields = await read_fields(request, {"by"}) if request.can_read_body else {}
        if _is_task(request):
            portal, task = self._found_task(request)
            portal.portal.tasks.delete(task, self._by(portal, fields))
            return view.answer({"ok": True})
        portal, item = self._item(request)
        portal.portal.crm.delete(item, self._by(portal, fields))
        return view.answer({"ok": True})

    async def show(self, request: web.Request) -> web.Response:
        """Show an object with its comments and what was changed."""
        if _is_task(request):
            return self._shown_task(*self._found_task(request))
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

    async def _task(self, portal: PortalEmulator, task: Task | None, fields: dict[str, Any]) -> web.Response:
        """Make a task, or change one; a `STATUS` is an action of whoever does it."""
        given = fields.get("fields") or {}
        if not isinstance(given, dict):
            raise Problem(400, "bad_field", '"fields" must be an object.')
        given = {_upper(name): value for name, value in given.items()}
        by = self._by(portal, fields)
        try:
            if task is None:
                task = portal.portal.tasks.add(given, by)
            else:
                status = given.pop("STATUS", None)
                portal.portal.tasks.update(task, given, by)
                action = _STATUSES.get(str(status)) if status is not None else None
                if status is not None and (action is None or by is None):
                    raise Problem(400, "bad_field", '"STATUS" must be 2, 3, 5 or 6, and "by" who sets it.')
                if action is not None and by is not None:
                    portal.portal.tasks.act(task, action, portal.portal.accounts[by])
        except RestError as refused:
            raise _refused(refused) from None
        return view.answer({"id": task.id})

    def _found_task(self, request: web.Request) -> tuple[PortalEmulator, Task]:
        portal = self.portals.portal(request)
        task = portal.portal.tasks.get(int(request.match_info["id"]))
        if task is None:
            raise Problem(404, "unknown_object", "The portal has no such object.")
        return portal, task

    def _shown_task(self, portal: PortalEmulator, task: Task) -> web.Response:
        return view.answer(
            {
                "fields": task_form(portal.portal, task, portal.portal.owner),
                "comments": [
                    {"author": self._key(portal, each["author"]), "text": each["text"]} for each in task.comments
                ],
                "history": [{**each, "by": self._key(portal, each["by"])} for each in task.changes],
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


def _is_task(request: web.Request) -> bool:
    return request.match_info["objects"] == "tasks"


def _upper(name: str) -> str:
    """Return the name that tasks are written by, from either spelling."""
    return name if name.isupper() else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def _refused(refused: RestError) -> Problem:
    return Problem(409, refused.code.lower() or "refused", f"{refused.description}.")
