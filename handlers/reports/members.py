"""The people of a team with their accounts, as its texts list them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.people.employee import Employee
from bot.domain.reports.account import Account, Flag
from bot.text import Mention, Period, Phrase, t, tn

SHOWN = 30
"""Lines that are read on a phone; the rest is in the file."""
_OPEN = (Flag.MISSING, Flag.UNCONFIRMED, Flag.PENDING)


@dataclass(frozen=True, slots=True)
class Member:
    """A person with their account."""

    employee: Employee
    account: Account

    @property
    def mention(self) -> Mention:
        """The name, as a link where it can be one."""
        return Mention(self.employee.name, self.employee.accounts)

    @property
    def troubles(self) -> int:
        """On how many days something is not right yet."""
        return sum(bool(day.flags & set(_OPEN)) for day in self.account.days)


def members_of(people: Iterable[Employee], accounts: Mapping[int, Account]) -> list[Member]:
    """Return the people with something to mend first, then by name; who left is shown where there are hours."""
    found = [Member(each, accounts[each.id]) for each in people]
    found = [each for each in found if not each.employee.is_disabled or each.account.worked]
    return sorted(found, key=lambda each: (-each.troubles, each.employee.name))


def troubled(members: Sequence[Member]) -> list[Member]:
    """Return the people with something to mend."""
    return [each for each in members if each.troubles]


def team_heading(team: Phrase, first: date, last: date) -> Phrase:
    """Name the days and the team."""
    return t("👥 *{period}* – {team}", period=Period(first, last), team=team)


def more_than(count: int) -> Phrase | None:
    """Count who has no room on a phone."""
    rest = count - SHOWN
    return (
        tn("… and {count} more, all of them in the file", "… and {count} more, all of them in the file", rest)
        if rest > 0
        else None
    )
