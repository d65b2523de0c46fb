"""History: who changed what in my hours, and when; leads see that of their people, accountants all but the reasons."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.people.employee import Employee
from bot.messages import Reply
from bot.services.people.people import People
from bot.services.workday.histories import Change, Histories
from bot.text import DayTime, Lines, Mention, Phrase, lines, t
from bot.words.people import mention
from bot.words.requests import matter_lines, matter_title, outcome_line

router = Router("history")


@router.command("history", t("What was changed in my hours"), intents=("history",), params=t("name, of whom you lead"))
async def history(turn: Turn, histories: Histories, people: People) -> Reply:
    """List the latest changes: by whom and when, before → after, the outcome; of others to whoever may see it."""
    name = turn.arguments or str(turn.understood.slots.get("person", ""))
    subject = await people.find(turn.portal, name) if name else turn.employee
    changes = await histories.of(turn.employee, subject, turn.now)
    is_own = subject.id == turn.employee.id
    who = _mention(subject)
    if not changes:
        nothing = t("Nothing in your hours was ever changed.")
        return turn.say(nothing if is_own else t("{person}: nothing was ever changed in the hours.", person=who))
    heading = (
        t("*What was changed in your hours*") if is_own else t("*What was changed in the hours: {person}*", person=who)
    )
    return turn.say(lines(heading, *(_lines(each, turn.employee.zone) for each in changes)))


def _lines(change: Change, zone: str) -> Lines:
    at, person = DayTime(change.at, zone), _mention(change.by)
    if change.request is not None:
        what = t("{at}, {person}: {what}", at=at, person=person, what=matter_title(change.request.matter))
        return lines(what, *matter_lines(change.request.matter), outcome_line(change.request, change.decider, zone))
    if change.marked is not None:
        what = t("recorded a mark: {when}", when=DayTime(change.marked.at, change.marked.zone))
        return lines(t("{at}, {person}: {what}", at=at, person=f"API: {change.marked.reason}", what=what))
    return lines(t("{at}, {person}: {what}", at=at, person=person, what=_vouched(change)))


def _vouched(change: Change) -> Phrase:
    out = change.vouched
    if out is None:
        return t("changed")
    return t("confirmed the end of a day: {when}", when=DayTime(out.at, out.zone))


def _mention(person: Employee | None) -> Mention | str:
    return mention(person) if person else "?"
