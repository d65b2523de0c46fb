"""How hours stand against what they are held against. Pure; words, pictures and files all take it from here.

Only work on dates with a schedule is held against anything: what was recorded before somebody had one is told apart,
so that worked, norm and balance add up for whoever reads them (case 80).
"""

from datetime import date, timedelta

from bot.domain.planning.schedule import ScheduleKind
from bot.domain.reports.account import Account

WHOLE_MONTH = 28
"""Of a rota fewer days than that are held against its shifts (art. 104)."""


def has_norm(account: Account) -> bool:
    """Whether hours are held against a norm, and it is known."""
    return account.norm_is_known and any(day.is_compared for day in account.days)


def is_by_plan(account: Account) -> bool:
    """Whether hours are held against the shifts: of a rota a week means nothing to the calendar's norm (art. 104)."""
    return len(account.days) < WHOLE_MONTH and any(day.kind is ScheduleKind.ROTA for day in account.days)


def target_of(account: Account) -> timedelta:
    """Return what hours are held against: the norm, or the shifts of a rota's few days."""
    return account.plan if is_by_plan(account) else account.norm or timedelta()


def balance_of(account: Account) -> timedelta:
    """Return worked less what it is held against; nothing where there is none."""
    return account.compared - account.plan if is_by_plan(account) else account.balance or timedelta()


def apart_of(account: Account) -> timedelta:
    """Return the work on dates without a schedule, where other dates have one: it is in no balance."""
    return account.worked - account.compared if has_norm(account) else timedelta()


def so_far(account: Account, today: date) -> Account:
    """Return the part of a period that is over: up to yesterday, for nobody is held against hours to come."""
    return account.part(account.first, min(account.last, today - timedelta(days=1)))


def balance_by(account: Account, today: date) -> timedelta | None:
    """Return the balance of a period that is over, else the one up to yesterday; None where it means nothing yet.

    Of a rota's month and of flexible hours only the whole period is held against its norm.
    """
    if not has_norm(account):
        return None
    if account.last < today:
        return balance_of(account)
    over = so_far(account, today)
    if not over.days:
        return None
    is_daily = is_by_plan(account) or all(day.balance is not None for day in over.days if day.is_compared)
    return balance_of(over) if is_daily and has_norm(over) else None
