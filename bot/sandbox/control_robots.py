"""The control calls about robots: a business process reaches one of ours, and what became of it."""

import secrets
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox import control_view as view
from bot.sandbox.control_http import Problem, read_fields, text_field
from bot.sandbox.control_portals import PortalCalls
from bot.sandbox.portal.crm.pipelines import TYPES
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.process_tasks import ALLOWED, ProcessTask
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

    async def give_task(self, request: web.Request) -> web.Response:
        """Let a process give somebody a task of its own."""
        served = self.portals.portal(request)
        fields = await read_fields(request, {"person", "name", "activity", "description", "document", "parameters"})
        person = self.portals.world.person(text_field(fields, "person"))
        if person is None or person.portal != served.portal.key:
            raise Problem(404, "unknown_person", "Nobody of that key works there.")
        activity = str(fields.get("activity") or "ApproveActivity")
        if activity not in ALLOWED:
            raise Problem(400, "bad_field", f'"activity" must be one of {", ".join(ALLOWED)}.')
        parameters = fields.get("parameters") or {}
        if not isinstance(parameters, dict):
            raise Problem(400, "bad_field", '"parameters" must be an object.')
        task = served.portal.process_tasks.add(
            person.bitrix24_user_id,
            secrets.token_hex(16),
            activity,
            text_field(fields, "name"),
            description=str(fields.get("description") or ""),
            document_name=str(fields.get("document") or ""),
            parameters=parameters,
        )
        return view.answer({"id": task.id})

    async def task(self, request: web.Request) -> web.Response:
        """Tell how such a task stands."""
        task = self._task(request)
        return view.answer({"status": task.status, "comment": task.comment, "user_id": task.user_id})

    async def answer_task(self, request: web.Request) -> web.Response:
        """Let its person answer it on the portal itself."""
        fields = await read_fields(request, {"status", "comment"})
        task, portal = self._task(request), self.portals.portal(request).portal
        account = portal.accounts[task.user_id]
        try:
            portal.process_tasks.complete(account, task.id, fields.get("status"), str(fields.get("comment") or ""))
        except RestError as refusal:
            raise Problem(409, refusal.code.lower(), refusal.description) from None
        return view.answer({"ok": True})

    def _task(self, request: web.Request) -> ProcessTask:
        found = self.portals.portal(request).portal.process_tasks.get(int(request.match_info["task"]))
        if found is None:
            raise Problem(404, "unknown_task", "There is no such task.")
        return found

    def _processes(self, request: web.Request) -> Processes:
        return self.portals.portal(request).portal.processes

    def _run(self, request: web.Request) -> Run:
        run = self._processes(request).run(int(request.match_info["run"]))
        if run is None:
            raise Problem(404, "unknown_run", "There is no such run.")
        return run
