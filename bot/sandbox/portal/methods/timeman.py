"""`timeman.open`, `pause`, `close`, `status` and `settings`."""

from datetime import datetime

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.params import Params
from bot.sandbox.portal.registry import Answer, method
from bot.sandbox.portal.roster import Account
from bot.sandbox.portal.timeman import DELTA


def _whose(portal: Portal, params: Params) -> Account:
    """Return whose day it is; another's is for those who may manage other people's days."""
    caller = params.caller.account
    wanted = params.integer("USER_ID", caller.id)
    account = portal.accounts.get(wanted)
    if account is None:
        raise RestError("", "User not found")
    if account.id != caller.id and not caller.is_admin:
        raise RestError("", "You do not have access to other users' work time")
    return account


def _time(params: Params) -> datetime | None:
    text = params.text("TIME", "")
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise RestError("WRONG_DATETIME_FORMAT", "The time is not in the format of ATOM")
    return at


def open_day(portal: Portal, params: Params) -> Answer:
    """Begin a day, or end a break."""
    day = portal.timeman.open(_whose(portal, params), _time(params), params.text("REPORT", ""))
    return Answer(portal.timeman.form(day))


def pause(portal: Portal, params: Params) -> Answer:
    """Begin a break."""
    return Answer(portal.timeman.form(portal.timeman.pause(_whose(portal, params))))


def close(portal: Portal, params: Params) -> Answer:
    """End a day."""
    day = portal.timeman.close(_whose(portal, params), _time(params), params.text("REPORT", ""))
    return Answer(portal.timeman.form(day))


def status(portal: Portal, params: Params) -> Answer:
    """Tell how the day stands."""
    return Answer(portal.timeman.form(portal.timeman.last(_whose(portal, params))))


def settings(portal: Portal, params: Params) -> Answer:
    """Tell the rules of somebody's day; ADMIN says whether the caller may manage other people's."""
    account = _whose(portal, params)
    is_own = account.id == params.caller.account.id
    return Answer(
        {
            "UF_TIMEMAN": True,
            "UF_TM_FREE": False,
            "UF_TM_MAX_START": "09:15:00",
            "UF_TM_MIN_FINISH": "17:45:00",
            "UF_TM_MIN_DURATION": "08:00:00",
            "UF_TM_ALLOWED_DELTA": f"00:{int(DELTA.total_seconds()) // 60:02}:00",
            "ADMIN": is_own and account.is_admin,
        }
    )


_WRITTEN = "USER_ID TIME REPORT LAT LON"
METHODS = (
    method("timeman.open", open_day, _WRITTEN, writes=True, is_classic=True),
    method("timeman.pause", pause, "USER_ID", writes=True, is_classic=True),
    method("timeman.close", close, _WRITTEN, writes=True, is_classic=True),
    method("timeman.status", status, "USER_ID", is_classic=True),
    method("timeman.settings", settings, "USER_ID", is_classic=True),
)
