"""A request's record: the approval sheet as a file, and its history in chat, for whom it concerns."""

import asyncio
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.approvals.routed import Entry, RoutedRequest
from bot.domain.people.employee import Employee
from bot.i18n import Translator
from bot.ids import long, short
from bot.messages import NO_BUTTONS, Attachment, Button, Keyboard, Reply, Say
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.records import Records
from bot.services.messengers import Messengers
from bot.sheets.words import date_text
from bot.text import Phrase, lines, t
from bot.words.approval_sheet import sheet_of
from bot.words.errands import following_lines
from bot.words.record import REFUSED, what_happened
from bot.words.routed import title
from handlers.approvals.routed import up_to_date
from handlers.cards.routed import RecordPressed, sheet_button

router = Router("routed record")
PAGE = 15
"""Lines of a history on a phone at once."""


@router.said("approval_sheet")
async def approval_sheet(turn: Turn, records: Records, courses: Courses, messengers: Messengers) -> Reply:
    """Send the approval sheet of the request of that number."""
    number = turn.understood.slots.get("request")
    if number is None:
        return turn.say(t("Of which request? Write it with its number, for example: “approval sheet 12”."))
    return await _sheet(turn, await records.numbered(turn.employee, int(str(number))), courses, messengers)


@router.said("request_history")
async def request_history(turn: Turn, records: Records, courses: Courses) -> Reply:
    """Tell what happened to the request of that number."""
    request = await records.numbered(turn.employee, int(str(turn.understood.slots["request"])))
    return await _history(turn, request, 0, courses)


@router.pressed(RecordPressed)
async def press_record(
    turn: Turn, press: RecordPressed, records: Records, courses: Courses, messengers: Messengers
) -> Reply:
    """Send the sheet, or turn the page of a history; whoever may not see it is told as of an unknown one."""
    number = long(press.request)
    if not 0 < number < 2**63 or not -1 <= press.place < 2**20:
        raise UnknownRequest
    request = await records.by_id(turn.employee, number)
    if press.place < 0:
        return await _sheet(turn, request, courses, messengers)
    return await _history(turn, request, press.place, courses)


# In chat


async def _history(turn: Turn, request: RoutedRequest, first: int, courses: Courses) -> Reply:
    standing = await up_to_date(turn, request, courses)
    request = standing.request
    told = [each for each in request.record if not each.what.startswith(REFUSED)]
    shown = told[first : first + PAGE]
    days = _by_day(shown, standing, turn.employee)
    more = len(told) - first - PAGE
    buttons = [sheet_button(request)]
    if more > 0:
        buttons.append(Button(t("Further"), RecordPressed(short(request.id), first + PAGE)))
    text = lines(
        t("*{what}*: history", what=title(standing, turn.employee.locale)),
        *days,
        *(following_lines(standing.errands, standing.structure) if more <= 0 else ()),
    )
    return Reply((Say(text, Keyboard.of(tuple(buttons))),))


def _by_day(shown: Sequence[Entry], standing: Standing, reader: Employee) -> Iterator[Phrase]:
    day, zone = "", ZoneInfo(reader.zone)
    for each in shown:
        local = each.at.astimezone(zone)
        if (text := date_text(local.date(), reader.locale)) != day:
            day = text
            yield t("_{day}_", day=day)
        yield t("{time} {what}", time=f"{local:%H:%M}", what=what_happened(each, standing, reader.locale))


# As a file


async def _sheet(turn: Turn, request: RoutedRequest, courses: Courses, messengers: Messengers) -> Reply:
    standing = await up_to_date(turn, request, courses)
    reader = turn.employee
    sheet = sheet_of(standing, reader, messengers)
    words = Translator(reader.locale, reader.zone, sheet.drawn_up)
    from bot.sheets.approval_pdf import approval_pdf  # noqa: PLC0415 - most turns make no file

    content = await asyncio.to_thread(approval_pdf, sheet, words)
    name = f"{words.plain(sheet.stem)}.pdf"
    caption = t("📄 *{what}*: approval sheet", what=title(standing, reader.locale))
    return Reply((Say(caption, NO_BUTTONS, file=Attachment(name, content, "document")),))
