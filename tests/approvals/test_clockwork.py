"""What the clock does: deadlines, escalations, the hard limit, and that nothing fires twice."""

from typing import Any

from tests.approvals.playing import Game, company, person, route, stage, track, user


def timed(
    *, undo: int = 0, people: dict[str, Any] | None = None, policy: dict[str, Any] | None = None, **deadline: Any
) -> Game:
    """Begin a request that two people decide within a day."""
    form = route(
        stage(track(user(1, 2), "all"), deadline={"after": "1d", **deadline}),
        policy={"undo_seconds": undo, **(policy or {})},
        outcomes={"expired": [{"do": "notify", "args": {"to": "initiator"}}], "rejected": [{"do": "webhook"}]},
    )
    return Game(form, people or company(*range(1, 10), 40)).begun()


def step(*to: int, mode: str = "add", extend: str = "1d") -> dict[str, Any]:
    """Return a step of an escalation."""
    return {"to": user(*to), "mode": mode, "extend": extend}


def test_e39_overdue() -> None:
    """E39: what fell due is carried out by whatever comes next, which is told, with the effects on its line."""
    line = timed().at("tue 10:47").do("approve", by=1)
    assert ("expired", "expired", [{"do": "notify", "args": {"to": "initiator"}}]) == (
        line["refusal"], line["state"], line["effects"]
    )  # fmt: skip


def test_effects_are_told_once() -> None:
    """The line after an end has none."""
    game = timed()
    assert 1 == len(game.tick("tue 10:00")["effects"])
    assert [] == game.tick("tue 10:01")["effects"]


def test_e40_at_the_same_instant() -> None:
    """E40: an answer a second before counts, one at the instant of the deadline comes too late."""
    game = timed()
    game.do("approve", by=1)
    assert "approved" == game.at("tue 09:59:59").do("approve", by=2)["state"]
    game = timed()
    assert "expired" == game.at("tue 10:00").refusal("approve", by=1)


def test_expired_whatever_the_state() -> None:
    """A deadline that rejected or approved is told as one that has passed; any other end as a decision."""
    game = timed(on_expire="reject")
    assert ["rejected", "expired"] == [game.tick("tue 10:00")["state"], game.refusal("approve", by=1)]
    game = timed(on_expire="approve", policy={"auto_approve_on_expiry": True})
    assert ["approved", "expired"] == [game.tick("tue 10:00")["state"], game.refusal("approve", by=1)]
    game = timed()
    game.do("withdraw", by=40)
    assert "already_decided" == game.refusal("approve", by=1)


def test_skip() -> None:
    """A stage whose answer is advice is passed over."""
    form = route(
        stage(track(user(1)), id="advice", deadline={"after": "1d", "on_expire": "skip"}), stage(track(user(2)))
    )
    line = Game(form).begun().tick("tue 10:00")
    assert ("only", [2], "2026-01-08T10:00:00+03:00") == (line["stage"], line["asked"], line["due"])


def test_e45_the_end_of_the_ladder() -> None:
    """E45: after the escalations comes the route's own end, once; a late look finds the same as one in time."""
    game = timed(escalate=[step(3), step(4, mode="replace")])
    assert ([1, 2, 3], "2026-01-07T10:00:00+03:00") == (game.tick("tue 10:00")["asked"], game.line["due"])
    assert [2, 4] == game.tick("wed 10:00")["asked"]
    assert "expired" == game.tick("thu 10:00")["state"]
    assert "expired" == timed(escalate=[step(3), step(4, mode="replace")]).tick("+1 mon 10:00")["state"]


def test_dealt_round_and_round() -> None:
    """Targets are dealt to the open seats in order, round and round; nobody gets a second voice."""
    game = timed(escalate=[step(3, 4, 5)])
    game.tick("tue 10:00")
    for by, tally in ((5, [1, 0, 1]), (4, [2, 0, 0])):
        assert tally == game.do("approve", by=by)["tally"].get("main", [2, 0, 0])
    game = timed(escalate=[step(2, 3)])
    assert [1, 2, 3] == game.tick("tue 10:00")["asked"]
    assert "already_answered" == (game.do("approve", by=3) and game.refusal("approve", by=1))


def test_replaced_only_where_somebody_came() -> None:
    """`replace` removes the holders of those seats only that got somebody, and nobody from a seat with its ballot."""
    assert [2, 3] == timed(escalate=[step(3, mode="replace")]).tick("tue 10:00")["asked"]
    game = timed(escalate=[step(3, mode="replace")])
    game.do("approve", by=1)
    assert [3] == game.tick("tue 10:00")["asked"]


def test_e46_nobody_to_escalate_to() -> None:
    """E46: the step is spent, the deadline extended as written, and the next step follows."""
    people = company(1, 2, person(3, active=False), 4, 40)
    game = timed(escalate=[step(3), step(4)], people=people)
    assert ([1, 2], "2026-01-07T10:00:00+03:00") == (game.tick("tue 10:00")["asked"], game.line["due"])
    assert [1, 2, 4] == game.tick("wed 10:00")["asked"]


def test_extension_of_the_old_deadline() -> None:
    """The new deadline is the old one plus the extension, by the clock of its unit."""
    game = timed(after="5d", escalate=[step(3, extend="1wd")])
    assert "2026-01-10T10:00:00+03:00" == game.line["due"]
    assert "2026-01-13T09:00:00+03:00" == game.tick("sat 12:00")["due"]


def limited(**more: Any) -> dict[str, Any]:
    """Return a route that ends after two hours."""
    first = stage(track(user(1)), id="first", deadline={"after": "1h"})
    return route(first, stage(track(user(2)), deadline={"after": "1h"}), hard_limit="2h", **more)


def test_e47_hard_limit_in_rework() -> None:
    """E47: the hard limit ends a rework, too."""
    form = limited(rework={"max_rounds": 1, "deadline": "5d"})
    form["stages"][0]["tracks"][0]["actions"] = ["approve", "reject", "return"]
    game = Game(form).begun()
    assert "2026-01-10T10:00:00+03:00" == game.do("return", by=1)["due"]
    assert ["expired", "expired"] == [game.tick("12:00")["state"], game.refusal("resubmit", by=40)]


def test_hard_limit_while_settling() -> None:
    """At the hard limit what settles does so; what this does not end has expired."""
    game = Game(limited(policy={"undo_seconds": 600})).begun()
    game.at("10:55").do("approve", by=1)
    assert "2026-01-05T12:05:00+03:00" == game.tick("11:05")["due"]
    assert "2026-01-05T12:05:00+03:00" == game.at("11:55").do("approve", by=2)["settles"]
    assert "approved" == game.tick("12:00")["state"]
    form = limited(policy={"undo_seconds": 600})
    form["stages"][0]["deadline"]["after"] = "2h"
    game = Game(form).begun()
    game.at("11:59").do("approve", by=1)
    assert "expired" == game.tick("12:00")["state"]


def test_rework_deadline() -> None:
    """A rework that nobody resubmits expires, by a clock of its own."""
    form = route(
        stage(track(user(1), actions=["approve", "reject", "return"])), rework={"max_rounds": 1, "deadline": "1d"}
    )
    game = Game(form).begun()
    game.do("return", by=1)
    assert ("expired", "expired") == (game.at("tue 10:00").refusal("resubmit", by=40), game.line["state"])


def test_no_deadline_while_it_settles() -> None:
    """While a stage settles its deadline waits; an undo that opens it again carries it out in the same line."""
    game = timed(undo=600)
    game.do("approve", by=1)
    game.at("tue 09:55").do("approve", by=2)
    line = game.tick("tue 10:01")
    assert ("pending", [], "2026-01-06T10:00:00+03:00") == (line["state"], line["asked"], line["due"])
    assert (True, "expired") == (game.at("tue 10:02").do("undo", by=2)["accepted"], game.line["state"])
    game = timed(undo=600, escalate=[step(3)])
    game.do("approve", by=1)
    game.at("tue 09:55").do("approve", by=2)
    line = game.at("tue 10:02").do("undo", by=2)
    assert ([2, 3], "2026-01-07T10:00:00+03:00") == (line["asked"], line["due"])


def test_e48_the_clock_jumps_back() -> None:
    """E48, I14: an instant before the last one counts as that one, and nothing fires twice."""
    game = timed(escalate=[step(3)])
    due = game.tick("tue 10:00")["due"]
    assert (due, [1, 2, 3]) == (game.tick("mon 10:00")["due"], game.line["asked"])
    assert "pending" == game.tick("tue 10:00")["state"]


def test_settling_goes_before_the_deadline() -> None:
    """Of what falls due together settling goes first."""
    game = timed(undo=60)
    game.do("approve", by=1)
    game.at("tue 09:59").do("approve", by=2)
    assert "approved" == game.tick("tue 10:00")["state"]


def test_return_goes_before_the_deadline() -> None:
    """A principal who is back at the instant of the deadline holds the seat that is escalated."""
    people = company(person(1, away=[["2026-01-05", "2026-01-06T10:00"]], substitute=3), 2, 3, 4, 40)
    game = timed(people=people, escalate=[step(4)])
    assert [2, 3] == game.line["asked"]
    assert [1, 2, 4] == game.tick("tue 10:00")["asked"]
