"""How a request reads in a list on a page: what, what would change, where it stands, until when."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.approvals.course import due
from bot.domain.approvals.read_fields import title_key
from bot.domain.approvals.request import ApprovalRequest, Came
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.rule import Verdict
from bot.domain.approvals.running import Running
from bot.domain.approvals.told import stage_called, titled
from bot.domain.people.employee import Employee
from bot.services.approvals.courses import Standing
from bot.services.approvals.request_rows import RequestRow
from bot.text import Phrase, t, verbatim
from bot.words.requests import days_line, matter_lines, matter_title
from bot.words.routed import field_lines, names, shown, unconfirmed_lines

MOST_FIELDS = 3
_LONGEST = 120


def row_title(row: RequestRow, locale: str) -> Phrase:
    """Say what is asked for."""
    listed = row.listed
    if listed.matter is not None:
        return matter_title(listed.matter)
    what = titled(row.template.route.title, listed.template, locale) if row.template else listed.template
    return t("No. {number} {what}", number=listed.number, what=what)


def row_lines(row: RequestRow, locale: str) -> list[Phrase]:
    """Say what would change: the whole of a matter, the first fields of a form."""
    listed = row.listed
    if listed.matter is not None:
        return list(matter_lines(listed.matter))
    if row.template is None or listed.running is None:
        return []
    told = []
    for field in row.template.form:
        value = listed.running.subject.get(field.key)
        if value in (None, "") or field.type in {"person", "file"}:
            continue
        words = verbatim(str(read)[:_LONGEST]) if (read := listed.running.subject.get(title_key(field))) else None
        name = titled(field.title, field.key, locale)
        told.append(t("{field}: {value}", field=name, value=words or shown(field, value, None)))
    return told[:MOST_FIELDS]


def row_stage(row: RequestRow, locale: str) -> Phrase | None:
    """Say which stage of its route is open."""
    running = row.listed.running
    if row.template is None or running is None or running.stage is None or len(row.template.route.stages) == 1:
        return None
    return stage_called(row.template.route.stages[running.stage.number], running.stage.number + 1, locale)


def row_due(row: RequestRow) -> datetime | None:
    """Return until when there is time to answer, where there is such a time."""
    running = row.listed.running
    is_open = row.listed.state in {"pending", "rework"}
    return due(running) if running is not None and is_open else None


def row_holders(row: RequestRow) -> Phrase | None:
    """Name who is asked now."""
    return names(row.holders) if row.holders else None


def state_words(state: str, *, is_settled: bool = True) -> Phrase:
    """Say in a word or two where a request stands."""
    match state:
        case "pending":
            return t("Waits for a decision")
        case "rework":
            return t("Sent back for changes")
        case "approved":
            return t("Approved") if is_settled else t("Approved, can be taken back")
        case "rejected":
            return t("Rejected") if is_settled else t("Rejected, can be taken back")
        case "withdrawn":
            return t("Withdrawn")
        case "replaced":
            return t("Replaced by a newer one")
        case "expired":
            return t("Time is up")
        case _:
            return t("Not carried out")


def course_words(running: Running, template: ApprovalTemplate | None) -> Phrase:
    """Say where a request on a route stands; while an answer can be taken back, what was answered so far."""
    opened = running.stage
    if running.has_ended or opened is None or opened.settles_at is None or template is None:
        return state_words(running.status)
    stages = template.route.stages
    if opened.outcome is Verdict.APPROVED:
        is_last = opened.number >= len(stages) - 1
        return state_words("approved", is_settled=False) if is_last else t("Stage approved, can be taken back")
    if stages[opened.number].on_reject == "rework" and running.round < template.route.rework.max_rounds:
        return t("Sent back, can be taken back")
    return state_words("rejected", is_settled=False)


def own_answer(answer: str) -> Phrase | None:
    """Say what the reader answered; None where it is not known."""
    match answer:
        case "approve":
            return t("your answer: approved")
        case "reject":
            return t("your answer: rejected")
        case "return":
            return t("your answer: sent back for changes")
    return None


def record_line(what: str, who: Employee | None) -> Phrase | None:
    """Say one line of the record of a built-in request; None for what only proves."""
    person = who.name if who else t("somebody")
    word, _, _ = what.partition(": ")
    match word:
        case "asked":
            return t("{person} sent the request", person=person)
        case "approved":
            return t("Approved: {person}", person=person)
        case "rejected":
            return t("Rejected: {person}", person=person)
        case "undone":
            return t("{person} took the decision back", person=person)
        case "withdrawn":
            return t("{person} withdrew the request", person=person)
        case "replaced":
            return t("A newer request took its place")
        case "settled":
            return t("Carried out")
        case "failed":
            return t("Not carried out")
        case "passed at once":
            return t("Small enough to need nobody: carried out at once")
        case "made by a lead":
            return t("Recorded by {person}", person=person)
        case "restated":
            return t("The hours changed meanwhile: it reads anew")
        case "escalated":
            return t("No answer in time: others are asked too")
        case Came.BEGUN:
            return t("The first day came: nobody had decided")
        case Came.OVER:
            return t("The days were over: nobody had decided")
        case "moved":
            return t("Others are asked now")
    if word.startswith(("handed over to", "a share handed over to")):
        return t("{person} handed it over", person=person)
    if word.startswith("asked a substitute of"):
        return t("Somebody stands in for whoever is away")
    return None


def title_of(found: ApprovalRequest | Standing, locale: str) -> Phrase:
    """Say what a request asks for."""
    if isinstance(found, Standing):
        what = titled(found.template.route.title, found.request.template, locale)
        return t("No. {number} {what}", number=found.request.number, what=what)
    return matter_title(found.matter)


def body(found: ApprovalRequest | Standing, reader: Employee) -> Sequence[Phrase]:
    """Return what would change: before and after, or the fields."""
    if isinstance(found, Standing):
        subject = found.running.subject
        files = [each for each in found.request.present_files if each.field]  # the others stand below, as links
        told = field_lines(found.template, subject, found.structure, reader.locale, files)
        return [*told, *unconfirmed_lines(found, reader.locale)]
    came = days_line(found)
    return matter_lines(found.matter) if came is None else (*matter_lines(found.matter), came)
