"""A time sheet from the command line: the file that a chat would send, of a whole portal unless told otherwise."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.dispatch.turn import Occasion
from bot.dispatch.undertaking import Undertaking
from bot.domain.errors import Refusal
from bot.domain.portal import Portal
from bot.i18n import Translator
from bot.ports import UnitOfWork
from bot.services.reports.sheets import Sheets
from bot.services.wiring import Services
from bot.sheets.book import Book, Format
from bot.sheets.render import File, render


class ExportError(Exception):
    """There is no file to make, for a reason that the operator can read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted: of a department, of a person, or of everybody; `portal` is a key, `locale` "" the portal's."""

    form: Format
    first: date
    last: date
    department: str = ""
    person: str = ""
    portal: str = ""
    locale: str = ""


async def export(undertaking: Undertaking, wanted: Wanted, now: datetime) -> File:
    """Make the file as of `now`; ExportError with one sentence where there is none."""

    async def work(services: Services) -> tuple[Book | None, Translator]:
        portal = await _portal(services.uow, wanted.portal)
        words = Translator(wanted.locale or portal.locale, portal.zone, now)
        sheets = services.get(Sheets)
        try:
            order = await sheets.order(
                portal, wanted.form, wanted.first, wanted.last, person=wanted.person, department=wanted.department
            )
        except Refusal as refusal:
            raise ExportError(Translator("en", portal.zone, now).plain(refusal.phrase)) from refusal
        people = await services.uow.employees.of_portal(portal.id)
        own = [each for each in people if order.person_id in (None, each.id)]
        return await sheets.book_of(portal, own, order, now, portal.zone), words

    book, words = await undertaking(work, Occasion(now))
    if book is None:
        raise ExportError(f"nothing was recorded from {wanted.first} to {wanted.last}")
    return render(book, wanted.form, words)


async def _portal(uow: UnitOfWork, key: str) -> Portal:
    """Return the portal of that key, or the only one."""
    known = await uow.portals.all()
    found = [each for each in known if key in ("", each.key)]
    if len(found) == 1:
        return found[0]
    keys = ", ".join(each.key for each in known)
    if key:
        raise ExportError(f"there is no portal {key}; there are: {keys}" if known else f"there is no portal {key}")
    raise ExportError(
        f"several portals are served, name one with --portal: {keys}" if known else "there is no portal yet"
    )
