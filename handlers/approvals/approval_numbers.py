"""Statistics of approvals in chat: how long decisions take, what ran out of time, and who holds what now."""

from datetime import date, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.statistics import Tally
from bot.domain.days import month_of
from bot.domain.people.employee import Employee
from bot.messages import Reply
from bot.services.approvals.approvals_counted import ApprovalNumbers, ApprovalsCounted
from bot.text import DayTime, Duration, Mention, Period, Phrase, lines, t, tn
from bot.words.approval_numbers import stage_name, template_name

router = Router("approval numbers")
_MOST = 12
"""Lines of a part on a phone."""
_LONGEST = timedelta(days=366)
_MINUTE = timedelta(minutes=1)


@router.said("approval_statistics")
async def approval_statistics(turn: Turn, counted: ApprovalsCounted) -> Reply:
    """Tell the numbers of a period, this month where none is named, of the people whom the reader leads, or of all."""
    slots = turn.understood.slots
    first, last = slots.get("from_day"), slots.get("to_day")
    if not isinstance(first, date) or not isinstance(last, date) or first > last:
        first, last = month_of(turn.now.astimezone(turn.zone).date())
    last = min(last, first + _LONGEST)
    numbers = await counted.of(turn.portal, turn.employee, first, last, turn.now)
    told = numbers.told
    parts = [t("*Approvals*, {period}", period=Period(first, last))]
    parts += _part(t("_By template, working time to the outcome:_"), [
        (template_name(numbers, key, turn.employee.locale), each) for key, each in told.templates.items()
    ])  # fmt: skip
    parts += _part(t("_By stage:_"), [
        (stage_name(numbers, key, stage, turn.employee.locale), each) for (key, stage), each in told.stages.items()
    ])  # fmt: skip
    parts += _part(t("_By person:_"), [
        (_person(numbers.people.get(each)), tally) for each, tally in told.people.items()
    ])  # fmt: skip
    if len(parts) == 1:
        parts.append(t("Nothing was decided, and nothing ran out of time."))
    return turn.say(lines(*parts, *_held(numbers, turn.employee)))


def _part(heading: Phrase, rows: list[tuple[Phrase | Mention, Tally]]) -> list[Phrase]:
    """Lay a part out, what was decided most first; nothing where there is nothing."""
    shown = sorted((each for each in rows if each[1].is_over), key=lambda each: (-each[1].decided, -each[1].expired))
    told = [_line(what, tally) for what, tally in shown[:_MOST]]
    return [heading, *told, *_more(len(shown) - _MOST)] if told else []


def _more(count: int) -> list[Phrase]:
    return [tn("and {count} more", "and {count} more", count)] if count > 0 else []


def _line(what: Phrase | Mention, tally: Tally) -> Phrase:
    if tally.median is None or tally.ninetieth is None:
        return t("• {what}: time ran out {expired}", what=what, expired=tally.expired)
    told = _decided(what, tally.decided, tally.median, tally.ninetieth)
    return t("{told}; time ran out {expired}", told=told, expired=tally.expired) if tally.expired else told


def _decided(what: Phrase | Mention, decided: int, median: timedelta, ninetieth: timedelta) -> Phrase:
    """Say how long decisions took; what took seconds is not told to the second."""
    if ninetieth < _MINUTE:
        return t("• {what}: decided {decided}, 9 of 10 in less than a minute", what=what, decided=decided)
    if median < _MINUTE:
        return t(
            "• {what}: decided {decided}, half in less than a minute, 9 of 10 within {ninetieth}",
            what=what,
            decided=decided,
            ninetieth=Duration(ninetieth),
        )
    return t(
        "• {what}: decided {decided}, half within {median}, 9 of 10 within {ninetieth}",
        what=what,
        decided=decided,
        median=Duration(median),
        ninetieth=Duration(ninetieth),
    )


def _held(numbers: ApprovalNumbers, reader: Employee) -> list[Phrase]:
    if not numbers.held:
        return [t("Nobody holds anything now.")]
    told = [
        t(
            "• {person}: {count}, the oldest since {when}",
            person=_person(numbers.people.get(each.person_id)),
            count=each.count,
            when=DayTime(each.since, reader.zone),
        )
        for each in numbers.held[:_MOST]
    ]
    return [t("_Who holds how many now:_"), *told, *_more(len(numbers.held) - _MOST)]


def _person(person: Employee | None) -> Phrase | Mention:
    return t("somebody") if person is None else Mention(person.name, person.accounts)
