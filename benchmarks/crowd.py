"""A world of a thousand people of one portal, who have opened their chat with the bot before."""

from collections.abc import Sequence

from benchmarks.size import size
from bot.clock import MovableClock
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.world import SandboxPerson, World

COUNT = size(1_000, 5)
FIRST_TELEGRAM_ID = 700_001


def people() -> Sequence[SandboxPerson]:
    """Return the people: an administrator and 999 others."""
    return tuple(
        SandboxPerson(
            f"p{n}", "Сотрудник", f"№{n}", n, FIRST_TELEGRAM_ID + n, "ru", "Europe/Moscow", "Менеджер", (1,),
            is_portal_admin=n == 1, starts_linked=False,
        )
        for n in range(1, COUNT + 1)
    )  # fmt: skip


def world() -> World:
    """Return their world, in memory."""
    return World(MovableClock(), people=people())


def acquaint(portal: PortalEmulator, crowd: World) -> None:
    """Have everybody's chat with the bot be open already: their first greeting is long past."""
    memory = portal._portal.memory
    bot = memory.newest_bot()
    if bot is None:
        raise SystemExit("the service has not registered its bot")
    for person in crowd.people:
        memory.open_chat(bot.id, person.bitrix24_user_id).is_joined = True
