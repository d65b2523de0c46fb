"""Answers to business processes on the emulated portal: taken once, also where the answer to them is lost."""

from typing import Any

import pytest

from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.limiter import Limiter
from bot.channels.bitrix24.processes.running import running_processes
from bot.channels.bitrix24.processes.tasks import own_tasks
from bot.domain.automation.errand import ErrandKind, ErrandState
from bot.domain.automation.process import ACTIVITY, ROBOT
from bot.ports import NotDone
from bot.sandbox.portal.processes import Run
from tests.channels.bitrix24.test_errands_on_portals import LIAM, Keys, Place, place

__all__ = ["place"]

NOAH = 4


async def registered(place: Place, *templates: tuple[str, str]) -> None:
    """Register the robots, with these templates to choose from."""
    site = place.ground.authority.application.site or "http://127.0.0.1:9"
    choices = [list(each) for each in templates]
    assert {} == await place.run(place.errand(ErrandKind.PROCESS_ROBOTS, site=site, templates=choices))


async def begun(place: Place) -> Run:
    """Let a process of a deal wait for our robot."""
    await registered(place)
    robot = place.portal.processes.robot(ROBOT)
    assert robot is not None
    return place.portal.processes.start(robot, "deal:4701", {})


def answer(place: Place, run: Run) -> Any:
    """Return the errand that tells it what was decided."""
    values = {"decision": "approved", "comment": "", "decided_by": "user_2", "request": "5"}
    return place.errand(ErrandKind.PROCESS_ANSWER, token=run.token, values=values, message="Approved")


async def test_robots_are_registered_and_described_anew(place: Place) -> None:
    """The first time they are added, later changed; what can be chosen follows; a lost answer does no harm."""
    await registered(place)
    await registered(place, ("trip", "A trip"))
    site = place.ground.authority.application.site or "http://127.0.0.1:9"
    await place.lost(place.errand(ErrandKind.PROCESS_ROBOTS, site=site, templates=[["trip", "Trips"]]))
    robots = {each.code: each for each in place.portal.processes.robots()}
    assert {ROBOT, ACTIVITY} == set(robots)
    assert {"trip": "Trips"} == robots[ROBOT].properties["template"]["Options"]
    assert ("Y", f"{site}/bitrix24/robot/{ROBOT}") == (robots[ROBOT].use_subscription, robots[ROBOT].handler)
    assert "Y" == robots[ROBOT].properties["approvers"]["Multiple"]


async def test_an_administrator_who_lost_the_right(place: Place) -> None:
    """Robots cannot be registered by whoever is none any more: it is told as that, and tried no more."""
    errand = place.errand(ErrandKind.PROCESS_ROBOTS, str(LIAM), site="http://127.0.0.1:9", templates=[])
    with pytest.raises(NotDone) as refused:
        await place.run(errand)
    assert ("no_right", ErrandState.FAILED) == (refused.value.reason, refused.value.ends)


async def test_a_process_is_answered_once(place: Place) -> None:
    """It goes on with the values; where the answer was lost, the refusal of the second tells that the first arrived."""
    run = await begun(place)
    assert {} == await place.run(answer(place, run))
    assert ("done", "approved", ["Approved"]) == (run.state, run.returned["decision"], run.log)
    another = await begun(place)
    assert {} == await place.lost(answer(place, another))
    assert ("done", ["Approved"]) == (another.state, another.log)


async def test_a_process_that_was_ended(place: Place) -> None:
    """A refusal of the first try: nobody waits any more, so it is left (E62)."""
    run = await begun(place)
    place.portal.processes.terminate(run)
    with pytest.raises(NotDone) as left:
        await place.run(answer(place, run))
    assert ("process_gone", ErrandState.LEFT) == (left.value.reason, left.value.ends)


async def test_which_processes_run(place: Place) -> None:
    """Those that wait are listed to an administrator; a colleague is told nothing, so nothing follows."""
    runs = [await begun(place) for _ in range(2)]
    place.portal.processes.terminate(runs[1])
    workflows = [each.workflow for each in runs]
    clock, session = place.ground.world.clock, place.ground.session
    limiter = Limiter(drain=1000.0, full=1000.0)
    assert {workflows[0]} == await running_processes(
        Client(Keys(place.ground), limiter, session, clock), "beta", workflows
    )
    assert await running_processes(Client(Keys(place.ground, LIAM), limiter, session, clock), "b", workflows) is None


async def test_ones_own_tasks(place: Place) -> None:
    """They are read and answered by one's own token, with the comment that the process wants, once."""
    tasks = place.portal.process_tasks
    rules = {"CommentRequired": "YR", "StatusYesLabel": "Pay"}
    own = tasks.add(LIAM, "w", "ApproveActivity", "Invoice", parameters=rules)
    other = tasks.add(NOAH, "w", "ApproveActivity", "Another's")
    limiter = Limiter(drain=1000.0, full=1000.0)
    client = Client(Keys(place.ground, LIAM), limiter, place.ground.session, place.ground.world.clock)
    (listed,) = await own_tasks(client, str(LIAM))
    assert (own.id, "Invoice", "Pay", "YR") == (
        listed.id,
        listed.body["name"],
        listed.body["label_yes"],
        listed.body["comment_required"],
    )

    def answers(task: int, status: int, comment: str = "") -> Any:
        return place.errand(ErrandKind.PROCESS_TASK, str(LIAM), task=task, status=status, comment=comment)

    for task, status, reason, ends in (
        (own.id, 2, "refused", ErrandState.FAILED),
        (other.id, 1, "decided_elsewhere", ErrandState.LEFT),
    ):
        with pytest.raises(NotDone) as refused:
            await place.run(answers(task, status))
        assert (reason, ends) == (refused.value.reason, refused.value.ends)
    assert {"status": 2} == await place.lost(answers(own.id, 2, "no money"))
    assert (2, "no money", 0) == (own.status, own.comment, other.status)
    with pytest.raises(NotDone) as late:
        await place.run(answers(own.id, 1))
    assert ("decided_elsewhere", ErrandState.LEFT) == (late.value.reason, late.value.ends)
    assert [] == list(await own_tasks(client, str(LIAM)))
