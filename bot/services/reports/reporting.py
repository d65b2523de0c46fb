"""Reporting: the services that a report needs, asked for together."""

from dataclasses import dataclass

from bot.services.people.departments import Departments
from bot.services.people.people import People
from bot.services.reports.accounts import Accounts
from bot.services.reports.gaps import Gaps
from bot.services.reports.sheets import Sheets


@dataclass(frozen=True, slots=True)
class Reporting:
    """What a conversation about hours works with."""

    accounts: Accounts
    people: People
    departments: Departments
    sheets: Sheets
    gaps: Gaps
