"""One's own tasks of business processes in chat: switched on by one's own agreement, shown as cards, answered there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal, cast

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.automation.errand import ErrandKind
from bot.domain.automation.native_task import STATUSES, NativeTask, TaskState, Verdict
from bot.domain.events import ErrandEnded, NativeTaskChanged, OwnTasksAllowed, OwnTasksLost
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say, Words
from bot.services.automation.native_tasks import NativeTasks, TaskOver
from bot.services.messengers import Messengers
from bot.services.people.people import People
from bot.services.people.portals import Portals
from bot.text import lines, t, tn
from bot.words.native_tasks import task_card, verdict_label
from handlers.read_back import Question

router = Router("native tasks")
SHOWN: Final = 5
_STYLES: Final[Mapping[Verdict, Literal["", "success", "danger"]]] = {
    "yes": "success",
    "ok": "success",
    "no": "danger",
    "cancel": "",
}


@dataclass(frozen=True, slots=True)
class TaskPressed(Action, code="ptk"):
    """Answer a task so."""

    task: int
    verdict: str


@dataclass(frozen=True, slots=True)
class TasksOffPressed(Action, code="pto"):
    """Show them no more."""


@dataclass(frozen=True, slots=True)
class AskTaskComment(Question):
    """The answer needs a comment; it is given once that is said."""

    dropped: ClassVar[Words] = t("Dropped. The task still waits.")
    task: int
    verdict: str


@router.command("tasks", t("My tasks of business processes"))
async def tasks(turn: Turn, native: NativeTasks, messengers: Messengers) -> Reply:
    """Say whether they are shown here, and offer the other; those that wait are shown."""
    account = native.account(turn.portal, turn.employee)
    if not account or not await native.can_have(turn.portal):
        return turn.say(
            t(
                "Tasks of business processes can come here where the portal has the Bitrix24 application, with the "
                "right to business processes. An administrator can install it."
            )
        )
    if not await native.is_on(turn.portal, turn.employee):
        address = messengers.share_tasks(turn.portal.member_id or "", account, turn.now)
        if address is None:
            return turn.say(t("That needs a public address of this service. Ask your administrator about it."))
        return turn.say(
            lines(
                t("🗂 *Your tasks of business processes*"),
                t("They can come here as messages, and you answer by one press. Bitrix24 asks for your consent."),
                t("The link is yours alone, and works for a while."),
            ),
            Keyboard.of(Button(t("🗂 Switch on"), link=address, style="primary")),
        )
    waiting = await native.waiting(turn.portal, turn.employee)
    heading = (
        tn("🗂 *{count} task waits for you*", "🗂 *{count} tasks wait for you*", len(waiting))
        if waiting
        else t("🗂 *No task of a business process waits for you.* New ones come here by themselves.")
    )
    off = Keyboard.of(Button(t("🚫 Show them here no more"), TasksOffPressed(), style="danger"))
    cards = [Say(task_card(each), _keyboard(each), slot=_slot(each)) for each in waiting[:SHOWN]]
    return Reply((Say(heading, off), *cards))


@router.pressed(TasksOffPressed)
async def off(turn: Turn, press: TasksOffPressed, native: NativeTasks) -> Reply:  # noqa: ARG001 - by its type
    """Show them no more; nothing of one's access is kept for it."""
    await native.switch_off(turn.portal, turn.employee, turn.now)
    return turn.say(t("Your tasks are shown only on the portal from now on. To switch it on again: /tasks"))


@router.pressed(TaskPressed)
async def pressed(turn: Turn, press: TaskPressed, native: NativeTasks) -> Reply:
    """Answer a task; where the process wants a comment with that, ask for it first."""
    if press.verdict not in STATUSES:
        raise TaskOver
    verdict = cast("Verdict", press.verdict)
    task = await native.open(turn.portal, turn.employee, press.task)
    if verdict in task.allowed and task.needs_comment(verdict):
        asked = AskTaskComment(press.task, press.verdict)
        what = task.body.get("comment_label") or task.body.get("name", "")
        text = t("*{what}*: one sentence, please. The process will read it.", what=what)
        return turn.ask(asked, text, Keyboard.of(asked.no_button))
    decided = await native.decide(turn.portal, turn.employee, press.task, verdict, "", turn.now)
    return Reply((turn.place(task_card(decided), NO_BUTTONS, _slot(decided)),))


@router.answered(AskTaskComment)
async def commented(turn: Turn, asked: AskTaskComment, native: NativeTasks) -> Reply:
    """The comment is said: the answer goes with it."""
    if turn.understood.intent in ("cancel", "decline"):
        return turn.conclude(asked.dropped)
    verdict = cast("Verdict", asked.verdict)
    decided = await native.decide(turn.portal, turn.employee, asked.task, verdict, turn.message.text, turn.now)
    return turn.conclude(task_card(decided))


@router.happened(NativeTaskChanged)
async def changed(event: NativeTaskChanged, people: People) -> Sequence[Notice]:
    """A new task comes as a card; every copy of one that changed tells the truth."""
    person = await people.told_by_itself(event.employee_id, event.portal_id)
    if person is None:
        return ()
    say = Say(task_card(event.task), _keyboard(event.task), slot=_slot(event.task))
    if event.is_new:
        return [Notice(person, say)]
    return [Notice(person, replace(say, edit=True, only_if_shown=True), "everywhere")]


@router.happened(ErrandEnded)
async def errand_ended(event: ErrandEnded, native: NativeTasks) -> Sequence[Notice]:
    """The portal took an answer, or did not."""
    if event.errand.kind is ErrandKind.PROCESS_TASK:
        await native.answered(event.errand)
    return ()


@router.happened(OwnTasksAllowed)
async def allowed(event: OwnTasksAllowed, people: People, portals: Portals) -> Sequence[Notice]:
    """Whoever agreed learns that it works."""
    portal = await portals.get(event.portal_id)
    everybody = await people.everybody_of(event.portal_id)
    if portal is None:
        return ()
    said = t("✅ Your tasks of business processes come here from now on. To see them, or to end it: /tasks")
    return [
        Notice(each, Say(said))
        for each in everybody
        if not each.is_disabled
        and any((own.realm, own.account) == (portal.key, event.account) for own in each.identities)
    ]


@router.happened(OwnTasksLost)
async def lost(event: OwnTasksLost, people: People) -> Sequence[Notice]:
    """The access is gone: said once, with the way back."""
    person = await people.told_by_itself(event.employee_id, event.portal_id)
    if person is None:
        return ()
    said = t(
        "ℹ️ Bitrix24 no longer lets me show your tasks of business processes; they are on the portal. "
        "To have them here again: /tasks"
    )
    return [Notice(person, Say(said))]


def _slot(task: NativeTask) -> str:
    return f"ptask:{task.portal_id}:{task.task_id}"


def _keyboard(task: NativeTask) -> Keyboard:
    if task.state is not TaskState.OPEN:
        return NO_BUTTONS
    buttons = [
        Button(verdict_label(task, each), TaskPressed(task.task_id, each), style=_STYLES[each]) for each in task.allowed
    ]
    return Keyboard.of(tuple(buttons)) if buttons else NO_BUTTONS
