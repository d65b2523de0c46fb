"""How a request on a route looks on a phone: what, by whom, where it stands, what others said, and how it ended."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.approvals.course import tally
from bot.domain.approvals.files import RequestFile
from bot.domain.approvals.read_fields import title_key
from bot.domain.approvals.ready import GROUPS
from bot.domain.approvals.route import ApprovalTemplate, FormField
from bot.domain.approvals.routed import Entry, RoutedRequest
from bot.domain.approvals.stage import Stage, Track
from bot.domain.approvals.told import Names, Telling, titled
from bot.domain.people.employee import Employee
from bot.services.approvals.courses import Standing
from bot.services.approvals.effects import of_place, unconfirmed
from bot.services.approvals.structure import PortalStructure
from bot.text import Day, DayTime, Duration, Lines, Mention, Phrase, Time, lines, one_line, t, tn, verbatim
from bot.words.errands import following_lines
from bot.words.files import attached_lines, file_words
from bot.words.people import named

MOST_ANSWERS = 4
MOST_NAMES = 3
LONGEST = 120


def title(standing: Standing, locale: str) -> Phrase:
    """Return the number and the title in a reader's language."""
    what = titled(standing.template.route.title, standing.request.template, locale)
    return t("No. {number} {what}", number=standing.request.number, what=what)


def card(standing: Standing, reader: Employee) -> Lines:
    """Return what a reader's card says."""
    initiator = standing.somebody(standing.request.initiator_id)
    return lines(
        t("📝 *{what}* – {person}", what=title(standing, reader.locale), person=named(initiator)),
        t("🔁 Asked again after No. {number}", number=after) if (after := standing.again_after) else None,
        *field_lines(
            standing.template,
            standing.running.subject,
            standing.structure,
            reader.locale,
            standing.request.present_files,
        ),
        *unconfirmed_lines(standing, reader.locale),
        *_where(standing, reader),
        *_said(standing),
        *outcome_lines(standing, reader),
    )


def unconfirmed_lines(standing: Standing, locale: str) -> list[Phrase]:
    """Say, as long as somebody decides, which numbers of objects were typed and not confirmed by the portal."""
    if not standing.request.is_open:
        return []
    found = unconfirmed(standing.request, standing.template, standing.structure)
    return [
        t(
            "❗ {field}: whoever asked typed the number, and the portal has not confirmed it. Please look there first.",
            field=titled(each.title, each.key, locale),
        )
        for each in found
    ]


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
            if (read := subject.get(title_key(field))) is not None:
                words = t("{value}, “{title}”", value=words, title=one_line(str(read))[:LONGEST])
            told.append(t("{field}: {value}", field=name, value=words))
    return [*told, *attached_lines(files)]


def field_changes(
    template: ApprovalTemplate,
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    structure: PortalStructure,
    locale: str,
) -> list[tuple[str, Phrase | Day | Mention | None, Phrase | Day | Mention | None]]:
    """Return the fields that hold something else now: what each is called, the old value and the new one."""
    told = []
    for field in template.form:
        former, present = was.get(field.key), now.get(field.key)
        if former != present:
            values = (
                None if each is None else t("another file") if field.type == "file" else shown(field, each, structure)
                for each in (former, present)
            )
            told.append((titled(field.title, field.key, locale), *values))
    return told  # type: ignore[return-value]


def changed_lines(standing: Standing, before: RoutedRequest, reader: Employee) -> list[Phrase]:
    """Say which fields are another on the portal now, old and new, and what follows from that."""
    was, now = before.running.subject, standing.running.subject
    told = []
    for field in standing.template.form:
        if was.get(field.key) != now.get(field.key) and now.get(field.key) is not None:
            former, present = was.get(field.key), now[field.key]
            values = {
                "field": titled(field.title, field.key, reader.locale),
                "before": t("nothing") if former is None else shown(field, former, standing.structure),
                "after": shown(field, present, standing.structure),
            }
            told.append(t("✏️ Changed on the portal: {field}: {before} → *{after}*", **values))
    if told and standing.running.round > before.round and standing.request.is_open:
        told.append(t("What was answered before does not count any more."))
    return told


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
            text = one_line(str(value))
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
    answers = standing.answers()
    earlier = len(answers) - MOST_ANSWERS
    told = [answer_line(standing, each) for each in answers[-MOST_ANSWERS:]]
    return [tn("… {count} earlier answer", "… {count} earlier answers", earlier), *told] if earlier > 0 else told


def answer_line(standing: Standing, entry: Entry) -> Phrase:
    """Return one answer or remark as the card tells it."""
    who, time = named(standing.somebody(entry.actor_id)), _moment(standing, entry.at)
    if entry.what == "unreached":
        return t("📵 Not delivered to {person}, {time}", person=named(standing.somebody(entry.behalf_id)), time=time)
    if entry.behalf_id is not None:
        who = t("{person} for {principal}", person=who, principal=named(standing.somebody(entry.behalf_id)))
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
    told += following_lines(standing.errands, standing.structure)
    awaited = [place for place, each in enumerate(request.effects) if not each.is_done]
    if any(of_place(request, place, standing.errands) is None for place in awaited):
        told.append(t("Of what follows from it something waits until I can do it; it is not done yet."))
    return told


def outcome(standing: Standing, reader: Employee) -> Phrase:
    """Say how a request ended, and when."""
    when = _moment(standing, standing.request.ended_at or standing.request.started_at, reader.zone)
    match standing.ended_outside:
        case "decided" if standing.running.status == "approved":
            return t("✅ *Approved* on the portal itself, {time}", time=when)
        case "decided":
            return t("❌ *Rejected* on the portal itself, {time}", time=when)
        case "gone":
            return t("↩️ *Over*: what it was about is gone or closed, {time}", time=when)
        case "process":
            return t("↩️ *Over*: the business process on the portal does not wait for it any more, {time}", time=when)
        case "removed":
            return t("⚠️ *Stopped*: the application was removed from the portal, {time}", time=when)
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
