"""A request played as `route play` plays it, with short words for routes, people and events."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.approvals.play import Player

ROUTES = Path(__file__).with_name("routes")
MONDAY = "2026-01-05"
"""The first Monday of the year in which the requests are played."""


def example(name: str) -> dict[str, Any]:
    """Return one of the four example routes."""
    form: dict[str, Any] = json.loads((ROUTES / f"{name}.json").read_text(encoding="utf-8"))
    return form


def user(*ids: int) -> list[dict[str, Any]]:
    """Return people named by their ids."""
    return [{"by": "user", "id": each} for each in ids]


def group(name: str) -> list[dict[str, Any]]:
    """Return a group as a route names it."""
    return [{"by": "group", "name": name}]


def head(level: int = 1, of: str = "initiator") -> list[dict[str, Any]]:
    """Return a head as a route names one."""
    return [{"by": "head_of", "of": of, "level": level}]


def track(approvers: list[dict[str, Any]], rule: str | dict[str, Any] = "any", **more: Any) -> dict[str, Any]:
    """Return a track that asks for no reasons, unless told otherwise."""
    named = {"type": rule} if isinstance(rule, str) else rule
    return {"id": "main", "approvers": approvers, "rule": named, "comment_required": "never", **more}


def quorum(n: int) -> dict[str, Any]:
    """Return the rule of so many approvals."""
    return {"type": "quorum", "n": n}


def percent(least: int) -> dict[str, Any]:
    """Return the rule of a share."""
    return {"type": "percent", "min": least}


def stage(*tracks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a stage of two working days, unless told otherwise."""
    deadline = {"after": "2wd", "on_expire": "expire", **more.pop("deadline", {})}
    return {"id": "only", "tracks": list(tracks), "deadline": deadline, **more}


def route(*stages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a route of these stages; `policy` and `rework` are taken as they are."""
    return {
        "schema": "approval.route/1",
        "key": "route",
        "version": 1,
        "title": {"en": "Route"},
        "subjects": ["custom"],
        "stages": list(stages),
        **more,
    }


def person(key: int | str, **more: Any) -> dict[str, Any]:
    """Return one of a company."""
    return {"id": key, **more}


def company(*people: dict[str, Any] | int, **more: Any) -> dict[str, Any]:
    """Return a company; a number is a person of whom nothing else is known."""
    return {"people": [person(each) if isinstance(each, int) else each for each in people], **more}


EVERYBODY = company(*range(1, 41))
"""Forty people without heads and departments."""


def moment(text: str) -> str:
    """Return an instant: «mon 10:00» and on to «sun», «+1 mon 10:00» a week later; else a clock time of Monday."""
    week, day = 0, 0
    words = text.split()
    if words[0].startswith("+"):
        week = int(words.pop(0))
    if len(words) == 2:
        day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(words.pop(0))
    date = 5 + 7 * week + day
    month, date = (1, date) if date <= 31 else (2, date - 31)
    return f"2026-{month:02d}-{date:02d}T{words[0]}"


class Game:
    """One request on a route; every event gives the line that `route play` would print."""

    def __init__(
        self, route: dict[str, Any], people: dict[str, Any] = EVERYBODY, *, at: str = "10:00", zone: str | None = None
    ) -> None:
        """Play among these people; the clock stands at Monday 10:00."""
        self.player = Player(route, people, ZoneInfo(zone) if zone else None)
        self.now = at
        self.line: dict[str, Any] = {}
        self._number = 0

    def at(self, text: str) -> "Game":
        """Move the clock."""
        self.now = text
        return self

    def do(self, do: str, **more: Any) -> dict[str, Any]:
        """Let something happen now, and return the line after it."""
        self._number += 1
        printed = self.player.line(self._number, json.dumps({"at": moment(self.now), "do": do, **more}))
        assert printed is not None
        self.line = json.loads(printed)
        return self.line

    def start(self, by: int | str = 40, **subject: Any) -> dict[str, Any]:
        """Begin the request."""
        return self.do("start", by=by, subject=subject)

    def begun(self, by: int | str = 40, **subject: Any) -> "Game":
        """Begin the request and go on with it."""
        self.start(by, **subject)
        return self

    def refusal(self, do: str, **more: Any) -> str | None:
        """Let something happen, and return why it is refused; None if it is not."""
        refusal: str | None = self.do(do, **more)["refusal"]
        return refusal

    def tick(self, at: str) -> dict[str, Any]:
        """Let time pass."""
        return self.at(at).do("tick")
