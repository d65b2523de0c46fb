"""Who may do what: one table of rights and roles. Services ask it; commands, menus and buttons hide by it.

What everybody may needs no right: to record one's own day, to ask for something, to read who is at work or away, never
why.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum
from typing import Final

from bot.domain.errors import LeadsOnly, NotAllowed, Refusal
from bot.domain.people.employee import Employee, Role
from bot.domain.people.leading import led_by


class Reach(IntEnum):
    """About whom a right holds; each holds for those of the one before as well."""

    NOBODY = 0
    OWN = 1
    BELOW = 2
    """The people whose line of leads comes to the person, directly or through others."""
    ALL = 3


class Right(StrEnum):
    """Something that not everybody may do with everybody's matters."""

    SEE_REQUESTS = "see_requests"
    """What somebody asked for that touches their hours, and what became of it; today every kind does."""
    READ_REASONS = "read_reasons"
    """Why somebody asked, and why it was rejected."""
    DECIDE = "decide"
    """Be asked about requests; each decides only in a seat that they hold."""
    SEE_HOURS = "see_hours"
    """Hours, absences and their kind, statistics."""
    CORRECT_OTHERS = "correct_others"
    """Correct somebody's hours, or record an absence for them, at once and on record."""
    ASK_FOR_MARKS = "ask_for_marks"
    """Have somebody reminded of their marks."""
    HEAR_OF_PEOPLE = "hear_of_people"
    """Be told by itself: the digest of the morning, small changes. Administrators hear of whom nobody leads."""
    CONFIRM_HOURS = "confirm_hours"
    """Find the hours of a period right."""
    VOUCH_FOR_DAYS = "vouch_for_days"
    """Say for somebody that their day ended where it was closed (case 26)."""
    APPROVE_PERIODS = "approve_periods"
    """Approve hours that somebody confirmed."""
    CLOSE_PERIODS = "close_periods"
    """Close periods, open them again, and ask people to look at their hours before."""
    MAKE_SHEETS = "make_sheets"
    """Time sheets as files."""
    MAKE_T13 = "make_t13"
    """Form T-13."""
    SEE_SCHEDULES = "see_schedules"
    GIVE_SCHEDULES = "give_schedules"
    """Plan the time of others: of people below, of departments that one heads; with ALL of anybody and the portal."""
    SEE_BALANCES = "see_balances"
    """Days of leave that are left."""
    KEEP_PERSONNEL = "keep_personnel"
    """Personnel numbers and days of hiring."""
    KEEP_CALENDAR = "keep_calendar"
    """The production calendar: whose it is, and which days are other."""
    KEEP_ORGANISATION = "keep_organisation"
    """How the organisation stands on papers."""
    KEEP_OPTIONS = "keep_options"
    """Everything else that counts for a portal."""
    KEEP_RULES = "keep_rules"
    """Rules of hours and of approvals."""
    INTEGRATE = "integrate"
    """Keys of programs that act for the portal, and whom it tells of what happens."""
    GIVE_ROLES = "give_roles"
    """Give and take roles, and list who has which."""
    GIVE_ACCESS = "give_access"
    """Switch people off and on, and name a last day of work, after which access is off."""
    INTRODUCE = "introduce"
    """Set the portal up, and tell people what the bot is."""
    RESEND = "resend"
    """Try again what did not arrive, and what could not be done on the portal."""
    SEE_RECORD = "see_record"
    """Read who changed what on the portal."""
    ERASE = "erase"
    """Erase what is stored about former people."""
    REPLACE_HOLDER = "replace_holder"
    """Ask somebody else than the holder of a seat, on record."""
    NAME_SUBSTITUTES = "name_substitutes"
    """Say who stands in for somebody."""


_ROLES: Final = (Role.EMPLOYEE, Role.LEAD, Role.ACCOUNTANT, Role.ADMIN)
_NO, _OWN, _BELOW, _ALL = Reach
_TABLE: Final[Mapping[Right, tuple[Reach, Reach, Reach, Reach]]] = {
    # right                 employee, lead, accountant, administrator
    Right.SEE_REQUESTS: (_OWN, _BELOW, _ALL, _ALL),
    Right.READ_REASONS: (_OWN, _BELOW, _OWN, _ALL),
    Right.DECIDE: (_NO, _BELOW, _NO, _ALL),
    Right.SEE_HOURS: (_OWN, _BELOW, _ALL, _ALL),
    Right.CORRECT_OTHERS: (_NO, _BELOW, _NO, _ALL),
    Right.ASK_FOR_MARKS: (_NO, _BELOW, _NO, _ALL),
    Right.HEAR_OF_PEOPLE: (_NO, _BELOW, _NO, _ALL),
    Right.CONFIRM_HOURS: (_OWN, _OWN, _OWN, _OWN),
    Right.VOUCH_FOR_DAYS: (_NO, _NO, _NO, _ALL),
    Right.APPROVE_PERIODS: (_NO, _BELOW, _NO, _ALL),
    Right.CLOSE_PERIODS: (_NO, _NO, _ALL, _ALL),
    Right.MAKE_SHEETS: (_OWN, _BELOW, _ALL, _ALL),
    Right.MAKE_T13: (_OWN, _BELOW, _ALL, _ALL),
    Right.SEE_SCHEDULES: (_OWN, _BELOW, _ALL, _ALL),
    Right.GIVE_SCHEDULES: (_NO, _BELOW, _NO, _ALL),
    Right.SEE_BALANCES: (_OWN, _BELOW, _ALL, _ALL),
    Right.KEEP_PERSONNEL: (_NO, _NO, _ALL, _ALL),
    Right.KEEP_CALENDAR: (_NO, _NO, _ALL, _ALL),
    Right.KEEP_ORGANISATION: (_NO, _NO, _ALL, _ALL),
    Right.KEEP_OPTIONS: (_NO, _NO, _NO, _ALL),
    Right.KEEP_RULES: (_NO, _NO, _NO, _ALL),
    Right.INTEGRATE: (_NO, _NO, _NO, _ALL),
    Right.GIVE_ROLES: (_NO, _NO, _NO, _ALL),
    Right.GIVE_ACCESS: (_NO, _NO, _NO, _ALL),
    Right.INTRODUCE: (_NO, _NO, _NO, _ALL),
    Right.RESEND: (_NO, _NO, _NO, _ALL),
    Right.SEE_RECORD: (_NO, _NO, _NO, _ALL),
    Right.ERASE: (_NO, _NO, _NO, _ALL),
    Right.REPLACE_HOLDER: (_NO, _NO, _NO, _ALL),
    Right.NAME_SUBSTITUTES: (_OWN, _BELOW, _OWN, _ALL),
}


def reach_of(role: Role, right: Right) -> Reach:
    """Return about whom a role gives a right."""
    return _TABLE[right][_ROLES.index(role)]


def reach(actor: Employee, right: Right) -> Reach:
    """Return about whom a person has a right now; somebody switched off has none."""
    return Reach.NOBODY if actor.is_disabled else reach_of(actor.role, right)


def may(actor: Employee, right: Right) -> bool:
    """Whether a person has a right beyond their own matters."""
    return reach(actor, right) > Reach.OWN


def check(actor: Employee, right: Right) -> None:
    """Refuse whoever has a right about nobody, or about themselves alone."""
    if not may(actor, right):
        raise _refusal(right)


def roles_with(right: Right) -> frozenset[Role]:
    """Return the roles that give a right beyond one's own matters."""
    return frozenset(role for role in _ROLES if reach_of(role, right) > Reach.OWN)


def within(actor: Employee, right: Right, everybody: Iterable[Employee]) -> list[Employee]:
    """Return the people about whom a person has a right, themselves included where they are, in the order given."""
    match reach(actor, right):
        case Reach.NOBODY:
            return []
        case Reach.OWN:  # a role that was taken away shows nobody any more
            return [each for each in everybody if each.id == actor.id]
        case Reach.BELOW:
            people = list(everybody)
            below = {actor.id, *(each.id for each in led_by(actor.id, people))}
            return [each for each in people if each.id in below]
        case Reach.ALL:
            return list(everybody)


def _refusal(right: Right) -> Refusal:
    return LeadsOnly() if Role.LEAD in roles_with(right) else NotAllowed()
