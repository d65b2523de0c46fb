"""What waits for a person's decision, in a few lines: what runs out today first, then how many of what."""

from collections import defaultdict
from collections.abc import Sequence

from bot.domain.approvals.built_in import route_of
from bot.domain.approvals.told import titled
from bot.domain.people.employee import Employee
from bot.services.approvals.waiting import Waiting
from bot.text import DayTime, Phrase, Time, t, tn
from bot.words.people import named
from bot.words.routed import title

MOST_URGENT = 5
MOST_KINDS = 6
GROUPED_FROM = 3
"""So many are told by kind; fewer are soon looked at."""


def urgent_lines(waiting: Waiting, reader: Employee) -> list[Phrase]:
    """Name what has to be answered today, each with its hour."""
    told = []
    for each in waiting.urgent[:MOST_URGENT]:
        if each.due is not None:
            who = named(each.somebody(each.request.initiator_id))
            until = Time(each.due, reader.zone)
            told.append(
                t("⌛ Until {time} today: {what}, {person}", time=until, what=title(each, reader.locale), person=who)
            )
    left = len(waiting.urgent) - MOST_URGENT
    return [*told, *([tn("… and {count} more", "… and {count} more", left)] if left > 0 else [])]


def kind_lines(waiting: Waiting, reader: Employee) -> Sequence[Phrase]:
    """Say how many there are of each kind, and since when the oldest waits; what is urgent was named by then."""
    if waiting.count < GROUPED_FROM:
        return ()
    titles = [(route_of(each.matter.kind), each.created_at) for each in waiting.requests]
    titles += [(each.template.route, each.request.started_at) for each in waiting.with_time]
    since: defaultdict[str, list[DayTime]] = defaultdict(list)
    for route, at in sorted(titles, key=lambda each: each[1]):
        since[titled(route.title, route.key, reader.locale)].append(DayTime(at, reader.zone))
    rows = sorted(since.items(), key=lambda each: -len(each[1]))
    told = [
        t("• {what}: {count}, the oldest since {when}", what=what, count=len(times), when=times[0])
        for what, times in rows[:MOST_KINDS]
    ]
    left = sum(len(times) for _, times in rows[MOST_KINDS:])
    return [*told, *([tn("… and {count} more", "… and {count} more", left)] if left else [])]
