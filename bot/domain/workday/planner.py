"""The planner: fits a wish about past time to one person's log, or says why it does not fit (cases 30–41)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.workday.correction import (
    FARTHEST_BACK,
    LONGEST_SESSION,
    Mark,
    Misfit,
    Overlap,
    Plan,
    StillToCome,
    Subject,
    Wish,
)
from bot.domain.workday.fitting import Fitting
from bot.domain.workday.punch_log import DayState, Punch, PunchKind, WorkSession, live, state_at
from bot.text import Day, DayTime, Time, t


@dataclass(slots=True)
class Planner:
    """Fits wishes to one person's log."""

    punches: Sequence[Punch]
    zone: str
    now: datetime
    log: Fitting = field(init=False)
    sessions: list[WorkSession] = field(init=False)

    def __post_init__(self) -> None:
        """Derive once."""
        self.log = Fitting(self.punches, self.zone, self.now)
        self.sessions = self.log.sessions

    def plan(self, wish: Wish) -> Plan:
        """Return the plan for a wish; Misfit or Overlap when it does not fit."""
        for at in (wish.at, wish.until):
            if at is not None and at > self.now:
                raise StillToCome(at, self._when(at))
            if at is not None and self.now - at > FARTHEST_BACK:
                raise Misfit(t("That was more than three months ago. Please ask your administrator."))
        match wish.kind:
            case "check_in":
                return self._check_in(_given(wish.at))
            case "check_out":
                return self._check_out(_given(wish.at))
            case "break_start":
                return self._break(_given(wish.at), wish.break_for)
            case "break_end":
                return self._break_end(_given(wish.at))
            case "worked":
                return self._worked(wish)
            case "remove":
                return self._remove(wish)
        raise Misfit(t("I cannot correct that by chat. Please ask your administrator."))

    def _check_in(self, at: datetime) -> Plan:
        state, session = state_at(self.punches, at)
        if session is not None and state is not DayState.OFF:
            return self._moved(Subject.CHECK_IN, session, PunchKind.IN, session.started_at, at)
        later = [each for each in self.sessions if each.started_at > at and each.started_at - at <= LONGEST_SESSION]
        if later and self._date(later[0].started_at) == self._date(at):
            return self._moved(Subject.CHECK_IN, later[0], PunchKind.IN, later[0].started_at, at)
        if self._date(at) == self._date(self.now) or (not later and self.now - at <= LONGEST_SESSION):
            return self._made(Subject.CHECK_IN, (), (Mark(PunchKind.IN, at),), target=f"in:{self._date(at)}")
        raise Misfit(
            t(
                "Nothing is recorded on {day}. Write both times, for example: “yesterday from 9 to 18”.",
                day=self._day(at),
            )
        )

    def _check_out(self, at: datetime) -> Plan:
        session = self._session_to_end(at)
        if session is None:
            begun = [each for each in self.sessions if each.started_at >= at and self._same_day(each.started_at, at)]
            if begun:
                raise Misfit(
                    t(
                        "That day began at {start}, so it cannot have ended at {end}.",
                        start=self._when(begun[0].started_at),
                        end=self._when(at),
                    )
                )
            raise Misfit(
                t(
                    "No check-in is recorded before {time}. Write both times, for example: “yesterday from 9 to 18”.",
                    time=self._when(at),
                )
            )
        if session.ended_at is None:
            gone = self._punches_of(session, after=at)
            return self._made(Subject.CHECK_OUT, gone, (Mark(PunchKind.OUT, at),), target=f"check_out:{session.id}")
        return self._moved(Subject.CHECK_OUT, session, PunchKind.OUT, session.ended_at, at)

    def _session_to_end(self, at: datetime) -> WorkSession | None:
        """The last session begun before `at` that could plausibly have lasted until then."""
        before = [each for each in self.sessions if each.started_at < at]
        if not before:
            return None
        last = before[-1]
        return last if last.is_open or at - last.started_at <= LONGEST_SESSION else None

    def _break(self, at: datetime, length: timedelta | None) -> Plan:
        session = self._around(at)
        if session is None:
            raise Misfit(
                t(
                    "{time}: you were not at work then, so there is no break to record. "
                    "Another day? Name it: “lunch on Friday from 13:00 to 14:00”.",
                    time=self._when(at),
                )
            )
        if length is None:
            if session.is_open and not self._punches_of(session, after=at):
                return self._made(Subject.BREAK, (), (Mark(PunchKind.BREAK_START, at),), target=f"break:{session.id}")
            raise Misfit(t("How long was the break? Write both times, for example: “lunch from 13:00 to 13:40”."))
        end = at + length
        if end > (session.ended_at or self.now):
            raise Misfit(t("The break would end at {time}, after the work did.", time=self._when(end)))
        # Marks of breaks inside the new one are taken over by it.
        gone = [
            punch.id
            for punch in self._live(session)
            if punch.kind in (PunchKind.BREAK_START, PunchKind.BREAK_END) and at <= punch.at <= end
        ]
        adds = (Mark(PunchKind.BREAK_START, at), Mark(PunchKind.BREAK_END, end))
        return self._made(Subject.BREAK, tuple(gone), adds, target=f"break:{session.id}:{int(at.timestamp())}")

    def _break_end(self, at: datetime) -> Plan:
        session = self._around(at)
        found = None if session is None else [each for each in session.breaks if each.started_at < at]
        if session is None or not found:
            raise Misfit(t("Before {time} no break is recorded that day.", time=self._when(at)))
        last = found[-1]
        if last.ended_at is None:
            return self._made(Subject.BREAK, (), (Mark(PunchKind.BREAK_END, at),), target=f"break:{session.id}")
        return self._moved(Subject.BREAK, session, PunchKind.BREAK_END, last.ended_at, at)

    def _worked(self, wish: Wish) -> Plan:
        start, end = _given(wish.at), _given(wish.until)
        if end <= start:
            raise Misfit(
                t("The end, {end}, is not after the start, {start}.", start=self._when(start), end=self._when(end))
            )
        if end - start > LONGEST_SESSION:
            raise Misfit(t("That would be more than 16 hours at a stretch. Write each part by itself."))
        breaks: tuple[Mark, ...] = ()
        if wish.break_for and wish.break_for >= end - start:
            raise Misfit(t("The break would be as long as the work."))
        if wish.break_for:
            pause = wish.break_at or start + (end - start - wish.break_for) / 2
            pause = pause.replace(second=0, microsecond=0)
            breaks = (Mark(PunchKind.BREAK_START, pause), Mark(PunchKind.BREAK_END, pause + wish.break_for))
        met = [each for each in self.sessions if each.started_at < end and (each.ended_at or self.now) > start]
        if wish.overlap == "join" and met:
            start = min(start, met[0].started_at)
            end = max([end, *(each.ended_at or self.now for each in met)])
        elif wish.overlap == "trim" and met:
            return self._trimmed(start, end, met)
        elif wish.overlap != "replace" and (len(met) > 1 or (met and not self._contains(met[0], start, end))):
            raise Overlap(met, (start, end))
        is_said = wish.break_for is not None
        gone = tuple(punch.id for each in met for punch in self._live(each) if self._goes(punch, start, end, is_said))
        kept = breaks if is_said else self._cut_breaks(met, start, end)
        adds = (Mark(PunchKind.IN, start), *kept, Mark(PunchKind.OUT, end))
        shift = None
        if len(met) == 1 and met[0].ended_at is not None and not breaks:
            shift = max(abs(met[0].started_at - start), abs(met[0].ended_at - end))
        return self._made(Subject.DAY, gone, adds, target=f"day:{self._date(start)}", shift=shift)

    def _goes(self, punch: Punch, start: datetime, end: datetime, has_breaks: bool) -> bool:
        """Whether a mark of a replaced session goes: its ends always, its breaks where others are said or outside."""
        if punch.kind in (PunchKind.IN, PunchKind.OUT):
            return True
        return has_breaks or not start <= punch.at <= end

    @staticmethod
    def _cut_breaks(met: Sequence[WorkSession], start: datetime, end: datetime) -> tuple[Mark, ...]:
        """A break that the new start cuts goes on from there: a break never lies outside its session (case 37)."""
        pauses = (each for session in met for each in session.breaks)
        cut = any(each.started_at < start < (each.ended_at or end) for each in pauses)
        return (Mark(PunchKind.BREAK_START, start),) if cut else ()

    def _trimmed(self, start: datetime, end: datetime, met: Sequence[WorkSession]) -> Plan:
        """Add only what is not recorded yet."""
        adds: list[Mark] = []
        position = start
        for each in met:
            if each.started_at > position:
                adds += [Mark(PunchKind.IN, position), Mark(PunchKind.OUT, each.started_at)]
            position = max(position, each.ended_at or self.now)
        if position < end:
            adds += [Mark(PunchKind.IN, position), Mark(PunchKind.OUT, end)]
        if not adds:
            raise Misfit(t("All of that is recorded already."))
        return self._made(Subject.DAY, (), tuple(adds), target=f"day:{self._date(start)}")

    @staticmethod
    def _contains(session: WorkSession, start: datetime, end: datetime) -> bool:
        """Whether one of the two lies wholly within the other: then the wish means that session."""
        ended = session.ended_at
        if ended is None:
            return start <= session.started_at
        return (start <= session.started_at and ended <= end) or (session.started_at <= start and end <= ended)

    def _remove(self, wish: Wish) -> Plan:
        day = wish.day or (self._date(wish.at) if wish.at else self._date(self.now))
        found = [each for each in self.sessions if each.work_date == day]
        if not found:
            raise Misfit(t("Nothing is recorded on {day}.", day=Day(day)))
        if wish.target == "check_out" and found[-1] is self.sessions[-1] and found[-1].ended_at:
            gone = tuple(p.id for p in self._live(found[-1]) if p.kind is PunchKind.OUT and p.at == found[-1].ended_at)
        elif wish.target in ("break_start", "break_end"):
            breaks = (PunchKind.BREAK_START, PunchKind.BREAK_END)
            gone = tuple(punch.id for each in found for punch in self._live(each) if punch.kind in breaks)
            if not gone:
                raise Misfit(t("No break is recorded on {day}.", day=Day(day)))
        else:
            chosen = found[-1:] if wish.target == "check_in" else found
            gone = tuple(punch.id for each in chosen for punch in self._live(each))
        return self._made(Subject.REMOVAL, gone, (), target=f"day:{day}")

    def _moved(self, subject: Subject, session: WorkSession, kind: PunchKind, was: datetime, at: datetime) -> Plan:
        """Move one mark of a session."""
        if was == at and not (kind is PunchKind.OUT and session.is_auto):
            raise Misfit(t("It is recorded like that already: {time}.", time=self._when(at)))
        if kind is PunchKind.OUT and at <= session.started_at:
            raise Misfit(
                t(
                    "That day began at {start}, so it cannot have ended at {end}.",
                    start=self._when(session.started_at),
                    end=self._when(at),
                )
            )
        gone = [punch.id for punch in self._live(session) if punch.at == was and _ends(kind, punch.kind)]
        low, high = min(was, at), max(was, at)
        if kind in (PunchKind.IN, PunchKind.OUT) and low != high:
            inside = (session.started_at, session.ended_at or self.now)
            if kind is PunchKind.IN and at > inside[0]:
                gone += [
                    punch.id for punch in self._live(session) if was < punch.at < at and punch.kind is not PunchKind.OUT
                ]
            if kind is PunchKind.OUT and at < inside[1]:
                gone += [punch.id for punch in self._live(session) if at < punch.at < was]
        adds = [Mark(kind, at)]
        crossing = self._crossing(session, at)
        # A break that the new start cuts goes on from there: a break never lies outside its session (case 37).
        if kind is PunchKind.IN and crossing is not None and at > session.started_at:
            adds.append(Mark(PunchKind.BREAK_START, at))
        # A session keeps its zone, whatever the profile says now (case 56).
        there = replace(self, zone=session.zone)
        return there._made(  # noqa: SLF001 - the same planner in another zone
            subject,
            tuple(dict.fromkeys(gone)),
            tuple(adds),
            target=f"{subject.value}:{session.id}" if kind is not PunchKind.BREAK_END else f"break:{session.id}",
            shift=high - low,
        )

    @staticmethod
    def _crossing(session: WorkSession, at: datetime) -> object | None:
        return next((b for b in session.breaks if b.started_at < at and (b.ended_at is None or b.ended_at > at)), None)

    def _made(
        self,
        subject: Subject,
        voids: tuple[int, ...],
        adds: tuple[Mark, ...],
        *,
        target: str,
        shift: timedelta | None = None,
    ) -> Plan:
        """Work the plan out, and refuse what the log would not carry.

        Marks that it silences are taken back with the others, never left to speak up later.
        """
        made = self.log.plan(subject, voids, adds, target=target, shift=shift)
        if self.log.uncounted(made):
            in_the_way = [each for each in self.sessions if each.id not in made.voids] or self.sessions
            marks = sorted(mark.at for mark in adds)
            raise Overlap(in_the_way[-1:], (marks[0], marks[-1]))
        if made.before == made.after:
            raise Misfit(t("That would change nothing."))
        return replace(made, voids=(*made.voids, *(each.id for each in self.log.silenced(made))))

    def _around(self, at: datetime) -> WorkSession | None:
        return next((e for e in self.sessions if e.started_at <= at and (e.ended_at is None or at <= e.ended_at)), None)

    def _live(self, session: WorkSession) -> list[Punch]:
        """The punches of a session that are not voided."""
        end = session.ended_at or self.now + timedelta(days=1)
        return [
            punch
            for punch in live(self.punches)
            if session.started_at <= punch.at <= end
            and not (punch.at == session.ended_at and punch.kind is PunchKind.IN)
            and not (punch.at == session.started_at and punch.kind is PunchKind.OUT)
        ]

    def _punches_of(self, session: WorkSession, *, after: datetime) -> tuple[int, ...]:
        return tuple(punch.id for punch in self._live(session) if punch.at > after)

    def _date(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def _same_day(self, one: datetime, other: datetime) -> bool:
        return self._date(one) == self._date(other)

    def _day(self, at: datetime) -> Day:
        return Day(self._date(at))

    def _when(self, at: datetime) -> Time | DayTime:
        return Time(at, self.zone) if self._same_day(at, self.now) else DayTime(at, self.zone)


def _ends(kind: PunchKind, found: PunchKind) -> bool:
    """Whether a mark plays that part: a break also ends by a check-in, a session's break by its check-out."""
    if kind is PunchKind.BREAK_END:
        return found in (PunchKind.BREAK_END, PunchKind.IN)
    return found is kind


def _given(at: datetime | None) -> datetime:
    if at is None:
        raise Misfit(t("Write the time as well, for example: “left yesterday at 18:30”."))
    return at.astimezone(UTC)
