"""Reporting: the services that a report needs, asked for together."""

from dataclasses import dataclass

from bot.services.accounts import Accounts
from bot.services.departments import Departments
from bot.services.gaps import Gaps
from bot.services.people import People
from bot.services.sheets import Sheets


@dataclass(frozen=True, slots=True)
class Reporting:
    """What a conversation about hours works with."""

    accounts: Accounts
    people: People
    departments: Departments
    sheets: Sheets
    gaps: Gaps
