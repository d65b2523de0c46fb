"""Tasks of the portal: who may do what with one, its states, its comments, and the events that tell of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.sandbox.portal.app_events import AppEvents
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.objects import iso
from bot.sandbox.portal.params import as_integer
from bot.sandbox.portal.roster import Account
from bot.sandbox.portal.rows import Rows
from bot.sandbox.world import World

WAITING, IN_PROGRESS, AWAITING_CONTROL, COMPLETED, DEFERRED = 2, 3, 4, 5, 6
_UNDEFINED = "undefined"
_CHAT_FROM = 900_000


@dataclass(slots=True)
class Task:
    """A task; `changes` is what the control calls show as its history."""

    id: int
    title: str
    responsible_id: int
    created_by: int
    created: str
    changed: str
    description: str = ""
    deadline: str | None = None
    closed: str | None = None
    status: int = WAITING
    priority: int = 1
    is_controlled: bool = False
    accomplices: list[int] = field(default_factory=list)
    auditors: list[int] = field(default_factory=list)
    crm: list[str] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)

    @property
    def chat_id(self) -> int:
        """The chat of its comments."""
        return _CHAT_FROM + self.id

    @property
    def people(self) -> set[int]:
        """Everybody who has to do with it."""
        return {self.responsible_id, self.created_by, *self.accomplices, *self.auditors}


_NAMES = {
    "TITLE": "title",
    "DESCRIPTION": "description",
    "RESPONSIBLE_ID": "responsible_id",
    "CREATED_BY": "created_by",
    "DEADLINE": "deadline",
    "PRIORITY": "priority",
    "ACCOMPLICES": "accomplices",
    "AUDITORS": "auditors",
    "UF_CRM_TASK": "crm",
    "TASK_CONTROL": "is_controlled",
}


class Tasks:
    """All tasks of one portal."""

    def __init__(self, world: World, rows: Rows, events: AppEvents, accounts: Mapping[int, Account]) -> None:
        """Read everything back."""
        self._world = world
        self._rows = rows
        self._events = events
        self._accounts = accounts
        self._tasks = {row_id: Task(**body) for row_id, body in rows.all("task")}

    def all(self) -> list[Task]:
        """Return every task, oldest first."""
        return [*self._tasks.values()]

    def get(self, task_id: int) -> Task | None:
        """Return a task."""
        return self._tasks.get(task_id)

    def sees(self, account: Account, task: Task) -> bool:
        """Whether somebody sees a task: whoever has to do with it, and administrators."""
        return account.is_admin or account.id in task.people

    def add(self, given: Mapping[str, Any], by: int | None) -> Task:
        """Make a task."""
        written = self._read(given)
        if not written.get("title"):
            raise RestError("ERROR_CORE", "Task name is not specified.<br>")
        if "responsible_id" not in written:
            raise RestError("ERROR_CORE", "Responsible person is not specified.<br>")
        now = self._now()
        made = Task(
            **{
                "id": self._rows.next_id("task"),
                "created_by": by or written["responsible_id"],
                "created": now,
                "changed": now,
                **written,
            }
        )
        self._tasks[made.id] = made
        self._keep(made)
        data = {"FIELDS_BEFORE": _UNDEFINED, "FIELDS_AFTER": {"ID": made.id}, "IS_ACCESSIBLE_BEFORE": "N"}
        self._events.emit("ONTASKADD", {**data, "IS_ACCESSIBLE_AFTER": _UNDEFINED}, by)
        return made

    def update(self, task: Task, given: Mapping[str, Any], by: int | None) -> None:
        """Change a task."""
        self._write(task, self._read(given), by)

    def act(self, task: Task, action: str, account: Account) -> None:
        """Take a task through its states, if the person may."""
        if action not in self.actions(task, account):
            raise RestError("0", "Action on the task is not allowed")
        after = {
            "start": IN_PROGRESS,
            "pause": WAITING,
            "defer": DEFERRED,
            "renew": WAITING,
            "approve": COMPLETED,
            "disapprove": WAITING,
            "complete": COMPLETED,
        }[action]
        if action == "complete" and task.is_controlled and account.id != task.created_by:
            after = AWAITING_CONTROL
        self._write(task, {"status": after, "closed": self._now() if after == COMPLETED else None}, account.id)

    def actions(self, task: Task, account: Account) -> set[str]:
        """Return what somebody may do with a task now."""
        is_owner = account.is_admin or account.id == task.created_by
        if not is_owner and account.id not in (task.responsible_id, *task.accomplices):
            return set()
        if task.status == AWAITING_CONTROL:
            return {"approve", "disapprove"} if is_owner else {"renew"}
        if task.status == COMPLETED:
            return {"renew"}
        others = {"start"} if task.status in (WAITING, DEFERRED) else {"pause"}
        return {"complete", "defer", *others} - ({"defer"} if task.status == DEFERRED else set())

    def delegate(self, task: Task, user_id: int, account: Account) -> None:
        """Give a task to somebody else."""
        if not self.actions(task, account) or user_id not in self._accounts:
            raise RestError("0", "Action on the task is not allowed")
        self._write(task, {"responsible_id": user_id}, account.id)

    def delete(self, task: Task, by: int | None) -> None:
        """Delete a task."""
        del self._tasks[task.id]
        self._rows.drop("task", [task.id])
        self._world.changed.set()
        data = {"FIELDS_BEFORE": {"ID": task.id}, "FIELDS_AFTER": _UNDEFINED, "IS_ACCESSIBLE_BEFORE": _UNDEFINED}
        self._events.emit("ONTASKDELETE", {**data, "IS_ACCESSIBLE_AFTER": "N"}, by)

    def comment(self, task: Task, text: str, by: int) -> int:
        """Write into the task's chat; the event names the message, not a comment."""
        message_id = self._rows.next_id("message")
        task.comments.append({"id": message_id, "author": by, "text": text, "at": self._now()})
        self._keep(task)
        after = {"ID": 0, "TASK_ID": task.id, "MESSAGE_ID": message_id}
        self._events.emit("ONTASKCOMMENTADD", {"FIELDS_BEFORE": _UNDEFINED, "FIELDS_AFTER": after}, by)
        return message_id

    def result(self, task: Task, comment: dict[str, Any], by: int) -> dict[str, Any]:
        """Make a result of a comment; of one there is one."""
        known = next((each for each in task.results if each["comment"] == comment["id"]), None)
        if known is None:
            about = {"comment": comment["id"], "text": comment["text"]}
            known = {"id": self._rows.next_id("result"), "by": by, "at": self._now(), **about}
            task.results.append(known)
            self._keep(task)
        return known

    def _write(self, task: Task, written: Mapping[str, Any], by: int | None) -> None:
        changed = {name: value for name, value in written.items() if getattr(task, name) != value}
        if not changed:
            return
        for name, value in changed.items():
            task.changes.append({"field": name, "from": getattr(task, name), "to": value, "by": by})
            setattr(task, name, value)
        task.changed = self._now()
        self._keep(task)
        same = {"ID": task.id}
        data = {"FIELDS_BEFORE": same, "FIELDS_AFTER": same, "IS_ACCESSIBLE_BEFORE": _UNDEFINED}
        self._events.emit("ONTASKUPDATE", {**data, "IS_ACCESSIBLE_AFTER": _UNDEFINED}, by)

    def _read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return what can be written of what was given; the rest is ignored."""
        written: dict[str, Any] = {}
        for key, value in given.items():
            name = _NAMES.get(key.upper())
            if name in ("responsible_id", "created_by"):
                number = as_integer(value)
                if number not in self._accounts:
                    raise RestError("ERROR_CORE", "The specified person was not found.<br>")
                written[name] = number
            elif name == "priority":
                written[name] = as_integer(value) or 0
            elif name in ("accomplices", "auditors"):
                written[name] = [number for each in value or [] if (number := as_integer(each)) is not None]
            elif name == "crm":
                written[name] = [str(each) for each in value or []]
            elif name == "is_controlled":
                written[name] = value in ("Y", True)
            elif name is not None:
                written[name] = str(value) if value else None if name == "deadline" else ""
        return written

    def _keep(self, task: Task) -> None:
        self._rows.put("task", task.id, asdict(task))
        self._world.changed.set()

    def _now(self) -> str:
        return iso(self._world.clock.now())
