"""Business processes ⇄ rows: calls of our robot, and people's own tasks."""

import json
from collections.abc import Sequence

from bot.domain.automation.native_task import NativeTask
from bot.domain.automation.process import CallState, ProcessCall
from storage import schema
from storage.engines.engine import Reader, Write
from storage.engines.statement import Statement
from storage.part import Part
from storage.rows import Row, compact
from storage.sealed import opened_call, sealed_call
from storage.shape import Form, Shape
from storage.sql import processes as sql
from storage.vault import Box

_JSON = Form(json.loads, lambda value: compact(dict(value)))
CALL = Shape(
    ProcessCall,
    schema.process_call,
    forms={
        "document": Form(lambda text: tuple(json.loads(text)), lambda parts: compact(list(parts))),
        "properties": _JSON,
    },
)
_TASK = Shape(NativeTask, schema.native_task, forms={"body": _JSON})
PAGE = 200
_TaskKey = tuple[int, str, int]


class ProcessCalls(Part):
    """Calls of our robot, each once for a waiting step of a process."""

    def __init__(self, engine: Reader, box: Box) -> None:
        """Read through `engine`; seal and open tokens by `box`."""
        super().__init__(engine)
        self._box = box
        self._added: dict[tuple[int, str], ProcessCall] = {}
        self._read: dict[int, ProcessCall] = {}
        self._put: dict[int, ProcessCall] = {}

    async def get(self, portal_id: int, call_id: int) -> ProcessCall | None:
        """Return the call of that id."""
        return await self._one(sql.CALL, {"portal_id": portal_id, "id": call_id})

    async def by_key(self, portal_id: int, key: str) -> ProcessCall | None:
        """Return the call of a waiting step."""
        return await self._one(sql.CALL_BY_KEY, {"portal_id": portal_id, "key": key})

    async def of_request(self, portal_id: int, request_id: int) -> Sequence[ProcessCall]:
        """Return the calls that wait for a request, oldest first: one, unless several asked for the same."""
        rows = await self._rows(sql.CALLS_OF_REQUEST, {"portal_id": portal_id, "request_id": request_id})
        found = {each.id: each for each in self._known(rows)}
        wanted = (portal_id, request_id)
        found |= {each.id: each for each in self._put.values() if (each.portal_id, each.request_id) == wanted}
        return [found[each] for each in sorted(found)]

    async def asked(self, portal_id: int, after: int = 0) -> Sequence[ProcessCall]:
        """Return the next calls `after` one whose requests run, oldest first."""
        values = {"portal_id": portal_id, "state": CallState.ASKED.value, "id": after, "size": PAGE}
        return self._known(await self._rows(sql.CALLS_OF_PORTAL, values))

    async def waiting(self, portal_id: int) -> int:
        """Return how many calls of a portal wait to be taken up."""
        return int((await self._rows(sql.CALLS_WAITING, {"portal_id": portal_id}))[0][0])

    def add(self, call: ProcessCall) -> None:
        """Note a new call; one whose key is known changes nothing."""
        self._added.setdefault((call.portal_id, call.key), call)

    def put(self, call: ProcessCall) -> None:
        """Note a change: `call.version` is the new one; if the stored one is not what was read, it is a Conflict."""
        self._put[call.id] = call

    def drop_of(self, portal_id: int) -> None:
        """Note that all calls of a portal go."""
        self._note(sql.DROP_CALLS, {"the_portal_id": portal_id})

    async def _one(self, statement: Statement, values: dict[str, int | str]) -> ProcessCall | None:
        found = self._known(await self._rows(statement, values))
        return found[0] if found else None

    def _known(self, rows: Sequence[Row]) -> list[ProcessCall]:
        found = [opened_call(self._box, CALL.read(row)) for row in rows]
        self._read |= {each.id: each for each in found}
        return [self._put.get(each.id, each) for each in found]

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._added.clear()
        self._put.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        changed = [
            Write(sql.PUT_CALL, {**CALL.values(each), "the_id": each.id, "seen": self._read[each.id].version}, 1)
            for each in self._put.values()
        ]
        return [*super().writes(), *self._new(), *changed]

    def _new(self) -> list[Write]:
        return [Write(sql.ADD_CALL, CALL.values(sealed_call(self._box, each))) for each in self._added.values()]


class NativeTasks(Part):
    """People's own tasks of business processes, as they were last listed."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._noted: dict[_TaskKey, NativeTask] = {}

    async def get(self, portal_id: int, account: str, task_id: int) -> NativeTask | None:
        """Return one of somebody's tasks."""
        if (noted := self._noted.get((portal_id, account, task_id))) is not None:
            return noted
        rows = await self._rows(sql.TASK, {"portal_id": portal_id, "account": account, "task_id": task_id})
        return _TASK.read(rows[0]) if rows else None

    async def of(self, portal_id: int, account: str) -> Sequence[NativeTask]:
        """Return all that is known of somebody's tasks, by their ids."""
        rows = await self._rows(sql.TASKS_OF, {"portal_id": portal_id, "account": account})
        found = {each.task_id: each for each in map(_TASK.read, rows)}
        found |= {key[2]: each for key, each in self._noted.items() if key[:2] == (portal_id, account)}
        return [found[each] for each in sorted(found)]

    def put(self, task: NativeTask) -> None:
        """Note a task as it is now; `task.version` is the new one, and a Conflict where another change came first."""
        self._noted[task.portal_id, task.account, task.task_id] = task

    def drop_of(self, portal_id: int, account: str) -> None:
        """Note that somebody's tasks are not shown here any more."""
        self._note(sql.DROP_TASKS, {"the_portal_id": portal_id, "the_account": account})

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        return [*super().writes(), *(Write(sql.PUT_TASK, _TASK.values(each), 1) for each in self._noted.values())]
