"""Business processes that ask us: their requests end in an answer; administrators hear of what could not be asked."""

from collections.abc import Sequence

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion
from bot.domain.automation.errand import ErrandKind
from bot.domain.events import (
    ApplicationReady,
    ErrandEnded,
    ProcessGone,
    ProcessNotAsked,
    RoutedCarried,
    TemplatesChanged,
)
from bot.messages import Say
from bot.ports import Job
from bot.services.automation.process_calls import TERM_IS_OVER
from bot.services.automation.processes import Processes, why_not
from bot.services.automation.robots import Robots
from bot.services.people.people import People
from bot.text import Phrase, lines, t
from bot.words.processes import document_words

router = Router("processes")


@router.happened(RoutedCarried)
async def carried(event: RoutedCarried, occasion: Occasion, processes: Processes) -> Sequence[Notice]:
    """A request has just ended: processes that wait for it are answered, in the same commit."""
    was_open = event.before is None or event.before.is_open
    if was_open and not event.after.is_open:
        await processes.ended(event.after, occasion.now)
    return ()


@router.happened(ErrandEnded)
async def errand_ended(event: ErrandEnded, occasion: Occasion, processes: Processes) -> Sequence[Notice]:
    """An answer arrived, or nobody waited for it any more."""
    if event.errand.kind is ErrandKind.PROCESS_ANSWER:
        await processes.answered(event.errand, occasion.now)
    return ()


@router.happened(ProcessNotAsked)
async def not_asked(event: ProcessNotAsked, people: People) -> Sequence[Notice]:
    """Each administrator learns in one sentence why, and what to do."""
    heading = t("⚠️ *A business process could not ask for approval: {what}*", what=document_words(event.call))
    return await _told(event.portal_id, Say(lines(heading, why_not(event.code, event.name))), people)


@router.happened(ProcessGone)
async def gone(event: ProcessGone, people: People) -> Sequence[Notice]:
    """Each administrator learns that the answer reached nobody, and that the outcome stands (E62)."""
    what: Phrase = document_words(event.call)
    said = (
        t(
            "ℹ️ The business process for {what} was over before the answer of request No. {number} came: ended on the "
            "portal, or out of time. The outcome here stands.",
            what=what,
            number=event.number,
        )
        if event.number
        else t("ℹ️ The business process for {what} was over before it could be answered.", what=what)
    )
    return await _told(event.portal_id, Say(said), people)


@router.happened(ApplicationReady)
async def ready(event: ApplicationReady, occasion: Occasion, robots: Robots, people: People) -> Sequence[Notice]:
    """The robot and the activity are registered, anew after each update; a right that lacks is named, nothing else."""
    if await robots.lacks_right(event.portal_id):
        said = t(
            "ℹ️ I was given no right to business processes, so the robot “Ask for approval in chat” is not there. "
            "All else works. To have it, allow “Business processes” (bizproc) and install the application again."
        )
        return await _told(event.portal_id, Say(said), people)
    await robots.keep(event.portal_id, occasion.now)
    return ()


@router.happened(TemplatesChanged)
async def templates_changed(event: TemplatesChanged, occasion: Occasion, robots: Robots) -> Sequence[Notice]:
    """What can be chosen in the robot follows."""
    await robots.keep(event.portal_id, occasion.now)
    return ()


@router.due(TERM_IS_OVER)
async def term_is_over(job: Job, occasion: Occasion, processes: Processes) -> None:
    """A process went on by itself, for its time was up."""
    await processes.term_is_over(job.portal_id, str(job.payload["call_key"]), occasion.now)


async def _told(portal_id: int, say: Say, people: People) -> Sequence[Notice]:
    return [Notice(each, say) for each in await people.administrators(portal_id)]
