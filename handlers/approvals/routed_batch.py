"""Several requests approved at once: those on routes, each as it was shown and each a decision of its own."""

from bot.dispatch.turn import Turn
from bot.domain.approvals.values import revision
from bot.services.approvals.courses import Courses, Standing
from bot.text import Phrase, t
from bot.words.people import named
from bot.words.routed import field_lines, outcome, title
from bot.words.routed_refusals import refused
from handlers.approvals.routed import up_to_date


def fields_seen(standing: Standing) -> str:
    """Return a text that is another one once any field is."""
    subject = standing.running.subject
    return revision(subject, sorted(subject))


def on_route_lines(standing: Standing, locale: str, number: int = 0) -> list[Phrase]:
    """Return what a request is, with its place in a list if it has one, and its fields."""
    what = title(standing, locale)
    who = named(standing.somebody(standing.request.initiator_id))
    fields = field_lines(
        standing.template, standing.running.subject, standing.structure, locale, standing.request.present_files
    )
    if not number:
        return [t("{what}, {person}", what=what, person=who), *fields]
    return [t("{number}. {what}, {person}", number=number, what=what, person=who), *fields]


async def approve_as_shown(
    turn: Turn, courses: Courses, request_id: int, seat_id: int, fields: str
) -> tuple[Standing, Phrase | None]:
    """Approve in that seat if nothing that was shown has changed; return where it stands, and why not."""
    standing = await up_to_date(turn, await courses.get(turn.portal.id, request_id), courses)
    mark = standing.request.seat_of(turn.employee.id)
    if not standing.request.is_open:
        return standing, outcome(standing, turn.employee)
    if mark is None or mark.id != seat_id:
        return standing, refused(standing, "stale", turn.employee, turn.now)
    if fields_seen(standing) != fields:
        return standing, t("it was changed meanwhile")
    done = await courses.do(standing.request, "approve", turn.employee, turn.now, mark=mark, at=turn.message.channel)
    why_not = refused(done.standing, done.refusal, turn.employee, turn.now) if done.refusal else None
    return done.standing, why_not
