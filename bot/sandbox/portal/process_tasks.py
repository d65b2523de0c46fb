"""Tasks that business processes give to people: listed by whoever they are for, and completed by them alone."""

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.sandbox.portal.errors import RestError, access_denied
from bot.sandbox.portal.roster import Account
from bot.sandbox.portal.rows import Rows
from bot.sandbox.world import World

ALLOWED = {
    "ApproveActivity": (1, 2),
    "ReviewActivity": (3,),
    "RequestInformationActivity": (3,),
    "RequestInformationOptionalActivity": (3, 4),
}
_WORDS = {"yes": 1, "no": 2, "ok": 3, "cancel": 4}
_USER_STATUS = {1: 1, 2: 2, 3: 3, 4: 3}


@dataclass(slots=True)
class ProcessTask:
    """A task of one person; `status` is 0 in progress, 1 approved, 2 rejected, 3 completed."""

    id: int
    user_id: int
    workflow: str
    activity: str
    name: str
    description: str = ""
    document_name: str = ""
    document_id: str = ""
    document_url: str = ""
    modified: str = ""
    started_by: int = 1
    parameters: dict[str, Any] = field(default_factory=dict)
    status: int = 0
    comment: str = ""

    def form(self) -> dict[str, Any]:
        """Describe it: all strings."""
        return {
            "ID": str(self.id),
            "WORKFLOW_ID": self.workflow,
            "DOCUMENT_NAME": self.document_name,
            "NAME": self.name,
            "DESCRIPTION": self.description,
            "MODIFIED": self.modified,
            "WORKFLOW_STARTED": self.modified,
            "WORKFLOW_STARTED_BY": str(self.started_by),
            "OVERDUE_DATE": "",
            "WORKFLOW_TEMPLATE_ID": "1",
            "WORKFLOW_TEMPLATE_NAME": "Approval",
            "WORKFLOW_STATE": "",
            "STATUS": str(self.status),
            "USER_ID": str(self.user_id),
            "USER_STATUS": str(_USER_STATUS.get(self.status, 0)),
            "MODULE_ID": "crm",
            "ENTITY": "CCrmDocumentDeal",
            "DOCUMENT_ID": self.document_id,
            "ACTIVITY": self.activity,
            "ACTIVITY_NAME": "A1",
            "PARAMETERS": dict(self.parameters),
            "DOCUMENT_URL": self.document_url,
        }


class ProcessTasks:
    """The tasks of one portal."""

    def __init__(self, world: World, rows: Rows) -> None:
        """Read everything back."""
        self._world = world
        self._rows = rows
        self._tasks = {row_id: ProcessTask(**body) for row_id, body in rows.all("process_task")}

    def all(self) -> list[ProcessTask]:
        """Return them by id."""
        return [*self._tasks.values()]

    def get(self, task_id: int) -> ProcessTask | None:
        """Return one."""
        return self._tasks.get(task_id)

    def add(self, user_id: int, workflow: str, activity: str, name: str, **more: Any) -> ProcessTask:
        """Give somebody a task."""
        at = self._world.clock.now().replace(microsecond=0).isoformat()
        task = ProcessTask(self._rows.next_id("process_task"), user_id, workflow, activity, name, modified=at, **more)
        self._keep(task)
        return task

    def complete(self, account: Account, task_id: int, status: Any, comment: str) -> None:
        """Take somebody's answer to a task of their own."""
        task = self._tasks.get(task_id)
        if task is None or task.user_id != account.id:
            raise RestError("ERROR_TASK_NOT_FOUND", "Task not found")
        if task.status:
            raise RestError("ERROR_TASK_COMPLETED", "Task is already completed")
        number = _WORDS.get(str(status).lower()) or (int(status) if str(status).isdecimal() else 0)
        if number not in ALLOWED.get(task.activity, ()):
            raise RestError("ERROR_TASK_VALIDATION", "Incorrect task status")
        rule = task.parameters.get("CommentRequired", "N")
        is_required = rule == "Y" or (rule == "YA" and number == 1) or (rule == "YR" and number == 2)
        if is_required and not comment.strip():
            raise RestError("ERROR_TASK_EXECUTION", "The comment is required")
        needed = [each for each in task.parameters.get("Fields", []) if each.get("Required") == "Y"]
        if needed and number == 3:
            raise RestError("ERROR_TASK_EXECUTION", "Fill in the required fields")
        task.status, task.comment = min(number, 3), comment
        self._keep(task)

    def delegate(self, account: Account, task_ids: list[int], of: int, to: int) -> None:
        """Hand tasks to somebody else: one's own, or as an administrator."""
        if account.id != of and not account.is_admin:
            raise access_denied("Access denied!")
        for task_id in task_ids:
            task = self._tasks.get(task_id)
            if task is None or task.user_id != of:
                raise RestError("ERROR_TASK_NOT_FOUND", "Task not found")
            if task.status:
                raise RestError("ERROR_TASK_COMPLETED", "Task is already completed")
            task.user_id = to
            self._keep(task)

    def _keep(self, task: ProcessTask) -> None:
        self._tasks[task.id] = task
        self._rows.put("process_task", task.id, asdict(task))
        self._world.changed.set()
