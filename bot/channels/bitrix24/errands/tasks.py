"""Tasks: made, changed, and taken through their states.

A state is looked at before it is changed, and whether the portal lets us change it. What was made is found by our mark,
the last line of its description.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.channels.bitrix24.errands.forms import fields_of, has_mark, marked_text, object_of, plain
from bot.channels.bitrix24.errands.refusals import gone, not_done, refused
from bot.channels.bitrix24.errands.registry import Performer, Result, performs
from bot.channels.bitrix24.errands.site import Site
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.values import items, mapping, number, text
from bot.domain.automation.errand import Errand, ErrandKind
from bot.domain.automation.portal_object import ObjectRef
from bot.ports import NotDone

_PAGES: Final = 3
_LONGEST_TITLE: Final = 250
_SHORT: Final = {"deal": "D", "lead": "L"}
_STATES: Final[Mapping[ErrandKind, tuple[str, frozenset[int]]]] = {
    ErrandKind.TASK_COMPLETE: ("complete", frozenset({4, 5})),
    ErrandKind.TASK_APPROVE: ("approve", frozenset({5})),
    ErrandKind.TASK_DISAPPROVE: ("disapprove", frozenset({2, 3})),
}
"""What is asked for, and in which states it is so already: 2 waits, 3 runs, 4 awaits control, 5 is completed."""


def task_of(errand: Errand) -> ObjectRef:
    """Return the task that a form names."""
    ref = object_of(errand)
    if ref.kind != "task":
        raise refused("no_object")
    return ref


async def task_as_it_is(site: Site, task_id: int, *names: str) -> Mapping[str, Any]:
    """Return fields of a task; NotDone where it is gone, or nobody of ours may see it."""
    answer = await site.read("tasks.task.get", {"taskId": task_id, "select": ["ID", *names]})
    task = mapping(mapping(answer.result).get("task"))
    if number(task.get("id")) != task_id:
        raise gone()
    return task


def explained(error: RestError) -> NotDone:
    """Return what a refusal of a task's method means: what is not there and what is not ours look alike there."""
    if error.code == "HTTP_400":
        return refused("no_right")
    return refused("value_refused") if error.code in {"ERROR_CORE", "100"} else not_done(error)


async def _asked(site: Site, method: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        answer = await site.ask(method, params)
    except RestError as error:
        raise explained(error) from None
    return mapping(mapping(answer.result).get("task"))


@performs(ErrandKind.TASK_ADD)
class AddTask(Performer):
    """Makes a task.

    `title`, `description`, `responsible` (an account), and where wanted `creator`, `deadline` (ISO 8601 with its
    offset), `accomplices`, `auditors`, `about` (an object of CRM) and `fields`, by the portal's own names.
    """

    async def look(self, site: Site, errand: Errand) -> Result | None:
        """Return the task that carries our mark, among the newest of whoever is responsible."""
        start: int | None = 0
        for _ in range(_PAGES):
            params = {
                "filter": {"RESPONSIBLE_ID": number(errand.form.get("responsible"))},
                "select": ["ID", "DESCRIPTION"],
                "order": {"ID": "desc"},
                "start": start,
            }
            answer = await site.read("tasks.task.list", params)
            for each in map(mapping, items(mapping(answer.result).get("tasks"))):
                if has_mark(errand, each.get("description")):
                    return _made(number(each.get("id")))
            if (start := answer.next) is None:
                break
        return None

    async def do(self, site: Site, errand: Errand) -> Result:
        """Make it, with our mark."""
        made = await _asked(site, "tasks.task.add", {"fields": _fields(errand)})
        if not number(made.get("id")):
            raise refused("refused")
        return _made(number(made.get("id")))


def _made(task_id: int) -> Result:
    return {"object": str(ObjectRef("task", task_id))}


def _fields(errand: Errand) -> dict[str, Any]:
    form = errand.form
    fields: dict[str, Any] = {
        **fields_of(errand),
        "TITLE": " ".join(text(form.get("title")).split())[:_LONGEST_TITLE],
        "DESCRIPTION": marked_text(errand, "description"),
        "RESPONSIBLE_ID": number(form.get("responsible")),
    }
    if not fields["TITLE"] or not fields["RESPONSIBLE_ID"]:
        raise refused("nothing_to_do")
    if creator := number(form.get("creator")):
        fields["CREATED_BY"] = creator
    if form.get("deadline"):
        fields["DEADLINE"] = text(form["deadline"])
    for name in ("accomplices", "auditors"):
        if people := [number(each) for each in form.get(name) or () if number(each)]:
            fields[name.upper()] = people
    about = ObjectRef.parse(text(form.get("about")))
    if about is not None and about.entity_type is not None:
        short = _SHORT.get(about.kind) or f"T{about.type_id:x}"
        fields["UF_CRM_TASK"] = [f"{short}_{about.number}"]
    return fields


@performs(ErrandKind.TASK_UPDATE)
class UpdateTask(Performer):
    """Changes fields of a task: `object`, `fields` by the portal's own names. To write the same twice is no harm."""

    async def do(self, site: Site, errand: Errand) -> Result:
        """Change it."""
        ref, fields = task_of(errand), fields_of(errand)
        if not fields:
            raise refused("nothing_to_do")
        if "DESCRIPTION" in fields:
            fields["DESCRIPTION"] = plain(str(fields["DESCRIPTION"]))
        await task_as_it_is(site, ref.number)
        await _asked(site, "tasks.task.update", {"taskId": ref.number, "fields": fields})
        return {"object": str(ref)}


@performs(ErrandKind.TASK_COMPLETE, ErrandKind.TASK_APPROVE, ErrandKind.TASK_DISAPPROVE)
class MoveTask(Performer):
    """Completes a task, approves or returns its result: `object`. Its state tells whether that is so already."""

    async def do(self, site: Site, errand: Errand) -> Result:
        """Look how it stands and what we may do, and do it."""
        ref = task_of(errand)
        action, is_so = _STATES[errand.kind]
        task = await task_as_it_is(site, ref.number, "STATUS", "ACTION")
        if number(task.get("status")) in is_so:
            return {"object": str(ref)}
        if mapping(task.get("action")).get(action) is False:
            raise refused("no_right")
        await _asked(site, f"tasks.task.{action}", {"taskId": ref.number})
        return {"object": str(ref)}
