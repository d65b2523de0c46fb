"""What comes by itself: a lead's morning in one message, and everybody's last week on Monday."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.away import is_whole_day
from bot.domain.reports.account import DayAccount, Flag
from bot.domain.reports.gaps import GapKind
from bot.domain.workday.delay import Delay
from bot.domain.workday.timesheet import week_of
from bot.i18n import Translator
from bot.messages import Button, Keyboard, Reply, Say
from bot.pictures.png import draw
from bot.ports import Job
from bot.services.people.people import People
from bot.services.reminding.digests import LEAD_DIGEST, WEEKLY_SUMMARY, Digests, PersonWeek, TeamDay
from bot.text import Day, Duration, Lines, Mention, Phrase, Time, Value, lines, t, tn
from bot.words.charts import chart_of
from bot.words.leave import absence_icon
from bot.words.people import mention
from bot.words.report import hours_text
from bot.words.waiting import kind_lines, urgent_lines
from handlers.cards.charts import attachment
from handlers.cards.gaps import GapsPressed
from handlers.cards.periods import confirm_button
from handlers.cards.requests import ApproveAllPressed, request_line
from handlers.cards.wanted import TEAM, ReportPressed

router = Router("digests")
NAMED = 10
"""People named in one line before the rest is counted."""
OVERDUE = timedelta(minutes=15)
"""So long after the start of a shift somebody without marks is named."""


@dataclass(frozen=True, slots=True)
class WeeklyPressed(Action, code="wy"):
    """Send the weekly summary no more (0), or again (1)."""

    wanted: int


@dataclass(frozen=True, slots=True)
class DigestPressed(Action, code="dg"):
    """Send the digest of the team no more (0), or again (1)."""

    wanted: int


@router.due(LEAD_DIGEST)
async def lead_digest(job: Job, occasion: Occasion, digests: Digests, people: People) -> Sequence[Notice]:
    """Tell a lead in one message how the day begins; nothing where there is nothing to tell."""
    day = await digests.team_day(job.portal_id, int(job.payload["employee_id"]), _day(job), occasion.now)
    if day is None:
        return ()
    passed = [await request_line(each, people) for each in day.passed[:NAMED]]
    text = digest_text(day, occasion.now, passed)
    if text is None:
        return ()
    monday, sunday = week_of(day.today)
    week = Button(t("👥 The team's week"), ReportPressed(monday.toordinal(), sunday.toordinal(), TEAM, ""))
    stop = Button(t("🔕 Stop sending this"), DigestPressed(0))
    at_once = [Button(t("✅ Approve all…"), ApproveAllPressed())] if day.waiting.count > 1 else []
    return (Notice(day.lead, Say(text, Keyboard.of(*at_once, week, stop))),)


@router.due(WEEKLY_SUMMARY)
async def weekly_summary(job: Job, occasion: Occasion, digests: Digests) -> Sequence[Notice]:
    """Send a person their last week with its picture; nothing of a week without marks and absences."""
    week = await digests.person_week(job.portal_id, int(job.payload["employee_id"]), _day(job), occasion.now)
    if week is None or not (week.account.worked or week.account.absences):
        return ()
    notices = [Notice(week.employee, Say(weekly_text(week), _weekly_buttons(week)))]
    if week.account.worked:
        speak = Translator(week.employee.locale, week.employee.zone, occasion.now)
        chart = chart_of(week.account, week.employee.name, speak)
        png = await asyncio.to_thread(draw, chart)
        caption = t("📊 {period} – {person}", period=chart.title, person=chart.person)
        notices.append(Notice(week.employee, Say(caption, file=attachment(png, chart))))
    return notices


def _day(job: Job) -> date:
    return date.fromisoformat(job.payload["day"])


@router.pressed(WeeklyPressed)
async def keep_weekly(turn: Turn, press: WeeklyPressed, digests: Digests) -> Reply:
    """Send the summary no more, or again; one tap either way."""
    digests.keep_weekly(turn.employee, wanted=bool(press.wanted))
    if press.wanted:
        return turn.say(t("All right: every Monday I will send you your last week."))
    again = Button(t("🔔 Send it to me again"), WeeklyPressed(1))
    return turn.say(t("All right, no more weekly summaries. You can always write “last week”."), Keyboard.of(again))


@router.pressed(DigestPressed)
async def keep_digest(turn: Turn, press: DigestPressed, digests: Digests) -> Reply:
    """Send the digest of the team no more, or again; one tap either way."""
    digests.keep_digest(turn.employee, wanted=bool(press.wanted))
    if press.wanted:
        return turn.say(t("All right: on workdays I will send you how your team's morning is."))
    again = Button(t("🔔 Send it to me again"), DigestPressed(1))
    return turn.say(t("All right, no more morning digests. You can always write “team”."), Keyboard.of(again))


def weekly_text(week: PersonWeek) -> Lines:
    """Say what a person's last week was."""
    return lines(t("📬 *Your last week*"), hours_text(week.account, week.today))


def digest_text(day: TeamDay, now: datetime, passed: Sequence[Phrase]) -> Lines | None:
    """Say who is in, late, away and not there yet, what is unconfirmed, and what passed; None for nothing at all.

    Of an absence its kind is told, as a picture; never its reason.
    """
    people = [(mention(person), account, account.days[-1]) for person, account in day.people]
    count = day.waiting.count
    waiting = tn("⏳ {count} request waits for you: /approvals", "⏳ {count} requests wait for you: /approvals", count)
    here = [each for each in people if each[1].flagged(Flag.RUNNING)]
    others = [each for each in people if not each[1].flagged(Flag.RUNNING)]
    by_portal = [
        t("{icon} {person}", icon=absence_icon(AbsenceKind.OTHER), person=mention(person))
        for person, account in day.people
        if not account.flagged(Flag.RUNNING)
        and not _is_away(account.days[-1])
        and any(map(is_whole_day, day.by_portal.get(person.id, ())))
    ]
    told = [
        _line(t("🟢 At work"), [_away(who, today) if _is_away(today) else who for who, _, today in here]),
        _line(t("🕘 Late"), [_late(who, today) for who, _, today in people if today.late]),
        _line(t("🕘 Said they are late"), _delayed(day)),
        _line(
            t("❗ No marks yet"),
            [
                who
                for person, (who, _, today) in zip(day.people, people, strict=True)
                if _is_overdue(today, now, day.delays.get(person[0].id)) and person[0].id not in day.by_portal
            ],
        ),
        _line(t("🚪 Away"), [*(_away(who, today) for who, _, today in others if _is_away(today)), *by_portal]),
        _line(t("❓ Unconfirmed"), _found(day, GapKind.UNCONFIRMED)),
        _line(t("❗ Days without marks"), _found(day, GapKind.MISSING, day.since)),
        _line(t("☕ Long breaks"), _found(day, GapKind.LONG_BREAK, day.since)),
        waiting if count else None,
        *urgent_lines(day.waiting, day.lead),
        *kind_lines(day.waiting, day.lead),
        t("✍️ *Small changes, made without asking:*") if passed else None,
        *passed,
    ]
    return lines(t("☀️ *Your team, {day}*", day=Day(day.today)), *told) if any(told) else None


def _line(label: Phrase, names: Sequence[Value]) -> Phrase | None:
    """Put names behind what they have in common, the first of many."""
    if not names:
        return None
    joined = t("{name}", name=names[0])
    for each in names[1:NAMED]:
        joined = t("{first}; {second}", first=joined, second=each)
    rest = len(names) - NAMED
    if rest > 0:
        joined = tn("{names} and {count} more", "{names} and {count} more", rest, names=joined)
    return t("{label} ({count}): {names}", label=label, count=len(names), names=joined)


def _late(who: Mention, today: DayAccount) -> Phrase:
    return t("{person} – {length}", person=who, length=Duration(today.late))


def _is_overdue(today: DayAccount, now: datetime, delay: Delay | None) -> bool:
    """Whether a shift has begun and nobody came, nor said that they would later; absent is not said (case 28)."""
    shift = today.shift
    if shift is not None and delay is not None and now <= delay.expected(shift.starts_at) + OVERDUE:
        return False
    return shift is not None and shift.starts_at + OVERDUE < now and not today.sessions and not today.absences


def _delayed(day: TeamDay) -> list[Phrase]:
    """Name who said that they come later and is not there yet."""
    found = []
    for person, account in day.people:
        delay = day.delays.get(person.id)
        if delay is None or account.days[-1].sessions:
            continue
        who = mention(person)
        if delay.until is None:
            found.append(t("{person}", person=who))
        else:
            found.append(t("{person} – by {time}", person=who, time=Time(delay.until, person.zone)))
    return found


def _is_away(today: DayAccount) -> bool:
    return any(is_whole_day(each) and each.kind is not AbsenceKind.REMOTE for each in today.absences)


def _away(who: Mention, today: DayAccount) -> Phrase:
    kinds = [each.kind for each in today.absences if is_whole_day(each)]
    kind = AbsenceKind.SICK if AbsenceKind.SICK in kinds else kinds[0]
    return t("{icon} {person}", icon=absence_icon(kind), person=who)


def _found(day: TeamDay, kind: GapKind, since: date = date.min) -> list[Phrase]:
    """Name the people with a kind of gap, each with the last of its days."""
    found = []
    for person, _ in day.people:
        days = [gap.day.day for gap in day.gaps[person.id] if gap.kind is kind and since <= gap.day.day]
        if days:
            found.append(t("{person} – {day}", person=mention(person), day=Day(days[-1])))
    return found


def _weekly_buttons(week: PersonWeek) -> Keyboard:
    account = week.account
    stop = Button(t("🔕 Stop sending this"), WeeklyPressed(0))
    if not week.gaps:
        return Keyboard.of(confirm_button(account.first, account.last), stop)
    gaps = GapsPressed(account.first.toordinal(), account.last.toordinal(), 0)
    return Keyboard.of(Button(t("🔎 What is not right"), gaps), stop)
