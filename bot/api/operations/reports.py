"""Time sheets as files: ordered, and made anew from the hours of the moment whenever they are fetched."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.api.operation import Answer, Call, Operation, number_of
from bot.api.problems import NOT_FOUND, own
from bot.api.schemas.periods import NewReport, Report, ReportForm
from bot.domain.errors import LeadsOnly, NotAllowed, NotYourPeople
from bot.domain.people.api_key import Scope
from bot.domain.periods.period import NothingRecorded, PeriodTooLong
from bot.i18n import Translator
from bot.services.reports.sheets import Order, Sheets
from bot.sheets.book import Format
from bot.sheets.render import render

_LIVES = timedelta(days=1)
_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.T13: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv",
    Format.PDF: "application/pdf",
}
_BOUND = "report"
_LONGEST = 366
_REFUSES = (NotAllowed, LeadsOnly, NotYourPeople, PeriodTooLong)

ORDER = Operation(
    "POST", "/reports", Scope.REPORTS, answers=Report, body=NewReport, status=201, is_heavy=True, refuses=_REFUSES
)


@ORDER.run
async def order_report(call: Call, body: NewReport, sheets: Sheets) -> Answer:
    """Order a time sheet as a file; it is fetched where Location says, for a day."""
    if not 0 <= (body.last - body.first).days < _LONGEST:
        raise PeriodTooLong
    person = None if body.person_id is None else number_of(body.person_id)
    department = None if body.department_id is None else number_of(body.department_id)
    order = Order(Format(body.form.value), body.first, body.last, person, department)
    await sheets.people_for(call.person, order)
    until = call.now.replace(microsecond=0) + _LIVES
    report = _sealed(call, order, until)
    return Answer(_form(report, order, until), location=f"/api/v1/reports/{report}")


REPORT = Operation("GET", "/reports/{report}", Scope.REPORTS, answers=Report, refuses=(NOT_FOUND,))


@REPORT.run
async def get_report(call: Call) -> Report:
    """Show an order of a file."""
    order, until = _opened(call)
    return _form(call.path["report"], order, until)


FILE = Operation(
    "GET",
    "/reports/{report}/file",
    Scope.REPORTS,
    is_heavy=True,
    file_type="application/octet-stream",
    refuses=(*_REFUSES, NOT_FOUND, NothingRecorded),
)


@FILE.run
async def get_report_file(call: Call, sheets: Sheets) -> Answer:
    """Give the file that was ordered, of the hours as they are now, under the rights of now."""
    order, _ = _opened(call)
    people = await sheets.people_for(call.person, order)
    book = await sheets.book(call.person, people, order, call.now)
    if book is None:
        raise NothingRecorded(order.first, order.last)
    words = Translator(call.locale, call.person.zone, call.now)
    file = await asyncio.to_thread(render, book, order.form, words)
    name = f"{order.form.value}-{order.first}-{order.last}.{file.name.rsplit('.', 1)[-1]}"
    return Answer(content=file.content, content_type=_TYPES[order.form], file_name=name)


def _sealed(call: Call, order: Order, until: datetime) -> str:
    if call.cursors is None:
        raise TypeError(_BOUND)
    key = [*order.to_json().values(), int(until.timestamp())]
    return call.cursors.make([*call.reader.bound, _BOUND], key)


def _opened(call: Call) -> tuple[Order, datetime]:
    """Return an order by its id, which is good for who ordered it alone, and for a day."""
    key = None if call.cursors is None else call.cursors.read([*call.reader.bound, _BOUND], call.path["report"])
    if key is None:
        raise own(NOT_FOUND)
    *values, until = key
    if call.now.timestamp() >= until:
        raise own(NOT_FOUND)
    names = ("form", "first", "last", "person_id", "department_id")
    return Order.from_json(dict(zip(names, values, strict=True))), datetime.fromtimestamp(until, UTC)


def _form(report: str, order: Order, until: datetime) -> Report:
    return Report(
        id=report,
        form=ReportForm(order.form.value),
        first=order.first,
        last=order.last,
        state="ready",
        until=until.astimezone(UTC),
    )


OPERATIONS = (ORDER, REPORT, FILE)
