"""Our robot and activity on portals: described as they are to be, whenever that changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.domain.approvals.told import titled
from bot.domain.automation.errand import Errand, ErrandKind
from bot.domain.installation import PROCESSES, Installation
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.ports import UnitOfWork
from bot.services.approvals.templates import Templates
from bot.services.messengers import Messengers
from bot.services.unit_service import UnitService

LANE: Final = "robots"
"""Where errands about them wait for one another; it is also what they come of."""
_LONGEST_TITLE: Final = 100


class Robots(UnitService):
    """Has the robot and the activity registered, with the templates that can be chosen in them."""

    def __init__(self, uow: UnitOfWork, templates: Templates, messengers: Messengers) -> None:
        """List `templates`; `messengers` know at which address we are reached."""
        super().__init__(uow)
        self._templates = templates
        self._messengers = messengers

    async def lacks_right(self, portal_id: int) -> bool:
        """Whether the application serves a portal, and was not given what business processes need."""
        found = await self._uow.installations.of(portal_id)
        return found is not None and found.is_served and PROCESSES not in found.scope

    async def keep(self, portal_id: int, now: datetime) -> bool:
        """Note that they are to be as they are described now; whether they can be."""
        portal, installation = await self._uow.portals.get(portal_id), await self._uow.installations.of(portal_id)
        site = self._messengers.site()
        if portal is None or installation is None or not self._can(installation) or not site:
            return False
        form = {"site": site, "templates": [list(each) for each in await self._choices(portal)]}
        # Each time anew: an update and a removal of the application drop robots, and what is told twice harms nobody.
        key = f"robots:{new_id()}"
        self._uow.errands.add(Errand(new_id(), portal_id, ErrandKind.PROCESS_ROBOTS, form, key, LANE, now, lane=LANE))
        return True

    async def follow(self, portal_id: int, now: datetime) -> None:
        """Have them registered anew where we are reached at another address than when they were last, or never were."""
        noted = await self._uow.errands.last_of_cause(portal_id, LANE)
        if noted is None or noted.form.get("site") != self._messengers.site():
            await self.keep(portal_id, now)

    def _can(self, installation: Installation) -> bool:
        return installation.is_served and PROCESSES in installation.scope

    async def _choices(self, portal: Portal) -> Sequence[tuple[str, str]]:
        """Return what can be chosen: keys and titles, in the portal's language."""
        on = await self._templates.on(portal)
        return [
            (each.key, titled(template.route.title, each.key, portal.locale)[:_LONGEST_TITLE]) for each, template in on
        ]
