"""Business processes as they are stored: calls of our robot, and people's own tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.domain.automation.native_task import NativeTask
from bot.domain.automation.process import ProcessCall


class ProcessCalls(Protocol):
    """Calls of our robot, in a unit of work; each once for a waiting step of a process."""

    async def get(self, portal_id: int, call_id: int) -> ProcessCall | None:
        """Return the call of that id."""
        ...

    async def by_key(self, portal_id: int, key: str) -> ProcessCall | None:
        """Return the call of a waiting step."""
        ...

    async def of_request(self, portal_id: int, request_id: int) -> Sequence[ProcessCall]:
        """Return the calls that wait for a request, oldest first: one, unless several asked for the same."""
        ...

    async def asked(self, portal_id: int, after: int = 0) -> Sequence[ProcessCall]:
        """Return the next calls `after` one whose requests run, oldest first."""
        ...

    async def waiting(self, portal_id: int) -> int:
        """Return how many calls of a portal wait to be taken up."""
        ...

    def add(self, call: ProcessCall) -> None:
        """Note a new call; one whose key is known changes nothing."""
        ...

    def put(self, call: ProcessCall) -> None:
        """Note a change: `call.version` is the new one; if the stored one is not what was read, it is a Conflict."""
        ...

    def drop_of(self, portal_id: int) -> None:
        """Note that all calls of a portal go."""
        ...


class NativeTasks(Protocol):
    """People's own tasks of business processes, as they were last listed, in a unit of work."""

    async def get(self, portal_id: int, account: str, task_id: int) -> NativeTask | None:
        """Return one of somebody's tasks."""
        ...

    async def of(self, portal_id: int, account: str) -> Sequence[NativeTask]:
        """Return all that is known of somebody's tasks, by their ids."""
        ...

    def put(self, task: NativeTask) -> None:
        """Note a task as it is now; `task.version` is the new one, and a Conflict where another change came first."""
        ...

    def drop_of(self, portal_id: int, account: str) -> None:
        """Note that somebody's tasks are not shown here any more."""
        ...


class CallQueue(Protocol):
    """Calls of all portals, for whoever works on them."""

    async def waiting(self, after: int = 0) -> Sequence[ProcessCall]:
        """Return the next calls `after` one of which nothing came yet, oldest first."""
        ...

    async def asked(self, after: int = 0) -> Sequence[ProcessCall]:
        """Return the next calls `after` one whose requests run, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class ListedTask:
    """Somebody's own task of a business process as the portal lists it. Its words are data of strangers."""

    id: int
    body: Mapping[str, str]


class NoOwnAccess(Exception):
    """Somebody has not let us act in their name, or the portal does not take that any more."""


@runtime_checkable
class HasProcesses(Protocol):
    """A channel whose portals have business processes."""

    async def running_processes(self, realm: str, workflows: Sequence[str]) -> frozenset[str] | None:
        """Return which of some processes run still; None where the portal does not say so now."""
        ...

    async def own_tasks(self, realm: str, account: str) -> Sequence[ListedTask] | None:
        """Return the tasks that wait for somebody, by their own rights; None where the portal does not say so now.

        NoOwnAccess where those rights are gone.
        """
        ...
