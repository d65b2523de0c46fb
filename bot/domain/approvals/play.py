"""An auditor's way to an outcome: events as JSON lines in, the state after each as JSON lines out."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.approvals.course import Course, Stepped, due, reminders, tally
from bot.domain.approvals.durations import BadWorkingHours, Reckoning, WorkingHours
from bot.domain.approvals.event import DOES, NAMED, Event
from bot.domain.approvals.lines import NotJson, parsed
from bot.domain.approvals.people import BadPeople, Company, PersonId, instant, person_id
from bot.domain.approvals.reading import BadRoute, read
from bot.domain.approvals.running import Running

_BOM = "\ufeff"
_PEOPLE = ("by", "to", "holder", "person")


class BadPlay(ValueError):
    """A file or a line cannot be played; the text says which and what to write."""


class Player:
    """Plays requests one after the other: each line of an event gives the line that is the state after it."""

    def __init__(self, route: Any, people: Any, zone: ZoneInfo | None = None) -> None:
        """Play a route among people, both as JSON; instants are read and printed in `zone`, else in the route's."""
        self._asked_zone = zone
        self._route_form, self._people_form = route, people
        self._begin()

    def _begin(self) -> None:
        try:
            route = read(self._route_form).route
        except BadRoute as bad:
            raise BadPlay(f"the route is not valid: {bad}; see `route check`") from None
        route_zone = ZoneInfo(route.timezone)
        self._zone = self._asked_zone or route_zone
        form = self._people_form
        try:
            hours = form.get("working_hours") if isinstance(form, Mapping) else None
            reckoning = Reckoning(route_zone, WorkingHours.read(hours))
            company = Company.read(form, reckoning, self._zone)
        except (BadPeople, BadWorkingHours) as bad:
            raise BadPlay(f"the people cannot be read: {bad}") from None
        self._course = Course(route, company, reckoning)
        self.running = Running()

    def line(self, number: int, text: str) -> str | None:
        """Return the line that a line of input gives; None for an empty one."""
        if number == 1:
            text = text.removeprefix(_BOM)
        if not text.strip():
            return None
        form = read_json(text, f"line {number}")
        if not isinstance(form, dict):
            raise BadPlay(f"line {number} is not a JSON object")
        if form.get("do") == "new":
            return self._new(number, form)
        try:
            stepped = self._course.step(self.running, self._event(number, form))
        except OverflowError:
            raise BadPlay(f"line {number}: its time leads beyond the calendar") from None
        self.running = stepped.running
        return json.dumps(self._state(stepped), ensure_ascii=False)

    def _new(self, number: int, form: Mapping[str, Any]) -> str:
        self._route_form = form.get("route", self._route_form)
        self._people_form = form.get("people", self._people_form)
        try:
            if "route" in form or "people" in form:
                self._begin()
        except BadPlay as bad:
            raise BadPlay(f"line {number}: {bad}") from None
        self.running = Running()
        return '{"new": true}'

    def _event(self, number: int, form: Mapping[str, Any]) -> Event:
        do = form.get("do")
        if do not in DOES:
            raise BadPlay(f"line {number}: do must be one of new, {', '.join(DOES)}")
        at = self._at(number, form.get("at"))
        named: dict[str, PersonId | None] = {}
        for name in _PEOPLE:
            value = form.get(name)
            named[name] = person_id(value)
            if value is not None and named[name] is None:
                raise BadPlay(f"line {number}: {name} must be an id: a number or a text")
        wanted = NAMED.get(do, ("by",)) if do != "change" else ("by",)
        track, reason, subject = form.get("track"), form.get("reason"), form.get("subject")
        if track is not None and not isinstance(track, str):
            raise BadPlay(f"line {number}: track must be the id of a track")
        if reason is not None and not isinstance(reason, str):
            raise BadPlay(f"line {number}: reason must be a text")
        if subject is not None and not isinstance(subject, dict):
            raise BadPlay(f"line {number}: subject must be an object of fields")
        who: dict[str, Any] = {name: named[name] for name in wanted}
        return Event(at, do, **who, track=track, reason=reason or "", subject=subject)

    def _at(self, number: int, text: Any) -> datetime:
        try:
            return instant(text, self._zone)
        except (OverflowError, TypeError, ValueError):
            raise BadPlay(f"line {number}: at must be an instant such as 2026-07-15T09:00:00+03:00") from None

    def _state(self, stepped: Stepped) -> dict[str, Any]:
        running = stepped.running
        stage = running.stage
        return {
            "accepted": stepped.refusal is None,
            "refusal": stepped.refusal,
            "state": running.status,
            "round": running.round,
            "stage": None if stage is None else self._course.route.stages[stage.number].id,
            "asked": self._course.asked(running),
            "tally": tally(running),
            "due": self._iso(due(running)),
            "settles": self._iso(None if stage is None else stage.settles_at),
            "remind": [self._iso(at) for at in reminders(running)],
            "effects": [{"do": effect.do, "args": effect.args} for effect in stepped.effects],
        }

    def _iso(self, at: datetime | None) -> str | None:
        return None if at is None else at.astimezone(self._zone).isoformat()


def play(lines: Iterable[str], write: Callable[[str], None], player: Player) -> None:
    """Write the state after each event as one JSON object and a line end, as soon as the event was read."""
    for number, line in enumerate(lines, 1):
        state = player.line(number, line)
        if state is not None:
            write(state + "\n")


def read_json(text: str, what: str) -> Any:
    """Read JSON."""
    try:
        return parsed(text)
    except NotJson:
        raise BadPlay(f"{what} is not JSON") from None
