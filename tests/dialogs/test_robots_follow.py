"""Our robot on portals: described anew where we are reached elsewhere, and not because a service was started."""

from bot.domain.automation.errand import ErrandKind, ErrandState
from bot.services.automation.robots import Robots
from bot.services.wiring import Services
from tests.dialogs.test_native_tasks import allows
from tests.dialogs.test_processes_in_chat import ended, errands
from tests.dialogs.test_route_rows_outside import by_hand
from tests.people import Company, Person


async def test_a_start_registers_nothing_anew(company: Company, anna: Person) -> None:
    """Once for each address, however often the service starts."""
    await allows(company, anna)
    portal_id, now = company.portal.id, company.clock.now()

    async def start(services: Services) -> None:
        await services.get(Robots).follow(portal_id, now)

    company.messengers.site = lambda: "https://one.example"
    await by_hand(company, start)
    (errand,) = await errands(company, ErrandKind.PROCESS_ROBOTS)
    await ended(company, errand, ErrandState.DONE)
    await by_hand(company, start)
    assert [] == await errands(company, ErrandKind.PROCESS_ROBOTS)
    company.messengers.site = lambda: "https://other.example"
    await by_hand(company, start)
    (again,) = await errands(company, ErrandKind.PROCESS_ROBOTS)
    assert "https://other.example" == again.form["site"]
