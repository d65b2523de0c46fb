"""The control calls about robots: a business process reaches one of ours, and what became of it."""

from dataclasses import dataclass

from aiohttp import web

from bot.sandbox import control_view as view
from bot.sandbox.control_http import Problem, read_fields, text_field
from bot.sandbox.control_portals import PortalCalls
from bot.sandbox.portal.crm.pipelines import TYPES
from bot.sandbox.portal.processes import Processes, Run


@dataclass(slots=True)
class RobotCalls:
    """The handlers of `/sandbox/api/portals/{portal}/robots...`."""

    portals: PortalCalls

    async def robots(self, request: web.Request) -> web.Response:
        """List the registered robots."""
        return view.answer(
            [
                {
                    "code": each.code,
                    "kind": each.kind,
                    "name": each.name,
                    "handler": each.handler,
                    "waits": each.waits,
                    "properties": each.properties,
                    "return_properties": each.return_properties,
                }
                for each in self._processes(request).robots()
            ]
        )

    async def start(self, request: web.Request) -> web.Response:
        """Let a process of a document reach a robot."""
        portal, processes = self.portals.portal(request).portal, self._processes(request)
        robot = processes.robot(request.match_info["code"])
        if robot is None:
            raise Problem(404, "unknown_robot", "No robot of that code is registered.")
        fields = await read_fields(request, {"document", "properties"})
        document, properties = text_field(fields, "document"), fields.get("properties") or {}
        named, _, number = document.partition(":")
        kind = next((each for each in TYPES.values() if each == named), None)
        if kind is None or not number.isdecimal() or portal.crm.get(kind, int(number)) is None:
            raise Problem(400, "bad_field", '"document" must be a deal or lead of the portal, such as "deal:4701".')
        if not isinstance(properties, dict):
            raise Problem(400, "bad_field", '"properties" must be an object.')
        missing = [
            key for key, about in robot.properties.items() if about.get("Required") == "Y" and not properties.get(key)
        ]
        if missing:
            raise Problem(409, "property_missing", f"The robot needs {', '.join(missing)}.")
        return view.answer({"run": processes.start(robot, document, properties).id})

    async def run(self, request: web.Request) -> web.Response:
        """Tell how a run stands."""
        run = self._run(request)
        return view.answer({"state": run.state, "returned": run.returned, "log": run.log})

    async def terminate(self, request: web.Request) -> web.Response:
        """End the process of a run."""
        self._processes(request).terminate(self._run(request))
        return view.answer({"ok": True})

    def _processes(self, request: web.Request) -> Processes:
        return self.portals.portal(request).portal.processes

    def _run(self, request: web.Request) -> Run:
        run = self._processes(request).run(int(request.match_info["run"]))
        if run is None:
            raise Problem(404, "unknown_run", "There is no such run.")
        return run
