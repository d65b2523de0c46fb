"""The control calls about portals: who has one, the application on it, and what its pages change about people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox import control_view as view
from bot.sandbox.control_http import Problem, read_fields, text_field
from bot.sandbox.control_service import Service
from bot.sandbox.portal.emulator import PortalEmulator
from bot.sandbox.portal.installer import CannotInstallError
from bot.sandbox.portal.staff import ACCESSIBILITIES, CalendarEntry
from bot.sandbox.waiting import until, until_told
from bot.sandbox.world import SandboxPerson, World

_SERVED_SECONDS = 30.0
_PAUSE = 0.1


@dataclass(slots=True)
class PortalCalls:
    """The handlers of `/sandbox/api/portals...`."""

    world: World
    emulators: Mapping[str, PortalEmulator]
    service: Service

    async def portals(self, _request: web.Request) -> web.Response:
        """List the portals with their people."""
        return view.answer([await self._shown(portal) for portal in self.emulators.values()])

    async def install(self, request: web.Request) -> web.Response:
        """Install the application as an administrator does, and answer when the service serves the portal."""
        portal = self.portal(request)
        fields = await read_fields(request, {"by"})
        by = self.colleague(portal, fields, "by")
        try:
            await portal.installer.install(by.bitrix24_user_id, by.locale)
        except CannotInstallError as problem:
            raise Problem(409, problem.code, problem.title) from None
        if self.service.is_served is not None:
            await until_told(partial(self.service.is_served, portal.key), _SERVED_SECONDS, _PAUSE)
        return view.answer(await self._shown(portal))

    async def uninstall(self, request: web.Request) -> web.Response:
        """Remove the application; with `clean` the administrator wants its data deleted."""
        portal = self.portal(request)
        fields = await read_fields(request, {"clean"})
        if portal.portal.installation is None:
            raise Problem(409, "not_installed", "The application is not installed on this portal.")
        portal.lifecycle.uninstall(clean=_flag(fields, "clean") is True)
        await self._told(portal)
        return view.answer({"ok": True})

    async def update(self, request: web.Request) -> web.Response:
        """Bring a new version of the application to the portal: handlers go, the application token is another."""
        portal = self.portal(request)
        if not portal.is_installed:
            raise Problem(409, "not_installed", "The application is not installed on this portal.")
        portal.lifecycle.update()
        await self._told(portal)
        return view.answer({"ok": True})

    async def events(self, request: web.Request) -> web.Response:
        """List the bound handlers."""
        return view.answer(
            [
                {
                    "event": each.event,
                    "handler": each.handler,
                    "auth_type": each.auth_type,
                    "offline": each.is_offline,
                }
                for each in self.portal(request).portal.app_events.bound()
            ]
        )

    async def change_person(self, request: web.Request) -> web.Response:
        """Dismiss somebody or take them on, move them to a department, give their department a head."""
        portal = self.portal(request)
        person = self._named(portal, request.match_info["person"])
        if person is None:
            raise Problem(404, "unknown_person", "Nobody of that key works there.")
        fields = await read_fields(request, {"active", "head", "department"})
        staff, user_id = portal.portal.staff, person.bitrix24_user_id
        head = self.colleague(portal, fields, "head") if fields.get("head") is not None else None
        department = None if fields.get("department") is None else self._department(portal, fields["department"])
        staff.change(user_id, is_active=_flag(fields, "active"), department=department)
        if "head" in fields:
            for each in portal.portal.accounts[user_id].departments:
                staff.set_head(each, head.bitrix24_user_id if head else None)
        self.world.changed.set()
        account = portal.portal.accounts[user_id]
        return view.answer({"key": person.key, "active": account.is_active, "departments": [*account.departments]})

    async def add_absence(self, request: web.Request) -> web.Response:
        """Enter days, or hours between two instants, into somebody's calendar: an absence, or what else is named."""
        portal = self.portal(request)
        fields = await read_fields(request, {"person", "from", "to", "accessibility", "name"})
        person = self.colleague(portal, fields, "person")
        entry = _entry(fields, person.bitrix24_user_id)
        if (entry.start or 0, entry.first) > (entry.end or 0, entry.last):
            raise Problem(400, "bad_field", '"from" must not lie after "to".')
        portal.portal.staff.enter(entry)
        return view.answer({"ok": True})

    async def clear_absences(self, request: web.Request) -> web.Response:
        """Take everything out of somebody's calendar."""
        portal = self.portal(request)
        person = self._named(portal, request.match_info["person"])
        if person is None:
            raise Problem(404, "unknown_person", "Nobody of that key works there.")
        portal.portal.staff.clear(person.bitrix24_user_id)
        return view.answer({"ok": True})

    async def frame(self, request: web.Request) -> web.StreamResponse:
        """Send the browser to the portal's page that has the application in a frame."""
        portal = self.portal(request)
        person = self._named(portal, request.match_info["person"])
        if person is None:
            raise Problem(404, "unknown_person", "Nobody of that key works there.")
        query = urlencode(
            {name: request.query[name] for name in ("placement", "options", "lang") if name in request.query}
        )
        raise web.HTTPFound(f"{portal.portal.address}/frame/{person.key}{'?' if query else ''}{query}")

    def portal(self, request: web.Request) -> PortalEmulator:
        """Return the portal that the address names."""
        portal = self.emulators.get(request.match_info["portal"])
        if portal is None:
            raise Problem(404, "unknown_portal", "The portals are " + ", ".join(self.emulators) + ".")
        return portal

    async def _shown(self, portal: PortalEmulator) -> dict[str, Any]:
        people = [
            view.person(each, await self.service.person_state(each.key))
            for each in self.world.people
            if each.portal == portal.key
        ]
        return {
            "key": portal.key,
            "host": portal.host,
            "name": portal.name,
            "installed": portal.is_installed,
            "people": people,
        }

    def _named(self, portal: PortalEmulator, key: str) -> SandboxPerson | None:
        person = self.world.person(key)
        return person if person is not None and person.portal == portal.key else None

    def colleague(self, portal: PortalEmulator, fields: dict[str, Any], name: str) -> SandboxPerson:
        """Return the person of the portal whom a field names."""
        person = self._named(portal, text_field(fields, name))
        if person is None:
            raise Problem(400, "bad_field", f'"{name}" must be the key of somebody who works there.')
        return person

    def _department(self, portal: PortalEmulator, wanted: Any) -> int:
        """Return the department of that number or name."""
        for each in portal.portal.departments.values():
            if wanted in (each.id, str(each.id), each.name) and not isinstance(wanted, bool):
                return each.id
        names = ", ".join(each.name for each in portal.portal.departments.values())
        raise Problem(400, "bad_field", f'"department" must be one of {names}.')

    async def _told(self, portal: PortalEmulator) -> None:
        """Wait a little until the service has heard what the portal sent."""
        await until(lambda: not portal.portal.callbacks.waiting, _SERVED_SECONDS, _PAUSE)


def _flag(fields: dict[str, Any], name: str) -> bool | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        raise Problem(400, "bad_field", f'"{name}" must be true or false.')
    return value


def _entry(fields: dict[str, Any], user_id: int) -> CalendarEntry:
    """Return what is to be entered; days such as 2026-07-14, or both instants with their offset."""
    accessibility = fields.get("accessibility", "absent")
    if accessibility not in ACCESSIBILITIES:
        raise Problem(400, "bad_field", f'"accessibility" must be one of {", ".join(ACCESSIBILITIES)}.')
    name = text_field(fields, "name") if "name" in fields else "Absence"
    start, end = _instant(fields, "from"), _instant(fields, "to")
    if start is None or end is None:
        return CalendarEntry(user_id, _day(fields, "from"), _day(fields, "to"), None, None, accessibility, name)
    seconds = (int(start.timestamp()), int(end.timestamp()))
    return CalendarEntry(user_id, start.date(), end.date(), *seconds, accessibility, name)


def _instant(fields: dict[str, Any], name: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text_field(fields, name))
    except ValueError:
        return None
    return read if read.tzinfo is not None else None


def _day(fields: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(text_field(fields, name))
    except ValueError:
        raise Problem(400, "bad_field", f'"{name}" must be a day such as 2026-07-14.') from None
