"""People's own tasks of business processes: shown where they switched that on, answered by their own rights alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.native_task import STATUSES, NativeTask, TaskState, Verdict, same_words
from bot.domain.errors import Refusal
from bot.domain.events import NativeTaskChanged, OwnTasksLost
from bot.domain.installation import PROCESSES, Purpose
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.ports import ListedTask
from bot.services.unit_service import UnitService
from bot.text import t

ELSEWHERE: Final = "elsewhere"
"""How a task ended that was answered on the portal itself, or went to somebody else."""
LONGEST_COMMENT: Final = 1_000
_NO_GRANT: Final = "no_grant"


class TaskOver(Refusal):
    """A task that waits for nobody any more, or was answered here already."""

    code = "process_task_over"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("This task has been decided already."))


class TaskNeedsComment(Refusal):
    """The process wants a comment with that answer."""

    code = "process_task_needs_comment"

    def __init__(self) -> None:
        """Ask for it."""
        super().__init__(t("This answer needs a comment: one sentence is enough."))


class NativeTasks(UnitService):
    """Knows whose tasks are shown here, and how each stands."""

    def account(self, portal: Portal, person: Employee) -> str:
        """Return somebody's account on the portal; "" where they have none there."""
        return next((each.account for each in person.identities if each.realm == portal.key), "")

    async def can_have(self, portal: Portal) -> bool:
        """Whether tasks of the portal can be shown at all: by the application, with the right to business processes."""
        found = await self._uow.installations.of(portal.id)
        return found is not None and found.is_served and PROCESSES in found.scope and portal.member_id is not None

    async def is_on(self, portal: Portal, person: Employee) -> bool:
        """Whether somebody has let us show theirs."""
        account = self.account(portal, person)
        grants = await self._uow.installations.grants(portal.id) if account else ()
        return any(each.account == account and Purpose.TASKS in each.purposes and not each.is_lost for each in grants)

    async def waiting(self, portal: Portal, person: Employee) -> Sequence[NativeTask]:
        """Return what waits for somebody, as it was last listed."""
        tasks = await self._uow.native_tasks.of(portal.id, self.account(portal, person))
        return [each for each in tasks if each.state is TaskState.OPEN]

    async def switch_off(self, portal: Portal, person: Employee, now: datetime) -> None:
        """Show somebody's tasks no more, and keep their tokens for nothing of that."""
        await self._drop(portal, self.account(portal, person))
        self._uow.audit.add(portal.id, actor_id=person.id, subject_id=person.id, what="process tasks off", at=now)

    async def _drop(self, portal: Portal, account: str) -> None:
        for each in await self._uow.installations.grants(portal.id):
            if each.account == account and Purpose.TASKS in each.purposes:
                left = each.purposes - {Purpose.TASKS}
                if left:
                    self._uow.installations.keep(replace(each, purposes=left))
                else:
                    self._uow.installations.drop_grants(portal.id, account)
        self._uow.native_tasks.drop_of(portal.id, account)

    async def lost(self, portal_id: int, account: str) -> None:
        """Note that somebody's tokens open nothing any more; told once, for nothing is kept after that."""
        portal = await self._uow.portals.get(portal_id)
        person = await self._person(portal_id, account)
        if portal is None:
            return
        await self._drop(portal, account)
        if person is not None:
            self._uow.events.append(OwnTasksLost(portal_id, person.id))

    async def _person(self, portal_id: int, account: str) -> Employee | None:
        portal = await self._uow.portals.get(portal_id)
        if portal is None:
            return None
        everybody = await self._uow.employees.of_portal(portal_id)
        found = (each for each in everybody if self.account(portal, each) == account and not each.is_disabled)
        return next(found, None)

    # What is listed

    async def listed(self, portal_id: int, account: str, tasks: Sequence[ListedTask], now: datetime) -> None:
        """Compare what waits for somebody on the portal with what is shown here."""
        known = {each.task_id: each for each in await self._uow.native_tasks.of(portal_id, account)}
        there = {each.id: each.body for each in tasks}
        changed = any(
            each not in known or (known[each].state is TaskState.OPEN and not same_words(known[each], body))
            for each, body in there.items()
        )
        gone = [each for each in known.values() if each.state is TaskState.OPEN and each.task_id not in there]
        if not changed and not gone:
            return
        person = await self._person(portal_id, account)
        if person is None:
            return
        for task_id, body in there.items():
            before = known.get(task_id)
            if before is None:
                self._put(
                    NativeTask(portal_id, account, task_id, person.id, body, TaskState.OPEN, "", now), is_new=True
                )
            elif before.state is TaskState.OPEN and not same_words(before, body):
                self._put(replace(before, body=body, version=before.version + 1))
        for each in gone:
            self._put(replace(each, state=TaskState.OVER, said=ELSEWHERE, version=each.version + 1))

    def _put(self, task: NativeTask, *, is_new: bool = False) -> None:
        self._uow.native_tasks.put(task)
        self._uow.events.append(NativeTaskChanged(task.portal_id, task.employee_id, task, is_new=is_new))

    # What is answered

    async def open(self, portal: Portal, person: Employee, task_id: int) -> NativeTask:
        """Return a task of one's own that waits; a Refusal where it does not."""
        task = await self._uow.native_tasks.get(portal.id, self.account(portal, person), task_id)
        if task is None or task.state is not TaskState.OPEN:
            raise TaskOver
        return task

    async def decide(
        self, portal: Portal, person: Employee, task_id: int, verdict: Verdict, comment: str, now: datetime
    ) -> NativeTask:
        """Answer a task of one's own: the portal is told in one's own name."""
        task = await self.open(portal, person, task_id)
        if verdict not in task.allowed:
            raise TaskOver
        comment = comment.strip()[:LONGEST_COMMENT]
        if task.needs_comment(verdict) and not comment:
            raise TaskNeedsComment
        decided = replace(task, state=TaskState.DECIDED, said=verdict, version=task.version + 1)
        form = {"task": task_id, "status": STATUSES[verdict], "comment": comment}
        self._uow.errands.add(
            Errand(
                new_id(), portal.id, ErrandKind.PROCESS_TASK, form, _key(decided), _lane(decided), now,
                lane=_lane(decided), account=task.account,
            )
        )  # fmt: skip
        self._put(decided)
        return decided

    async def answered(self, errand: Errand) -> None:
        """Note what became of an answer; one that the portal does not take lets the task wait again.

        Of an answer that another one has replaced since nothing follows.
        """
        task = await self._uow.native_tasks.get(errand.portal_id, errand.account, int(errand.form.get("task", 0)))
        if task is None or task.state is not TaskState.DECIDED or errand.key != _key(task):
            return
        if errand.state is ErrandState.DONE:
            self._put(replace(task, state=TaskState.OVER, version=task.version + 1))
        elif errand.state is ErrandState.LEFT:
            self._put(replace(task, state=TaskState.OVER, said=ELSEWHERE, version=task.version + 1))
        elif errand.reason == _NO_GRANT:
            await self.lost(errand.portal_id, errand.account)
        else:
            self._put(replace(task, state=TaskState.OPEN, said="refused", version=task.version + 1), is_new=True)


def _lane(task: NativeTask) -> str:
    return f"process_task:{task.account}:{task.task_id}"


def _key(decided: NativeTask) -> str:
    """Return the key of one answer: a task that is shown anew, after somebody switched off and on, has others."""
    return f"{_lane(decided)}:{int(decided.listed_at.timestamp())}:{decided.version}"
