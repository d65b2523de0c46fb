"""How a request on a route looks on a phone: what, by whom, where it stands, what others said, and what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions import Action
from bot.domain.approvals.course import tally
from bot.domain.approvals.files import RequestFile
from bot.domain.approvals.ready import GROUPS
from bot.domain.approvals.route import ApprovalTemplate, FormField
from bot.domain.approvals.routed import Entry, RoutedRequest
from bot.domain.approvals.stage import Stage, Track
from bot.domain.approvals.told import Names, Telling, titled
from bot.domain.people.employee import Employee, Identity
from bot.ids import long, short
from bot.messages import NO_BUTTONS, Button, Keyboard
from bot.services.approvals.courses import Standing
from bot.services.approvals.seals import Seals
from bot.services.approvals.structure import PortalStructure
from bot.text import Day, DayTime, Duration, Lines, Mention, Phrase, Time, lines, t, tn, verbatim
from handlers.approvals.file_words import attached_lines, file_words

SLOT = "routed"
MOST_ANSWERS = 4
MOST_NAMES = 3
LONGEST = 120


@dataclass(frozen=True, slots=True)
class RoutedPressed(Action, code="ar1"):
    """A button of whoever is asked: which seat, what, which round, and the seal.

    a approve, r reject, b send back, n send back without a word, q ask, c comment, d hand over, u take back
    """

    seat: str
    what: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True)
class RoutedOwnPressed(Action, code="ao1"):
    """A button of whoever began it: w withdraw, s send again as it is, c say something to those who are asked."""

    request: str
    what: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True)
class RoutedFilesPressed(Action, code="af1"):
    """Send the files of a request, from the one at that place on."""

    request: str
    place: int
    seal: str


@dataclass(frozen=True, slots=True)
class RoutedChangePressed(Action, code="ao2"):
    """Whoever began it changes its fields before it is sent again."""

    request: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True)
class RoutedAgainPressed(Action, code="ao3"):
    """Whoever asked for what has ended asks for it again, as a new request."""

    request: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True)
class RecordPressed(Action, code="ar4"):
    """The approval sheet (place -1), or the history from a line on."""

    request: str
    place: int

    def __post_init__(self) -> None:
        """Take no forged words for a request."""
        long(self.request)


def slot_of(request_id: int) -> str:
    """Return the slot of a request's card in a conversation."""
    return f"{SLOT}:{request_id}"


def request_of(slot: str) -> int | None:
    """Return the request whose card stands in a slot, if it is one of ours."""
    prefix, _, number = slot.partition(":")
    return int(number) if prefix == SLOT and number.isdigit() else None


def mention(person: Employee | None) -> Mention | Phrase:
    """Return a person as a link where the reader's messenger knows them."""
    return t("somebody") if person is None else Mention(person.name, person.accounts)


def title(standing: Standing, locale: str) -> Phrase:
    """Return the number and the title in a reader's language."""
    what = titled(standing.template.route.title, standing.request.template, locale)
    return t("No. {number} {what}", number=standing.request.number, what=what)


def card(standing: Standing, reader: Employee) -> Lines:
    """Return what a reader's card says."""
    initiator = standing.somebody(standing.request.initiator_id)
    return lines(
        t("📝 *{what}* – {person}", what=title(standing, reader.locale), person=mention(initiator)),
        t("🔁 Asked again after No. {number}", number=after) if (after := standing.again_after) else None,
        *field_lines(
            standing.template,
            standing.running.subject,
            standing.structure,
            reader.locale,
            standing.request.present_files,
        ),
        *_where(standing, reader),
        *_said(standing),
        *outcome_lines(standing, reader),
    )


def field_lines(
    template: ApprovalTemplate,
    subject: Mapping[str, Any],
    structure: PortalStructure,
    locale: str,
    files: Sequence[RequestFile] = (),
) -> list[Phrase]:
    """Return a line for each field that was filled in, and for each file beside them."""
    sent = {each.field: each for each in files}
    told = []
    for field in template.form:
        value = subject.get(field.key)
        if value is not None and value != "":
            name = titled(field.title, field.key, locale)
            is_sent = field.type == "file" and field.key in sent
            words = file_words(sent[field.key]) if is_sent else shown(field, value, structure)
            told.append(t("{field}: {value}", field=name, value=words))
    return [*told, *attached_lines(files)]


def shown(field: FormField, value: Any, structure: PortalStructure | None) -> Phrase | Day | Mention:
    """Return a value as people read it."""
    match field.type:
        case "date":
            return Day(date.fromisoformat(value))
        case "person":
            found = None if structure is None else structure.employee(value)
            return t("somebody") if found is None else Mention(found.name, found.accounts)
        case "number" | "money":
            return verbatim(f"{value:,}".replace(",", "\N{NO-BREAK SPACE}"))
        case _:
            text = str(value)
            return verbatim(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def _where(standing: Standing, reader: Employee) -> list[Phrase]:
    stage = standing.stage
    if standing.running.status == "rework":
        told = [t("↩️ *Sent back*: it can be changed and sent again.")]
    elif stage is None:
        return []
    else:
        number, count = standing.place
        told = [_stage_line(stage, number, count, reader.locale)]
        counted = tally(standing.running)
        is_one = len(stage.tracks) == 1 and sum(counted[stage.tracks[0].id]) == 1
        for track in () if is_one else stage.tracks:
            told.append(_tally(standing, stage, track, counted[track.id], reader.locale))
    if standing.settles_at is not None:
        within = timedelta(seconds=standing.template.route.policy.undo_seconds)
        told.append(t("⏳ Decided. It can be taken back within {within}.", within=Duration(within)))
        return told
    if standing.holders():
        told.append(t("Asked: {names}", names=names(standing.holders())))
    if (due := standing.due) is not None:
        told.append(t("Until {when}", when=DayTime(due, reader.zone)))
    return told


def names(people: Sequence[Employee]) -> Phrase:
    """Return the first names of several people, and how many more there are."""
    listed = ", ".join(each.name for each in people[:MOST_NAMES])
    more = len(people) - MOST_NAMES
    return (
        tn("{names} and {count} more", "{names} and {count} more", more, names=listed) if more > 0 else verbatim(listed)
    )


def _stage_line(stage: Stage, number: int, count: int, locale: str) -> Phrase:
    if not stage.title:
        return t("Stage {number} of {all}", number=number, all=count)
    name = titled(stage.title, stage.id, locale)
    return t("Stage {number} of {all}: {stage}", number=number, all=count, stage=name)


def _tally(standing: Standing, stage: Stage, track: Track, counted: tuple[int, int, int], locale: str) -> Phrase:
    approved, rejected, left = counted
    told = t("for {yes}, against {no}, not answered {left}", yes=approved, no=rejected, left=left)
    if len(stage.tracks) == 1 and not track.title:
        return t("Answers: {tally}", tally=told)
    names = Names() if track.title else names_in(standing.structure)
    named = Telling(standing.template, names, locale).track(stage, track.id)
    return t("– {track}: {tally}", track=named, tally=told)


def names_in(structure: PortalStructure) -> Names:
    """Return what people, departments and groups are called where a word for each is enough."""
    groups = {**{name: verbatim(each.title) for name, each in structure.groups.items()}, **GROUPS}
    return Names(
        {person: each.name for person, each in structure.employees.items()},
        {number: each.name for number, each in structure.departments.items()},
        groups,
    )


def _said(standing: Standing) -> list[Phrase]:
    """Tell the latest answers, and what was said beside them."""
    return [answer_line(standing, each) for each in standing.answers()[-MOST_ANSWERS:]]


def answer_line(standing: Standing, entry: Entry) -> Phrase:
    """Return one answer or remark as the card tells it."""
    who, time = mention(standing.somebody(entry.actor_id)), _moment(standing, entry.at)
    if entry.what == "unreached":
        return t("📵 Not delivered to {person}, {time}", person=mention(standing.somebody(entry.behalf_id)), time=time)
    if entry.behalf_id is not None:
        who = t("{person} for {principal}", person=who, principal=mention(standing.somebody(entry.behalf_id)))
    match entry.what:
        case "approve":
            told = t("✅ {person}, {time}", person=who, time=time)
        case "reject":
            told = t("❌ {person}, {time}", person=who, time=time)
        case "return":
            told = t("↩️ {person}, {time}", person=who, time=time)
        case "delegate":
            return t("➡️ {person} handed it over, {time}", person=who, time=time)
        case "ask":
            return t("❓ {person}: “{text}”", person=who, text=_cut(entry.said))
        case _:
            return t("💬 {person}: “{text}”", person=who, text=_cut(entry.said))
    return t("{answer}: “{text}”", answer=told, text=_cut(entry.said)) if entry.said else told


def _moment(standing: Standing, at: datetime, zone: str = "") -> Time | DayTime:
    """Return a moment as the card tells it: with its day, once not everything happened on the same."""
    where = ZoneInfo(standing.template.route.timezone)
    began, latest = (each.astimezone(where).date() for each in (standing.request.started_at, standing.running.now))
    return Time(at, zone) if began == latest else DayTime(at, zone)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def outcome_lines(standing: Standing, reader: Employee) -> list[Phrase]:
    """Say how it ended, and what is still to be done because of it."""
    request = standing.request
    if request.is_open or request.ended_at is None:
        return []
    told = [outcome(standing, reader)]
    if any(not each.is_done for each in request.effects):
        told.append(t("What follows from it waits for the application: nothing of it is done yet."))
    return told


def outcome(standing: Standing, reader: Employee) -> Phrase:
    """Say how a request ended, and when."""
    when = _moment(standing, standing.request.ended_at or standing.request.started_at, reader.zone)
    if standing.running.ended_by_clock:
        if standing.running.status == "rejected":
            return t("❌ *Rejected*: nobody answered in time, {time}", time=when)
        return t("⌛ *Time is up*, {time}", time=when)
    match standing.running.status:
        case "approved":
            return t("✅ *Approved*, {time}", time=when)
        case "rejected":
            return t("❌ *Rejected*, {time}", time=when)
        case "withdrawn":
            return t("↩️ *Withdrawn* by the person who asked, {time}", time=when)
        case "expired":
            return t("⌛ *Time is up*, {time}", time=when)
        case _:
            return t("⚠️ *It could not go on*: there was nobody to ask. An administrator can look at the template.")


# Buttons


def keyboard(standing: Standing, identity: Identity, reader: Employee, seals: Seals) -> Keyboard:
    """Offer what a reader can do now, and nothing else."""
    rows: list[tuple[Button, ...]] = []
    rows += _seat_rows(standing, identity, reader, seals)
    if reader.id == standing.request.initiator_id:
        rows += _own_rows(standing, identity, seals)
    if standing.request.present_files:
        rows.append((files_button(standing.request, 0, identity, seals),))
    if not standing.request.is_open:
        rows.append((sheet_button(standing.request),))
    return Keyboard(tuple(rows)) if rows else NO_BUTTONS


def sheet_button(request: RoutedRequest) -> Button:
    """Return the button that sends the approval sheet."""
    return Button(t("📄 Sheet"), RecordPressed(short(request.id), -1))


def seat_press(seat_id: int, what: str, round_: int, identity: Identity, seals: Seals) -> RoutedPressed:
    """Return the sealed press of a seat for an account."""
    seal = seals.of(seat_id, what, round_, identity.channel, identity.account)
    return RoutedPressed(short(seat_id), what, round_, seal)


def _seat_rows(standing: Standing, identity: Identity, reader: Employee, seals: Seals) -> list[tuple[Button, ...]]:
    request = standing.request
    mark = request.seat_of(reader.id)
    track = None if mark is None else standing.track(mark.track)

    def press(seat_id: int, what: str) -> RoutedPressed:
        return seat_press(seat_id, what, request.round, identity, seals)

    rows: list[tuple[Button, ...]] = []
    if mark is not None and track is not None:
        rows.append(
            (
                Button(t("✅ Approve"), press(mark.id, "a"), style="success"),
                Button(t("❌ Reject"), press(mark.id, "r"), style="danger"),
            )
        )
        seat = standing.seat(mark)
        can_give = seat is not None and seat.delegations_left > 0
        scope = standing.template.route.policy.delegation.scope
        more = []
        if "return" in track.actions:
            back = t("↩️ Send back (last round: rejects)") if standing.is_last_round else t("↩️ Send back")
            more.append(Button(back, press(mark.id, "b")))
        if "delegate" in track.actions and can_give and scope != "none":
            more.append(Button(t("➡️ Hand over"), press(mark.id, "d")))
        if "ask" in track.actions:
            more.append(Button(t("❓ Ask"), press(mark.id, "q")))
        if "comment" in track.actions:
            more.append(Button(t("💬 Comment"), press(mark.id, "c")))
        rows += [tuple(more[at : at + 2]) for at in range(0, len(more), 2)]
    if (back_mark := standing.undoable(reader)) is not None:
        rows.append((Button(t("↩️ Take back"), press(back_mark.id, "u")),))
    return rows


def _own_rows(standing: Standing, identity: Identity, seals: Seals) -> list[tuple[Button, ...]]:
    request, policy = standing.request, standing.template.route.policy
    if not request.is_open:
        if request.state == "approved":
            return []
        seal = seals.of(request.id, "own g", request.round, identity.channel, identity.account)
        return [(Button(t("🔁 Ask again"), RoutedAgainPressed(short(request.id), request.round, seal)),)]

    rows: list[tuple[Button, ...]] = []
    if standing.running.status == "rework":
        seal = seals.of(request.id, "own f", request.round, identity.channel, identity.account)
        change = RoutedChangePressed(short(request.id), request.round, seal)
        rows.append(
            (
                Button(t("✏️ Change and send again"), change),
                Button(t("📨 Send as it is"), _own_press(request, "s", identity, seals)),
            )
        )
    if may_withdraw(standing, policy.withdraw):
        rows.append((Button(t("Withdraw"), withdraw_own(request, identity, seals)),))
    return rows


def files_button(request: RoutedRequest, place: int, identity: Identity, seals: Seals) -> Button:
    """Return the button that sends a request's files from a place on."""
    seal = seals.of(request.id, "files", 0, identity.channel, identity.account)
    count = len(request.present_files) - place
    words = tn("📎 {count} file", "📎 {count} files", count) if not place else t("📎 More: {count}", count=count)
    return Button(words, RoutedFilesPressed(short(request.id), place, seal))


def withdraw_own(request: RoutedRequest, identity: Identity, seals: Seals) -> RoutedOwnPressed:
    """Return the press by which the person who asked takes it back."""
    return _own_press(request, "w", identity, seals)


def answer_own(request: RoutedRequest, identity: Identity, seals: Seals) -> RoutedOwnPressed:
    """Return the press by which the person who asked answers a question."""
    return _own_press(request, "c", identity, seals)


def _own_press(request: RoutedRequest, what: str, identity: Identity, seals: Seals) -> RoutedOwnPressed:
    seal = seals.of(request.id, f"own {what}", request.round, identity.channel, identity.account)
    return RoutedOwnPressed(short(request.id), what, request.round, seal)


def may_withdraw(standing: Standing, policy: str) -> bool:
    """Whether the template lets the person who asked take it back now."""
    running = standing.running
    if policy == "until_first_decision":
        opened = running.stage.tracks if running.stage is not None else ()
        cast = any(seat.ballot for track in opened for seat in track.seats)
        return not (running.was_returned or running.voted or cast)
    return policy != "never"


# Refusals


def refused(standing: Standing, refusal: str, reader: Employee, now: datetime) -> Phrase:
    """Say why something was not taken: by whom it was decided, and when."""
    at = standing.request.ended_at
    match refusal:
        case "already_answered":
            own = [each for each in standing.answers() if each.actor_id == reader.id and each.what in _DID]
            if own:
                return _DID[own[-1].what](Time(own[-1].at, reader.zone))
            return t("This was answered already; the card shows by whom.")
        case "already_decided" | "stale":
            return _decided(standing, reader, now)
        case "expired" if at is not None:
            return t("Time was up {ago} ago: nothing can be answered any more.", ago=_ago(now, at))
        case "expired":
            return t("Time is up: nothing can be answered any more.")
        case "comment_required":
            return t("One sentence why is needed here.")
        case "too_late_to_take_back":
            return t("It is too late to take that back: it is final. A new request can be made: /request")
        case "nothing_to_take_back":
            return t("There is no answer of yours to take back.")
        case "bad_delegate":
            return t("It cannot be handed over to that person here: the initiator, or somebody who is asked already.")
        case "not_your_seat":
            return t("You are not asked here now.")
        case "same_is_open":
            return t("You have asked for exactly this already, and it still runs:")
        case _:
            return t("That is not possible here now. The card shows where it stands.")


_DID = {
    "approve": lambda time: t("You have approved this already, at {time}.", time=time),
    "reject": lambda time: t("You have rejected this already, at {time}.", time=time),
}


def _decided(standing: Standing, reader: Employee, now: datetime) -> Phrase:
    """Say that there is an outcome, and how long there has been."""
    last = next((each for each in reversed(standing.request.record) if each.what in {*_DID, "return"}), None)
    if last is None:
        return t("That is decided already; the card shows how.")
    who = mention(standing.somebody(last.actor_id))
    if last.actor_id == reader.id and last.what in _DID:
        return _DID[last.what](Time(last.at, reader.zone))
    return t("It was decided {ago} ago, by {person}.", ago=_ago(now, last.at), person=who)


def _ago(now: datetime, at: datetime) -> Duration:
    return Duration(max(now - at, timedelta(seconds=1)))
