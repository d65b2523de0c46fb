"""Business processes: one that waits is told what was decided, people's own tasks are answered, robots registered.

An answer is not looked for: a second one is refused, so that a refusal after a doubtful try tells that it arrived.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.channels.bitrix24.errands.refusals import not_done, refused
from bot.channels.bitrix24.errands.registry import Performer, Result, performs
from bot.channels.bitrix24.errands.site import Site
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.processes.robots import described
from bot.channels.bitrix24.values import items, mapping, number, text
from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.process import ACTIVITY, GONE, ROBOT
from bot.ports import NotDone

_DENIED: Final = "ACCESS_DENIED"
_INSTALLED: Final = "ERROR_ACTIVITY_ALREADY_INSTALLED"


@performs(ErrandKind.PROCESS_ANSWER)
class AnswerProcess(Performer):
    """Tells a waiting process what was decided: `token`, `values`, `message`."""

    async def do(self, site: Site, errand: Errand) -> Result:
        """Tell it. A token that is taken no more is of a process that was ended, or has gone on by itself (E62)."""
        if not errand.form.get("token"):
            raise refused("wrong_key")
        form = {
            "EVENT_TOKEN": text(errand.form.get("token")),
            "RETURN_VALUES": dict(mapping(errand.form.get("values"))),
            "LOG_MESSAGE": text(errand.form.get("message")),
        }
        try:
            await site.ask("bizproc.event.send", form)
        except RestError as error:
            if error.code != _DENIED:
                raise not_done(error) from None
            if not errand.is_doubtful:
                raise NotDone(GONE, ends=ErrandState.LEFT) from None
        return {}


@performs(ErrandKind.PROCESS_ROBOTS)
class RegisterRobots(Performer):
    """Registers the robot and the activity, or describes them anew: `site`, `templates` as pairs of key and title."""

    async def do(self, site: Site, errand: Errand) -> Result:
        """Do it; done twice it is the same."""
        address = text(errand.form.get("site"))
        choices = {text(each[0]): text(each[1]) for each in items(errand.form.get("templates")) if len(each) == 2}
        if not address.startswith(("https://", "http://")):
            raise refused("value_refused")
        for kind, code in (("robot", ROBOT), ("activity", ACTIVITY)):
            await _register(site, kind, code, described(f"{address}/bitrix24/robot/{code}", choices))
        return {}


async def _register(site: Site, kind: str, code: str, fields: Mapping[str, Any]) -> None:
    try:
        await site.ask(f"bizproc.{kind}.add", {"CODE": code, **fields})
    except RestError as error:
        if error.code != _INSTALLED:
            raise not_done(error) from None
        await site.call(f"bizproc.{kind}.update", {"CODE": code, "FIELDS": dict(fields)})


@performs(ErrandKind.PROCESS_TASK)
class CompleteTask(Performer):
    """Answers somebody's own task in their name: `task`, `status`, `comment`."""

    async def look(self, site: Site, errand: Errand) -> Result | None:
        """Return what it came to, where the task is answered as it was to be."""
        params = {"SELECT": ["ID", "USER_STATUS"], "FILTER": {"ID": number(errand.form.get("task"))}}
        answer = await site.read("bizproc.task.list", params)
        for each in map(mapping, items(answer.result)):
            status = number(each.get("USER_STATUS"))
            if status and status == min(number(errand.form.get("status")), 3):
                return {"status": status}
        return None

    async def do(self, site: Site, errand: Errand) -> Result:
        """Answer it; what somebody else, or the person themselves, has decided meanwhile stays as it is (E19)."""
        form = {
            "TASK_ID": number(errand.form.get("task")),
            "STATUS": number(errand.form.get("status")),
            "COMMENT": text(errand.form.get("comment")),
        }
        try:
            await site.ask("bizproc.task.complete", form)
        except RestError as error:
            if error.code in ("ERROR_TASK_COMPLETED", "ERROR_TASK_NOT_FOUND"):
                raise NotDone("decided_elsewhere", ends=ErrandState.LEFT) from None
            raise not_done(error) from None
        return {"status": form["STATUS"]}
