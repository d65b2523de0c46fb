"""The control calls about portals: who has one, and what is done on its pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox import control_view as view
from bot.sandbox.control_http import Problem
from bot.sandbox.control_service import Service
from bot.sandbox.portal.emulator import PortalEmulator
from bot.sandbox.world import World


@dataclass(slots=True)
class PortalCalls:
    """The handlers of `/sandbox/api/portals...`."""

    world: World
    emulators: Mapping[str, PortalEmulator]
    service: Service

    async def portals(self, _request: web.Request) -> web.Response:
        """List the portals with their people."""
        return view.answer(
            [
                {
                    "key": portal.key,
                    "host": portal.host,
                    "name": portal.name,
                    "installed": portal.is_installed,
                    "people": [
                        view.person(each, await self.service.person_state(each.key))
                        for each in self.world.people
                        if each.portal == portal.key
                    ],
                }
                for portal in self.emulators.values()
            ]
        )

    def portal(self, request: web.Request) -> PortalEmulator:
        """Return the portal that the address names."""
        portal = self.emulators.get(request.match_info["portal"])
        if portal is None:
            raise Problem(404, "unknown_portal", "The portals are " + ", ".join(self.emulators) + ".")
        return portal
