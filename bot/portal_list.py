"""The portals that an installation of Smena serves, a line each, for its operator."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.domain.installation import Installation, InstallationState
from bot.domain.portal import Portal
from bot.ports import Storage
from bot.ports.connections import HEARD

_NOT_KNOWN = "-"


def line_of(portal: Portal, installation: Installation | None, people: int, heard: datetime | None) -> Sequence[str]:
    """Return what is told of a portal: key, host, state of the application, people, when it was last heard of."""
    host = (urlsplit(installation.client_endpoint).hostname if installation else portal.key) or _NOT_KNOWN
    at = heard.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if heard else "never"
    return portal.key, host, _state(portal, installation), str(people), at


def _state(portal: Portal, installation: Installation | None) -> str:
    if installation is None:
        return "webhook" if portal.is_active else "asleep"
    if installation.state is InstallationState.TROUBLED and installation.trouble is not None:
        return f"troubled:{installation.trouble.value}"
    return installation.state.value


async def portal_lines(storage: Storage) -> list[str]:
    """Return a line a portal, by key, its columns aligned."""
    rows = []
    async with storage.unit_of_work() as uow:
        installed = {portal.id: installation for portal, installation in await uow.installations.all()}
        for portal in await uow.portals.all():
            people = await uow.employees.of_portal(portal.id)
            heard = await storage.vault.get(HEARD.format(key=portal.key))
            count = sum(not each.is_disabled for each in people)
            rows.append(line_of(portal, installed.get(portal.id), count, _instant(heard)))
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))] if rows else []
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _instant(kept: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(kept) if kept else None
    except ValueError:
        return None
