"""Options that are a time of day, or a length of time."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.domain.options.option import Option, WrongOption, YesOrNo
from bot.domain.people.privacy import BY_LAW, LONGEST_TERM, retention_months
from bot.domain.portal import LARGEST_SMALL_CHANGE, Portal
from bot.domain.reminding.digests import digest_time
from bot.domain.reminding.watch import LONGEST_PATIENCE, patience
from bot.domain.reminding.watch import OPTION as WATCH_OPTION
from bot.text import Duration, Phrase, t, tn, verbatim
from bot.understanding import understand_clock
from bot.understanding.written import length, months


@dataclass(frozen=True, slots=True)
class _DigestAt(Option[time]):
    def of(self, portal: Portal) -> time:
        return digest_time(portal.options)

    def heard(self, said: str, portal: Portal, today: date) -> time:
        del portal, today
        found = understand_clock(said)
        if found is None:
            raise WrongOption(t("I did not get the time. Write it as 9:30, please."))
        return found

    def words(self, value: time) -> Phrase:
        return verbatim(f"{value.hour}:{value.minute:02}")

    def written(self, value: time, portal: Portal) -> str:
        del portal
        return f"{value:%H.%M}"

    def _stored(self, value: time) -> str:
        return f"{value:%H:%M}"


@dataclass(frozen=True, slots=True)
class _SmallChange(Option[timedelta]):
    def of(self, portal: Portal) -> timedelta:
        return portal.free_correction

    def heard(self, said: str, portal: Portal, today: date) -> timedelta:
        del portal, today
        value = length(said)
        if value is None or value > LARGEST_SMALL_CHANGE:
            raise WrongOption(t("Write minutes from 0 to {most}, please.", most=_minutes(LARGEST_SMALL_CHANGE)))
        return value

    def words(self, value: timedelta) -> Phrase:
        return t("up to {length}", length=Duration(value)) if value else t("no changes")

    def written(self, value: timedelta, portal: Portal) -> str:
        del portal
        return str(_minutes(value))

    def put(self, portal: Portal, value: timedelta) -> Portal:
        return replace(portal, free_correction=value)


@dataclass(frozen=True, slots=True)
class _Retention(Option[int]):
    def of(self, portal: Portal) -> int:
        return retention_months(portal.options)

    def heard(self, said: str, portal: Portal, today: date) -> int:
        del portal, today
        found = months(said)
        if found is None or not 0 < found <= LONGEST_TERM:
            raise WrongOption(t("Write months from 1 to {most}, please, for example 72.", most=LONGEST_TERM))
        return found

    def words(self, value: int) -> Phrase:
        return tn("{count} month", "{count} months", value)


@dataclass(frozen=True, slots=True)
class _RemindAfter(Option[timedelta]):
    def of(self, portal: Portal) -> timedelta:
        return patience(portal.options)

    def heard(self, said: str, portal: Portal, today: date) -> timedelta:
        del portal, today
        value = length(said)
        if value is None or value > LONGEST_PATIENCE:
            raise WrongOption(t("Write minutes from 0 to {most}, please.", most=_minutes(LONGEST_PATIENCE)))
        return value

    def words(self, value: timedelta) -> Phrase:
        return t("after {length}", length=Duration(value)) if value else t("at once")

    def written(self, value: timedelta, portal: Portal) -> str:
        del portal
        return str(_minutes(value))

    def _stored(self, value: timedelta) -> int:
        return _minutes(value)


@dataclass(frozen=True, slots=True)
class _RemoteDays(YesOrNo):
    def words(self, value: bool) -> Phrase:
        return t("the lead is asked") if value else t("without asking")


def _minutes(time_span: timedelta) -> int:
    return int(time_span.total_seconds()) // 60


DIGEST_AT = _DigestAt(
    "digest_at",
    t("☀️ Morning digest"),
    t("When should leads get their morning digest? It comes on workdays, by each lead's own clock. For example: 9:30"),
    ("8.30", "9.00", "9.30", "10.00", "11.00"),
)
REMIND_AFTER = _RemindAfter(
    WATCH_OPTION,
    t("⏰ Missing check-in"),
    t("How long after the start of a shift are people asked where they are? In minutes, for example: 10"),
    ("5", "10", "15", "30"),
)
REMOTE_IS_ASKED = _RemoteDays(
    "remote_is_asked",
    t("🏠 Remote today"),
    t("Is the lead asked when somebody says in the morning that they work remotely today?"),
    ("no", "yes"),
)
SMALL_CHANGE = _SmallChange(
    "free_correction",
    t("✍️ Without approval"),
    t("How far may people move a mark of theirs without asking their lead? In minutes, for example: 15"),
    ("0", "5", "15", "30"),
)
RETENTION = _Retention(
    "retention_months",
    t("🗄 Keeping of hours"),
    t(
        "For how many months after somebody's last day are their hours kept? Only then can they be erased. "
        "In Russia time sheets are kept for 5 years. For example: 72"
    ),
    (str(BY_LAW), "72", "84", "120"),
)
