"""Business processes as far as an application sees them: its robots, their runs, and the one answer to each."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.sandbox.portal.app_events import AppEvents
from bot.sandbox.portal.errors import RestError, access_denied
from bot.sandbox.portal.rows import Rows
from bot.sandbox.world import World

State = Literal["waiting", "done", "terminated"]
_TYPES = {"deal": ("crm", "CCrmDocumentDeal", "DEAL"), "lead": ("crm", "CCrmDocumentLead", "LEAD")}


@dataclass(slots=True)
class Robot:
    """A registered robot or activity."""

    code: str
    handler: str
    name: Any
    kind: Literal["robot", "activity"] = "robot"
    auth_user_id: int = 0
    use_subscription: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    return_properties: dict[str, Any] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        """Whether a process waits for its answer: it does unless it is told not to."""
        return self.use_subscription != "N"


@dataclass(slots=True)
class Run:
    """A process that reached a robot."""

    id: int
    code: str
    document: str
    token: str
    workflow: str
    state: State
    returned: dict[str, Any] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    @property
    def entity(self) -> str:
        """What kind of document it runs on, as the portal names it."""
        return _TYPES[self.document.partition(":")[0]][1]

    @property
    def document_id(self) -> str:
        """Which document it runs on, as the portal names it."""
        kind, _, number = self.document.partition(":")
        return f"{_TYPES[kind][2]}_{number}"


class Processes:
    """Robots and runs of one portal."""

    def __init__(self, world: World, rows: Rows, events: AppEvents) -> None:
        """Read everything back."""
        self._world = world
        self._rows = rows
        self._events = events
        self._robots = {row_id: Robot(**body) for row_id, body in rows.all("robot")}
        self._runs = {row_id: Run(**body) for row_id, body in rows.all("run")}

    def robots(self) -> list[Robot]:
        """Return what is registered, oldest first."""
        return [*self._robots.values()]

    def robot(self, code: str) -> Robot | None:
        """Return the robot or activity of a code."""
        return next((each for each in self._robots.values() if each.code == code), None)

    def put(self, robot: Robot) -> None:
        """Register a robot, or change the one of its code."""
        known = next((row_id for row_id, each in self._robots.items() if each.code == robot.code), None)
        row_id = known or self._rows.next_id("robot")
        self._robots[row_id] = robot
        self._rows.put("robot", row_id, asdict(robot))
        self._world.changed.set()

    def drop(self, codes: list[str]) -> None:
        """Take robots away."""
        gone = [row_id for row_id, each in self._robots.items() if each.code in codes]
        for row_id in gone:
            del self._robots[row_id]
        self._rows.drop("robot", gone)

    def run(self, run_id: int) -> Run | None:
        """Return a run."""
        return self._runs.get(run_id)

    def waiting(self) -> list[Run]:
        """Return the runs whose processes wait, oldest first."""
        return [each for each in self._runs.values() if each.state == "waiting"]

    def start(self, robot: Robot, document: str, properties: Mapping[str, Any]) -> Run:
        """Let a process reach the robot: its handler is called."""
        kind, _, number = document.partition(":")
        module, entity, name = _TYPES[kind]
        workflow = secrets.token_hex(16)
        token = f"{workflow}|A{secrets.randbelow(10**5)}_{robot.code}|{secrets.token_hex(16)}"
        state: State = "waiting" if robot.waits else "done"
        run = Run(self._rows.next_id("run"), robot.code, document, token, workflow, state)
        self._keep(run)
        moment = int(self._world.clock.now().timestamp())
        values = {
            "workflow_id": workflow,
            "code": robot.code,
            "document_id": [module, entity, f"{name}_{number}"],
            "document_type": [module, entity, name],
            "event_token": token,
            "properties": dict(properties),
            "use_subscription": "Y" if robot.waits else "N",
            "timeout_duration": "0",
            "ts": moment,
        }
        user_id = robot.auth_user_id or 1
        self._events.send(robot.handler, self._events.plain_form({**values, "auth": self._events.full_auth(user_id)}))
        return run

    def answer(self, token: str, values: Mapping[str, Any], message: str) -> None:
        """Take the answer of a robot that waits; any other, and a second one, is refused."""
        run = self._waiting(token)
        robot = self.robot(run.code)
        known = robot.return_properties if robot else {}
        run.returned = {name: value for name, value in values.items() if name in known}
        run.state = "done"
        if message:
            run.log.append(message)
        self._keep(run)

    def note(self, token: str, message: str) -> None:
        """Write into the log of a process that waits."""
        run = self._waiting(token)
        run.log.append(message)
        self._keep(run)

    def terminate(self, run: Run) -> None:
        """End a process; what comes for it is refused from now on."""
        run.state = "terminated"
        self._keep(run)

    def _waiting(self, token: str) -> Run:
        run = next((each for each in self._runs.values() if each.token == token), None)
        if run is None or run.state != "waiting":
            raise access_denied("Access denied!")
        return run

    def _keep(self, run: Run) -> None:
        self._runs[run.id] = run
        self._rows.put("run", run.id, asdict(run))
        self._world.changed.set()


def wrong(description: str) -> RestError:
    """Refuse a robot that is not described well."""
    return RestError("ERROR_ACTIVITY_VALIDATION_FAILURE", description)
