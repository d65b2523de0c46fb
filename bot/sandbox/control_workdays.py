"""The control calls about the portal's own working day."""

from dataclasses import dataclass

from aiohttp import web

from bot.sandbox import control_view as view
from bot.sandbox.control_http import Problem, instant_field, read_fields
from bot.sandbox.control_portals import PortalCalls
from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.roster import Account


@dataclass(slots=True)
class WorkdayCalls:
    """The handlers of `/sandbox/api/portals/{portal}/timeman/{person}`."""

    portals: PortalCalls

    async def do(self, request: web.Request) -> web.Response:
        """Somebody opens, pauses, reopens or closes their day on the portal's page, with a reason."""
        portal, account = self._account(request)
        fields = await read_fields(request, {"do", "at"})
        at = instant_field(fields, "at")
        timeman = portal.timeman
        try:
            match fields.get("do"):
                case "open" | "reopen":
                    day = timeman.open(account, at, "Sandbox")
                case "pause":
                    day = timeman.pause(account)
                case "close":
                    day = timeman.close(account, at, "Sandbox")
                case _:
                    raise Problem(400, "bad_field", '"do" must be open, pause, reopen or close.')
        except RestError as refused:
            raise Problem(409, refused.code.lower() or "refused", f"{refused.description}.") from None
        return view.answer(timeman.form(day))

    async def show(self, request: web.Request) -> web.Response:
        """Tell how somebody's day stands on the portal."""
        portal, account = self._account(request)
        return view.answer(portal.timeman.form(portal.timeman.last(account)))

    def _account(self, request: web.Request) -> tuple[Portal, Account]:
        portal = self.portals.portal(request)
        person = self.portals.world.person(request.match_info["person"])
        if person is None or person.portal != portal.key:
            raise Problem(404, "unknown_person", "Nobody of that key works there.")
        return portal.portal, portal.portal.accounts[person.bitrix24_user_id]
