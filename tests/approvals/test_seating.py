"""Who is asked: heads, departments, fields, substitutes, four eyes, and seats that go to others."""

from typing import Any

import pytest

from tests.approvals.playing import Game, company, group, head, person, quorum, route, stage, track, user

ACTIONS = ["approve", "reject", "delegate"]
DEPARTMENTS = [
    {"id": 1, "head": 10, "parent": None},
    {"id": 2, "head": 20, "parent": 1},
    {"id": 3, "head": None, "parent": 2},
]
STAFF = company(
    person(10, department=1), person(20, department=2), person(30, department=3), person(31, head=20, department=3),
    person(32, department=3), 40, 41,
    departments=DEPARTMENTS, groups={"few": [40, 99, 31, 40]},
)  # fmt: skip


def asked(who: list[dict[str, Any]], people: dict[str, Any] = STAFF, by: int = 30, **subject: Any) -> list[int]:
    """Return who is asked where a track names somebody, everybody needed."""
    return Game(route(stage(track(who, "all"))), people).start(by, **subject)["asked"]  # type: ignore[no-any-return]


def test_e36_heads() -> None:
    """E36: a head is who is named, else the first other head from the department up."""
    assert [20] == asked(head())
    assert [20] == asked(head(), by=31)
    assert [10] == asked(head(), by=20)
    assert [10] == asked(head(2))
    assert [] == asked(head(), by=10)
    assert [20] == asked(head(of="lead"), lead=32)
    assert [] == asked(head(of="lead"), lead="32")


def test_e36_five_levels() -> None:
    """E36: it is looked for in five departments, not in more."""
    levels = [{"id": each, "head": None, "parent": each + 1} for each in range(1, 6)]
    near = company(person(1, department=2), 9, departments=[*levels, {"id": 6, "head": 9}])
    far = company(person(1, department=1), 9, departments=[*levels, {"id": 6, "head": 9}])
    assert ([9], []) == (asked(head(), near, by=1), asked(head(), far, by=1))


def test_named_in_other_ways() -> None:
    """Heads and members of a department, groups and fields, each person once and nobody unknown."""
    assert [20] == asked([{"by": "department", "id": 3}])
    assert [31, 32] == asked([{"by": "department", "id": 3, "who": "members"}])
    assert [31, 40] == asked(group("few"))
    assert [40] == asked([{"by": "field", "path": "f"}, *user(40)], f=40)
    assert [40, 41] == asked([{"by": "field", "path": "f"}], f=[41, 77, True, "40", 40, None])


def test_a_field_with_dots() -> None:
    """A field with dots is looked for as it is written, else step by step."""
    who = [{"by": "field", "path": "deal.manager"}]
    assert [40] == asked(who, deal={"manager": 40})
    assert [41] == asked(who, deal={"manager": 40}, **{"deal.manager": 41})
    assert [] == asked(who, deal=40)


def test_ids_are_not_converted() -> None:
    """A text and a number are different people."""
    people = company(1, person("1"), 5)
    assert ["1"] == asked([{"by": "employee", "id": "1"}], people, by=5)
    assert [1, "1"] == asked([{"by": "employee", "id": "1"}, *user(1)], people, by=5)


def test_e21_the_initiator_is_the_head() -> None:
    """E21: the initiator as head is passed over to the next head up; else the fallback; else it has failed."""
    assert [20] == asked(head(), by=32)
    assert [10] == asked(head(of="lead"), by=20, lead=30)
    assert [10] == asked([{"by": "department", "id": 3}], by=20)
    alone = company(10, 11)
    form = route(stage(track(head()), on_empty="fallback", fallback=user(11)))
    assert [11] == Game(form, alone).start(10)["asked"]
    assert "failed" == Game(route(stage(track(head()))), alone).start(10)["state"]
    game = Game(route(stage(track(head(), id="lead"))), alone).begun(10)
    assert ("only", "lead") == game.player.running.unseated
    inactive = company(person(30, head=31), person(31, head=10, active=False), 10)
    assert "failed" == Game(route(stage(track(head()))), inactive).start(30)["state"]


def test_self_approval_allowed() -> None:
    """Where it is allowed, the initiator decides like anybody."""
    form = route(stage(track(user(1))), policy={"self_approval": "allow"})
    game = Game(form).begun(1)
    assert "approved" == game.do("approve", by=1)["state"]


def test_never_a_smaller_quorum() -> None:
    """A quorum that cannot be reached is never lowered: the fallback, or it has failed, whatever `join`."""
    tracks = (track(group("g"), quorum(2)), track(user(3), id="other"))
    people = company(1, person(2, active=False), 3, 4, 5, groups={"g": [1, 2]})
    assert "failed" == Game(route(stage(*tracks, join="any")), people).start(5)["state"]
    fallback = {"on_empty": "fallback", "fallback": user(4, 1)}
    assert [1, 3, 4] == Game(route(stage(*tracks, **fallback)), people).start(5)["asked"]
    fallback = {"on_empty": "fallback", "fallback": user(4)}
    assert "failed" == Game(route(stage(*tracks, **fallback)), people).start(5)["state"]


def two(four_eyes: bool = True, **last: Any) -> dict[str, Any]:
    """Return a route of two stages for two pairs of eyes."""
    first = stage(track(user(1, 2), "any"), id="first")
    second = stage(track(user(1, 3), "all"), id="second", **last)
    return route(first, second, policy={"four_eyes": [["first", "second"]] if four_eyes else []})


def test_e23_four_eyes() -> None:
    """E23: whoever held a seat in one stage is not seated in the other, asked or not."""
    game = Game(two()).begun()
    game.do("approve", by=2)
    assert [3] == game.line["asked"]
    game = Game(two(False)).begun()
    assert [1, 3] == game.do("approve", by=2)["asked"]


def test_e23_nobody_left() -> None:
    """E23: where that leaves nobody, the fallback is asked, or it has failed."""
    form = two()
    form["stages"][1]["tracks"][0]["approvers"] = user(1)
    game = Game(form).begun()
    assert "failed" == game.do("approve", by=2)["state"]


def replaced(people: dict[str, Any] = STAFF, **more: Any) -> Game:
    """Begin a request that two people of a staff decide."""
    return Game(route(stage(track(user(31, 40), "all"), **more)), people).begun(41)


def test_e24_dismissed() -> None:
    """E24: an open seat goes to the substitute, else a head upwards, else the fallback; else it waits."""
    game = replaced()
    assert [20, 40] == game.do("dismiss", person=31)["asked"]
    assert [10, 40] == game.do("dismiss", person=20)["asked"]
    assert [40] == game.do("dismiss", person=10)["asked"]
    with_substitute = company(person(31, head=20, substitute=30), 20, 30, 40, 41)
    assert [30, 40] == replaced(with_substitute).do("dismiss", person=31)["asked"]
    alone = company(31, 40, 41, 50)
    more = {"on_empty": "fallback", "fallback": user(40, 50)}
    assert [40, 50] == replaced(alone, **more).do("dismiss", person=31)["asked"]
    assert [40] == replaced(alone).do("dismiss", person=31)["asked"]


def test_e24_a_dismissed_person_acts_no_more() -> None:
    """E24: who was dismissed answers nothing."""
    game = replaced(company(31, 40, 41))
    game.do("dismiss", person=31)
    assert "not_allowed" == game.refusal("approve", by=31)


def test_e25_ballots_stay() -> None:
    """E25: what somebody answered before being dismissed stays."""
    game = replaced()
    game.do("approve", by=31)
    assert {"main": [1, 0, 1]} == game.do("dismiss", person=31)["tally"]


def delegating(scope: str = "any", depth: int = 1, people: dict[str, Any] = STAFF, by: int = 41) -> Game:
    """Begin a request of which seats can be handed over."""
    policy = {"delegation": {"scope": scope, "max_depth": depth}}
    return Game(route(stage(track(user(20, 40), "all", actions=ACTIONS)), policy=policy), people).begun(by)


def test_e30_depth() -> None:
    """E30: a seat is handed on as often as the depth says."""
    game = delegating()
    assert [None, "not_allowed"] == [
        game.refusal("delegate", by=20, to=30), game.refusal("delegate", by=30, to=31)
    ]  # fmt: skip
    assert [30, 40] == game.line["asked"]
    assert "not_your_seat" == game.refusal("approve", by=20)
    deeper = delegating(depth=2)
    deeper.do("delegate", by=20, to=30)
    assert ["bad_delegate", None] == [deeper.refusal("delegate", by=30, to=each) for each in (20, 31)]


@pytest.mark.parametrize("policy", ["forbid", "allow"])
def test_e31_never_the_initiator(policy: str) -> None:
    """E31: nobody hands over to the initiator, whatever the policy."""
    form = route(
        stage(track(user(20), actions=ACTIONS)),
        policy={"delegation": {"scope": "any"}, "self_approval": policy},
    )
    game = Game(form, STAFF).begun(41)
    assert ["bad_delegate"] * 2 == [
        game.refusal("delegate", by=20, to=41),
        game.refusal("replace", by=10, holder=20, to=41),
    ]


def test_e32_already_votes_here() -> None:
    """E32: nobody gets a second voice in a track."""
    game = delegating()
    assert "bad_delegate" == game.refusal("delegate", by=20, to=40)
    game.do("approve", by=40)
    assert "bad_delegate" == game.refusal("delegate", by=20, to=40)


def test_scopes() -> None:
    """A scope is asked of who gives: below them, or in their department, or anybody; without one, nobody."""
    assert [None, "bad_delegate"] == [delegating("subordinates").refusal("delegate", by=20, to=to) for to in (30, 10)]
    assert "bad_delegate" == delegating("department").refusal("delegate", by=20, to=30)
    same = company(person(20, department=2), person(21, department=2), 40, 41)
    assert None is delegating("department", people=same).refusal("delegate", by=20, to=21)
    assert "bad_delegate" == delegating("department", people=same).refusal("delegate", by=40, to=20)
    assert "not_allowed" == delegating("none").refusal("delegate", by=20, to=30)
    assert "not_allowed" == replaced().refusal("delegate", by=31, to=30)


def test_bad_delegates() -> None:
    """Who is inactive or unknown, or oneself, gets no seat."""
    people = company(20, 40, 41, person(50, active=False))
    game = delegating(people=people)
    found = [game.refusal("delegate", by=20, to=to) for to in (50, 20, 77)]
    assert ["bad_delegate", "bad_delegate", "unknown_person"] == found


AWAY = company(
    person(1, away=[["2026-01-05", "2026-01-07"]], substitute=2),
    person(2, away=[["2026-01-05T09:00", "2026-01-05T12:00"]], substitute=3), 3, 4, 40,
)  # fmt: skip


def absent(people: dict[str, Any] = AWAY, rule: str = "all", **policy: Any) -> Game:
    """Begin a request that somebody absent and somebody present decide."""
    return Game(route(stage(track(user(1, 4), rule)), policy=policy), people).begun()


def test_substitutes() -> None:
    """For who is away the first of the chain who is here holds the seat; without substitution nobody does."""
    assert [3, 4] == absent().line["asked"]
    assert [1, 4] == absent(substitution=False).line["asked"]
    later = Game(route(stage(track(user(1, 4), "all"))), AWAY, at="13:00").begun()
    assert [2, 4] == later.line["asked"]
    looping = company(
        person(1, away=[["2026-01-05", "2026-01-07"]], substitute=2), person(2, substitute=1, active=False), 4, 40
    )
    assert [1, 4] == absent(looping).line["asked"]


def test_no_second_voice_by_substitution() -> None:
    """A substitute who sits in the track already is passed over."""
    people = company(person(1, away=[["2026-01-05", "2026-01-07"]], substitute=4), person(4, substitute=3), 3, 40)
    assert [3, 4] == absent(people).line["asked"]
    people = company(person(1, away=[["2026-01-05", "2026-01-07"]], substitute=4), 4, 40)
    assert [1, 4] == absent(people).line["asked"]


def test_three_links() -> None:
    """A chain has three links, not four."""
    away = [["2026-01-01", "2026-02-01"]]
    chain = [person(each, away=away, substitute=each + 1) for each in (1, 2, 3)]
    assert [4, 5] == Game(route(stage(track(user(1, 5), "all"))), company(*chain, 4, 5, 40)).start()["asked"]
    longer = [*chain, person(4, away=away, substitute=6), 5, 6, 40]
    assert [1, 5] == Game(route(stage(track(user(1, 5), "all"))), company(*longer)).start()["asked"]


def test_e34_the_principal_is_back() -> None:
    """E34: at the end of the absence the open seat is the principal's again; a ballot stays."""
    game = absent()
    assert [3, 4] == game.tick("tue 23:59")["asked"]
    assert [1, 4] == game.tick("wed 00:00")["asked"]
    game = absent()
    game.do("approve", by=3)
    assert ([4], {"main": [1, 0, 1]}) == (game.tick("wed 00:00")["asked"], game.line["tally"])
    assert "already_answered" == game.refusal("approve", by=3)


def test_a_replaced_substitute_gives_nothing_back() -> None:
    """The seat returns only if the substitute still holds it."""
    people = company(person(1, away=[["2026-01-05", "2026-01-07"]], substitute=3), 3, 4, 9, 40)
    game = absent(people)
    game.do("replace", by=40, holder=3, to=9)
    assert [4, 9] == game.tick("wed 00:00")["asked"]


def test_absences_that_begin_later() -> None:
    """Who goes away after the stage has opened keeps the seat."""
    people = company(person(1, away=[["2026-01-06", "2026-01-08"]], substitute=3), 3, 4, 40)
    game = absent(people)
    assert [1, 4] == game.tick("tue 12:00")["asked"]


def test_e35_groups_are_a_snapshot() -> None:
    """E35: an administrator replaces a holder, once each, twenty times in a stage."""
    game = Game(route(stage(track(user(1, 2), "all")))).begun()
    assert [None] * 20 == [game.refusal("replace", by=40, holder=each, to=each + 1) for each in range(2, 22)]
    assert "not_allowed" == game.refusal("replace", by=40, holder=22, to=23)
    assert [1, 22] == game.line["asked"]


def test_replace_is_refused_as_delegation_is() -> None:
    """Who has no seat, whose ballot is cast, who has held it or votes in the track."""
    game = Game(route(stage(track(user(1, 2, 3), "all")))).begun()
    game.do("approve", by=1)
    assert "not_your_seat" == game.refusal("replace", by=40, holder=9, to=8)
    assert "already_answered" == game.refusal("replace", by=40, holder=1, to=8)
    assert "bad_delegate" == game.refusal("replace", by=40, holder=2, to=3)
    game.do("replace", by=40, holder=2, to=8)
    assert "bad_delegate" == game.refusal("replace", by=40, holder=8, to=2)


def test_four_eyes_on_handing_over() -> None:
    """Whoever held a seat in another stage of the list is given none here, by nobody."""
    form = two()
    form["policy"]["delegation"] = {"scope": "any"}
    form["stages"][1]["tracks"][0]["actions"] = ACTIONS
    game = Game(form).begun()
    game.do("approve", by=2)
    found = [game.refusal("delegate", by=3, to=1), game.refusal("replace", by=40, holder=3, to=2)]
    assert ["bad_delegate", "bad_delegate"] == found


def test_veto_goes_with_the_seat() -> None:
    """A veto belongs to the seat of whom the route named, and goes with it to a delegate."""
    policy = {"delegation": {"scope": "any"}}
    game = Game(route(stage(track(user(1, 2), "any", veto=user(1), actions=ACTIONS)), policy=policy)).begun()
    game.do("delegate", by=1, to=9)
    assert "rejected" == game.do("reject", by=9)["state"]
