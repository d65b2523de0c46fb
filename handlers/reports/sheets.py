"""Time sheets as files: for oneself, a person, a department or everybody; large ones are made after the answer."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.days import month_of
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.rights import Right, may
from bot.i18n import Translator
from bot.ids import long, short
from bot.messages import Attachment, Button, Keyboard, Reply, Say
from bot.ports import Job
from bot.services.reports.sheets import AT_ONCE, SEND_SHEET, Order, Sheets
from bot.sheets.book import Book, Format
from bot.sheets.render import render
from bot.sheets.t13_cells import worked_by_date
from bot.text import Duration, Period, Phrase, Value, t, tn
from bot.understanding import understand
from handlers.cards.wanted import DEPARTMENT, LONGEST, TEAM, check_press

router = Router("sheets")
_FILES: Final = frozenset(each.value for each in Format)
_SHEET_WORD = re.compile(r"\bтабел|\btime\s?-?sheet", re.IGNORECASE)
_EVERYBODY = re.compile(
    r"\b(?:все|всем|всех|(?:по )?всей компани|всю компани|everybody|everyone|(?:whole|entire) company)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SheetPressed(Action, code="sh"):
    """Send a file: days as ordinals; `whom` is "" for oneself, TEAM, a department's id, else a person's."""

    first: int
    last: int
    whom: str
    form: str

    def __post_init__(self) -> None:
        """Take no forged days, people or formats for ours."""
        check_press(self.first, self.last, self.whom)
        Format(self.form)


def sheet_buttons(reader: Employee, first: date, last: date, whom: str) -> tuple[Button, ...]:
    """Return the buttons under a report that send it as a file; whoever takes others' has Т-13 as well."""
    forms = (Format.XLSX, Format.PDF, *((Format.T13,) if may(reader, Right.MAKE_T13) else ()))
    return tuple(
        Button(_form_words(form), SheetPressed(first.toordinal(), last.toordinal(), whom, form.value)) for form in forms
    )


def wants_file(turn: Turn, slots: Mapping[str, object]) -> bool:
    """Whether the words ask for a file: by its format, or by the word for a time sheet."""
    form = slots.get("format")
    return form in _FILES or (form is None and "topic" not in slots and bool(_SHEET_WORD.search(turn.message.text)))


async def sheet_reply(turn: Turn, slots: Mapping[str, object], sheets: Sheets) -> Reply:
    """Answer understood words with a file."""
    form = Format(str(slots.get("format") or Format.XLSX))
    first, last = _days(turn, slots)
    named = {key: str(slots[key]) for key in ("person", "department") if key in slots}
    if _EVERYBODY.search(turn.message.text):
        named = {}
    elif not named and not _means_people(turn, slots, form):
        return await _send(turn, Order(form, first, last, person_id=turn.employee.id), sheets)
    return await _send(turn, await sheets.order(turn.portal, form, first, last, **named), sheets)


def _means_people(turn: Turn, slots: Mapping[str, object], form: Format) -> bool:
    """Whether the sheet of one's people is wanted: of whoever sees others', by “the time sheet” and not “my” one."""
    if slots.get("scope") == "team":
        return True
    is_sheet = form is Format.T13 or bool(_SHEET_WORD.search(turn.message.text))
    return may(turn.employee, Right.MAKE_SHEETS) and is_sheet and slots.get("scope") != "me"


@router.command("sheet", t("Time sheet as a file"), params=t("month, whose, format"))
async def sheet(turn: Turn, sheets: Sheets) -> Reply:
    """Send a time sheet as XLSX, CSV, PDF or form Т-13: `/sheet June sales department t-13`."""
    said = f"табель {turn.arguments}"
    meant = understand(said, locale=turn.employee.locale, zone=turn.zone, now=turn.now)
    if meant.intent != "report":
        return turn.say(t("Write for example: /sheet June, Sales department, t-13"))
    return await sheet_reply(turn, meant.slots, sheets)


@router.pressed(SheetPressed)
async def press_sheet(turn: Turn, press: SheetPressed, sheets: Sheets) -> Reply:
    """Send what is shown as a file."""
    order = Order(Format(press.form), date.fromordinal(press.first), date.fromordinal(press.last))
    if press.whom.startswith(DEPARTMENT):
        order = replace(order, department_id=long(press.whom.removeprefix(DEPARTMENT)))
    elif press.whom != TEAM:
        order = replace(order, person_id=long(press.whom) if press.whom else turn.employee.id)
    return await _send(turn, order, sheets)


@router.due(SEND_SHEET)
async def send_sheet(job: Job, sheets: Sheets, occasion: Occasion) -> Sequence[Notice]:
    """Make a large file and send it to where it was asked for."""
    reader, channel, order = await sheets.ordered(job)
    if reader is None or reader.is_disabled:
        return ()
    try:
        people = await sheets.people_for(reader, order)
    except Refusal as refusal:  # rights can change between the answer and the file
        return (Notice(reader, Say(refusal.phrase), where=channel),)
    say = await _file(reader, people, order, sheets, occasion.now)
    return (Notice(reader, say, where=channel),)


async def _send(turn: Turn, order: Order, sheets: Sheets) -> Reply:
    people = await sheets.people_for(turn.employee, order)
    if len(people) > AT_ONCE:
        sheets.later(turn.employee, turn.message.channel, order, turn.now)
        return turn.say(
            tn(
                "⏳ Preparing the sheet of {count} person. I will send it here in a minute.",
                "⏳ Preparing the sheet of {count} people. I will send it here in a minute.",
                len(people),
            )
        )
    return Reply((await _file(turn.employee, people, order, sheets, turn.now),))


async def _file(reader: Employee, people: Sequence[Employee], order: Order, sheets: Sheets, now: datetime) -> Say:
    """Return the message with the file, or a sentence where nothing was recorded."""
    book = await sheets.book(reader, people, order, now)
    if book is None:
        return Say(t("Nothing was recorded in {period}, so the sheet would be empty.", period=_period(order)))
    words = Translator(reader.locale, reader.zone, now)
    file = await asyncio.to_thread(render, book, order.form, words)
    buttons = sheet_buttons(reader, order.first, order.last, _whom(reader, order))
    others = tuple(each for each in buttons if each.text != _form_words(order.form))
    worked = await asyncio.to_thread(worked_by_date, book) if order.form is Format.T13 else book.worked
    return Say(
        _caption(reader, book, order, worked), Keyboard.of(others), file=Attachment(file.name, file.content, "document")
    )


def _caption(reader: Employee, book: Book, order: Order, worked: timedelta) -> Phrase:
    """Say whom the file shows and the hours in it, which in form Т-13 can be others than the chat's."""
    if order.person_id == reader.id:
        message = t("📄 *Your time sheet* for {period}: worked {worked}{revision}")
        if worked != book.worked:
            message = t("📄 *Your time sheet* for {period}: worked by calendar date {worked}{revision}")
        return replace(message, values=_values(book, order, worked))
    message = t("📄 *{subject}*, {period}: {people}, worked {worked}{revision}")
    if worked != book.worked:
        message = t("📄 *{subject}*, {period}: {people}, worked by calendar date {worked}{revision}")
    people = tn("{count} person", "{count} people", book.people)
    return replace(message, values={"subject": book.subject, "people": people, **_values(book, order, worked)})


def _values(book: Book, order: Order, worked: timedelta) -> dict[str, Value]:
    return {
        "period": _period(order),
        "worked": Duration(worked),
        "revision": t(", rev. {revision}", revision=book.revision) if book.revision > 1 else "",
    }


def _period(order: Order) -> Period:
    return Period(order.first, order.last)


def _whom(reader: Employee, order: Order) -> str:
    if order.department_id is not None:
        return f"{DEPARTMENT}{short(order.department_id)}"
    if order.person_id is None:
        return TEAM
    return "" if order.person_id == reader.id else short(order.person_id)


def _form_words(form: Format) -> Phrase:
    match form:
        case Format.XLSX:
            return t("📄 XLSX")
        case Format.CSV:
            return t("📄 CSV")
        case Format.PDF:
            return t("📄 PDF")
        case Format.T13:
            return t("📄 Т-13")


def _days(turn: Turn, slots: Mapping[str, object]) -> tuple[date, date]:
    first, last = slots.get("from_day"), slots.get("to_day")
    if isinstance(first, date) and isinstance(last, date) and first <= last:
        return first, min(last, first + LONGEST)
    return month_of(turn.today)
