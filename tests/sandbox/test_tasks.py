"""Tasks: camelCase strings, what is not there, who may do what, and events with the word that stands for nothing."""

from typing import Any

import pytest

from tests.sandbox.desk import Desk, desk

__all__ = ["desk"]


async def add(desk: Desk, **fields: Any) -> dict[str, Any]:
    """Make a task for Noah."""
    given = {"TITLE": "Prepare the contract", "RESPONSIBLE_ID": 4, **fields}
    task: dict[str, Any] = (await desk("tasks.task.add", fields=given)).result["task"]
    return task


async def test_strings(desk: Desk) -> None:
    """Ids and numbers are strings; `select` leaves what was asked for."""
    task = await add(desk, UF_CRM_TASK=["D_12"], ACCOMPLICES=[2])
    assert ("4", "1", "2", "1", ["D_12"], ["2"], None) == tuple(
        task[name]
        for name in ("responsibleId", "createdBy", "status", "priority", "ufCrmTask", "accomplices", "deadline")
    )
    assert {"complete": True, "approve": False}.items() <= task["action"].items()
    chosen = (await desk("tasks.task.get", taskId=task["id"], select=["TITLE", "CHAT_ID"])).result["task"]
    assert {"id", "title", "chatId"} == set(chosen)


async def test_what_is_not_theirs(desk: Desk) -> None:
    """A task that is missing or another's is an empty list; a change of it is refused in the same words."""
    task = await add(desk)
    assert [] == (await desk("tasks.task.get", taskId=1)).result
    desk.token = desk.ground.pair(3)["access_token"]
    assert [] == (await desk("tasks.task.get", taskId=task["id"])).result
    assert (400, "0") == (await desk("tasks.task.complete", taskId=task["id"])).refusal
    assert (400, "0") == (await desk("tasks.task.update", taskId=1, fields={"TITLE": "?"})).refusal


@pytest.mark.parametrize("fields", [{"TITLE": "?"}, {"RESPONSIBLE_ID": 4}, {"TITLE": "?", "RESPONSIBLE_ID": 99}])
async def test_what_is_missing(desk: Desk, fields: dict[str, Any]) -> None:
    """The text of a refusal ends in a tag."""
    refused = await desk("tasks.task.add", fields=fields)
    assert (400, "ERROR_CORE") == refused.refusal
    assert refused.body["error_description"].endswith("<br>")
    assert (400, "100") == (await desk("tasks.task.add")).refusal


@pytest.mark.parametrize(
    ("actions", "status"),
    [
        (["start"], "3"),
        (["start", "pause"], "2"),
        (["defer"], "6"),
        (["complete"], "5"),
        (["complete", "renew"], "2"),
    ],
)
async def test_states(desk: Desk, actions: list[str], status: str) -> None:
    """A task goes through its states."""
    task = await add(desk)
    for action in actions:
        task = (await desk(f"tasks.task.{action}", taskId=task["id"])).result["task"]
    assert status == task["status"]
    assert (status == "5") == (task["closedDate"] is not None)


async def test_control(desk: Desk) -> None:
    """Where the result is controlled, whoever set the task approves it, and the doer cannot."""
    task = await add(desk, TASK_CONTROL="Y")
    boss, desk.token = desk.token, desk.ground.pair(4)["access_token"]
    assert "4" == (await desk("tasks.task.complete", taskId=task["id"])).result["task"]["status"]
    assert (400, "0") == (await desk("tasks.task.approve", taskId=task["id"])).refusal
    desk.token = boss
    assert "5" == (await desk("tasks.task.approve", taskId=task["id"])).result["task"]["status"]


async def test_events(desk: Desk) -> None:
    """`undefined` stands as it does on the portal; a comment is told with id 0 and its message."""
    await desk.bind("ONTASKADD", "ONTASKUPDATE", "ONTASKDELETE", "ONTASKCOMMENTADD")
    task = await add(desk)
    number = task["id"]
    await desk("tasks.task.update", taskId=number, fields={"TITLE": "Another"})
    message = (await desk("task.commentitem.add", TASKID=number, FIELDS={"POST_MESSAGE": "Done?"})).result
    await desk("tasks.task.delete", taskId=number)
    none = "undefined"
    assert [
        (
            "ONTASKADD",
            {
                "FIELDS_BEFORE": none,
                "FIELDS_AFTER": {"ID": number},
                "IS_ACCESSIBLE_BEFORE": "N",
                "IS_ACCESSIBLE_AFTER": none,
            },
        ),
        (
            "ONTASKUPDATE",
            {
                "FIELDS_BEFORE": {"ID": number},
                "FIELDS_AFTER": {"ID": number},
                "IS_ACCESSIBLE_BEFORE": none,
                "IS_ACCESSIBLE_AFTER": none,
            },
        ),
        (
            "ONTASKCOMMENTADD",
            {"FIELDS_BEFORE": none, "FIELDS_AFTER": {"ID": "0", "TASK_ID": number, "MESSAGE_ID": str(message)}},
        ),
        (
            "ONTASKDELETE",
            {
                "FIELDS_BEFORE": {"ID": number},
                "FIELDS_AFTER": none,
                "IS_ACCESSIBLE_BEFORE": none,
                "IS_ACCESSIBLE_AFTER": "N",
            },
        ),
    ] == await desk.told(4)


async def test_list_and_delegate(desk: Desk) -> None:
    """Everybody lists what they have to do with; a task handed on is the next one's."""
    first, second = await add(desk), await add(desk, RESPONSIBLE_ID=2)
    listed = (await desk("tasks.task.list", filter={"RESPONSIBLE_ID": 2}, select=["ID", "TITLE"])).result["tasks"]
    assert [{"id": second["id"], "title": second["title"]}] == listed
    given = await desk("tasks.task.delegate", taskId=first["id"], userId=3)
    assert "3" == given.result["task"]["responsibleId"]
    desk.token = desk.ground.pair(3)["access_token"]
    assert [first["id"]] == [each["id"] for each in (await desk("tasks.task.list")).result["tasks"]]
