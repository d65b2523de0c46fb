"""Routes, companies and events by chance: valid ones, small enough that much happens in each."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.approvals.course import Course
from bot.domain.approvals.durations import Reckoning, WorkingHours
from bot.domain.approvals.event import DOES, Event
from bot.domain.approvals.people import Company
from bot.domain.approvals.reading import read
from bot.domain.approvals.running import Running

PEOPLE = range(1, 11)
BEGIN = datetime(2026, 3, 26, 6, 0, tzinfo=UTC)
"""A Thursday before the clocks change in Berlin."""
FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
LENGTHS = ("30m", "2h", "5wh", "1d", "1wd", "2wd")


def who(chance: Random) -> dict[str, Any]:
    """Return somebody as a route names people."""
    return chance.choice(
        [
            {"by": "user", "id": chance.choice(PEOPLE)},
            {"by": "user", "id": chance.choice(PEOPLE)},
            {"by": "head_of", "level": chance.randint(1, 3)},
            {"by": "head_of", "of": "somebody"},
            {"by": "department", "id": chance.randint(1, 3), "who": chance.choice(["head", "members"])},
            {"by": "group", "name": chance.choice(["some", "few"])},
            {"by": "field", "path": "somebody"},
        ]
    )


def several(chance: Random, most: int = 4) -> list[dict[str, Any]]:
    """Return people as a route names them."""
    return [who(chance) for _ in range(chance.randint(1, most))]


def condition(chance: Random, deep: int = 2) -> dict[str, Any]:
    """Return a condition on the amount."""
    if deep and chance.random() < 0.3:
        if chance.random() < 0.3:
            return {"op": "not", "arg": condition(chance, deep - 1)}
        return {"op": chance.choice(["and", "or"]), "args": [condition(chance, deep - 1) for _ in range(2)]}
    test = chance.choice(["eq", "ne", "lt", "ge", "empty", "changed"])
    return {"op": "cmp", "field": chance.choice(["amount", "note"]), "test": test, "value": chance.randint(0, 3)}


def rule(chance: Random) -> dict[str, Any]:
    """Return the rule of a track."""
    kind = chance.choice(["all", "any", "first", "quorum", "percent"])
    more = {"quorum": {"n": chance.randint(1, 2)}, "percent": {"min": chance.choice([1, 50, 60, 100])}}
    return {"type": kind, **more.get(kind, {})}


def track(chance: Random, name: str, *, rounds: int) -> dict[str, Any]:
    """Return a track."""
    extra = ["return", "delegate", "ask", "comment"] if rounds else ["delegate", "ask", "comment"]
    found = {
        "id": name,
        "approvers": several(chance),
        "rule": rule(chance),
        "order": chance.choice(["parallel", "parallel", "sequential"]),
        "veto": chance.choice(["none", "none", "anyone", [who(chance)]]),
        "actions": ["approve", "reject", *chance.sample(extra, chance.randint(1, len(extra)))],
        "comment_required": chance.choice(["never", "never", "reject", "approve", "always"]),
    }
    if found["rule"]["type"] == "quorum":
        found["approvers"] = [{"by": "group", "name": "some"}, *found["approvers"]]
    return found


def stage(chance: Random, number: int, *, rounds: int, may_approve: bool) -> dict[str, Any]:
    """Return a stage."""
    has_fallback = chance.random() < 0.6
    ends = ["reject", "expire", "skip", *(["approve"] if may_approve else [])]
    return {
        "id": f"s{number}",
        "when": condition(chance) if number and chance.random() < 0.4 else None,
        "tracks": [track(chance, f"t{each}", rounds=rounds) for each in range(chance.choice([1, 1, 2, 3]))],
        "join": chance.choice(["all", "any"]),
        "fail_fast": chance.random() < 0.5,
        "on_reject": "rework" if rounds and chance.random() < 0.5 else "stop",
        "on_empty": "fallback" if has_fallback else "fail",
        "fallback": several(chance, 3) if has_fallback else [],
        "deadline": {
            "after": chance.choice(["5h", "1d", "1wd", "2wd", "9wh"]),
            "remind_before": chance.sample(["30m", "2h", "1wh"], chance.randint(0, 2)),
            "escalate": [
                {"to": several(chance, 3), "mode": chance.choice(["add", "replace"]), "extend": chance.choice(LENGTHS)}
                for _ in range(chance.choice([0, 0, 1, 2]))
            ],
            "on_expire": chance.choice(ends) if number else chance.choice(["reject", "expire"]),
        },
    }


def route(chance: Random) -> dict[str, Any]:
    """Return a valid route."""
    rounds, may_approve = chance.choice([0, 1, 2, 3]), chance.random() < 0.3
    count = chance.randint(1, 3)
    names = [f"s{number}" for number in range(count)]
    return {
        "schema": "approval.route/1",
        "key": "chance",
        "version": 1,
        "title": {},
        "subjects": ["custom"],
        "timezone": chance.choice(["Europe/Moscow", "Europe/Berlin"]),
        "hard_limit": chance.choice(["3d", "7d", "30d"]),
        "stages": [stage(chance, number, rounds=rounds, may_approve=may_approve) for number in range(count)],
        "rework": {
            "max_rounds": rounds,
            "deadline": chance.choice(["1d", "2wd"]),
            "resume": chance.choice(["start", "same_stage"]),
            "keep": chance.choice(["none", "same_revision"]),
        },
        "policy": {
            "self_approval": chance.choice(["forbid", "forbid", "allow"]),
            "repeat_person": chance.choice(["ask", "consecutive"]),
            "four_eyes": [chance.sample(names, 2)] if count > 1 and chance.random() < 0.3 else [],
            "delegation": {
                "scope": chance.choice(["none", "subordinates", "department", "any", "any"]),
                "max_depth": chance.randint(1, 3),
            },
            "substitution": chance.random() < 0.8,
            "undo_seconds": chance.choice([0, 30, 600, 600]),
            "withdraw": chance.choice(["until_final", "until_first_decision", "never"]),
            "watch": ["amount"],
            "on_change": "rework" if rounds and chance.random() < 0.4 else chance.choice(["ignore", "notify"]),
            "auto_approve_on_expiry": may_approve,
        },
        "outcomes": {
            ending: [{"do": "notify", "args": {"to": ending}}]
            for ending in ("approved", "rejected", "withdrawn", "expired", "failed")
        },
    }


def people(chance: Random) -> dict[str, Any]:
    """Return a company with absences, substitutes, dismissals, loops of heads."""

    def anybody() -> int | None:
        return chance.choice([None, *PEOPLE])

    def absence() -> list[list[str]]:
        begin = BEGIN + timedelta(hours=chance.randint(-48, 24))
        return [[begin.isoformat(), (begin + timedelta(hours=chance.randint(1, 96))).isoformat()]]

    return {
        "people": [
            {
                "id": each,
                "head": anybody(),
                "department": chance.choice([None, 1, 2, 3]),
                "active": chance.random() < 0.9,
                "away": absence() if chance.random() < 0.4 else [],
                "substitute": anybody(),
            }
            for each in PEOPLE
        ],
        "departments": [
            {"id": each, "head": anybody(), "parent": chance.choice([None, 1, 2, 3])} for each in (1, 2, 3)
        ],
        "groups": {"some": chance.sample(PEOPLE, 5), "few": chance.sample(PEOPLE, 2)},
    }


def course(chance: Random) -> Course:
    """Return a course by chance."""
    found = read(route(chance)).route
    reckoning = Reckoning(ZoneInfo(found.timezone), WorkingHours())
    return Course(found, Company.read(people(chance), reckoning, reckoning.zone), reckoning)


def start(chance: Random) -> Event:
    """Return the beginning of a request."""
    subject = {"amount": chance.randint(0, 3), "somebody": chance.choice(PEOPLE)}
    return Event(BEGIN, "start", by=chance.choice(PEOPLE), subject=subject)


def event(chance: Random, at: datetime, asked: tuple[Any, ...], running: Running) -> Event:
    """Return something that happens, more often than not by somebody who may."""
    initiator = running.initiator
    if running.stage is not None and running.stage.settles_at is not None and chance.random() < 0.5:
        ballots = [seat.ballot for track in running.stage.tracks for seat in track.seats if seat.ballot is not None]
        at = min(at, running.now + timedelta(seconds=chance.choice([1, 20, 400])))
        return Event(at, "undo", by=chance.choice(ballots).voter)
    do = chance.choice([*DOES, "approve", "approve", "approve", "reject", "undo", "delegate", "resubmit"])
    by = chance.choice(asked) if asked and chance.random() < 0.7 else chance.choice([*PEOPLE, 99])
    if do in {"resubmit", "withdraw"} and chance.random() < 0.9:
        by = initiator
    if do == "withdraw" and chance.random() < 0.8:
        do = "comment"
    changes = {"amount": chance.randint(0, 3)} if chance.random() < 0.6 else {"note": chance.randint(0, 1)}
    return Event(
        at, do,
        by=None if do in {"tick", "dismiss"} or (do == "change" and chance.random() < 0.6) else by,
        to=chance.choice(PEOPLE) if do in {"delegate", "replace"} else None,
        holder=(chance.choice(asked) if asked else 1) if do == "replace" else None,
        person=chance.choice(PEOPLE) if do == "dismiss" else None,
        track=chance.choice([None, None, None, "t0", "t1"]),
        reason=chance.choice(["", "because", "because"]),
        subject=changes if do in {"change", "resubmit", "start"} else None,
    )  # fmt: skip


def later(chance: Random, at: datetime) -> datetime:
    """Return an instant a little or a lot later, seldom earlier."""
    seconds = chance.choice([0, 1, 20, 30, 300, 600, 3600, 3600, 20_000, 50_000, -60])
    return at + timedelta(seconds=seconds)
