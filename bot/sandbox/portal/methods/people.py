"""Users and departments: `user.*`, `profile`, `department.get`."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import invalid, surplus
from bot.sandbox.portal.params import Params, as_integer
from bot.sandbox.portal.registry import Answer, method
from bot.sandbox.portal.roster import Account

_PAGE = 50
_PREFIXES = ("!=", "!@", "!%", ">=", "<=", "=", "!", ">", "<", "@", "%")


def _user(account: Account) -> dict[str, Any]:
    """Describe a user with string ids; empty fields are left out, dates of no interest are `{}`."""
    user: dict[str, Any] = {
        "ID": str(account.id),
        "ACTIVE": account.is_active,
        "NAME": account.first_name,
        "LAST_NAME": account.last_name,
        "DATE_REGISTER": "2024-01-15T00:00:00+03:00",
        "TIME_ZONE": account.zone,
        "IS_ONLINE": "N",
        "TIMESTAMP_X": {},
        "LAST_ACTIVITY_DATE": {},
        "PERSONAL_GENDER": "",
        "UF_EMPLOYMENT_DATE": f"{account.hired_on}T03:00:00+03:00" if account.hired_on else "",
        "UF_DEPARTMENT": list(account.departments),
        "USER_TYPE": account.type,
    }
    if account.position:
        user["WORK_POSITION"] = account.position
    return user


def _matches(value: Any, operator: str, wanted: Any) -> bool:
    """Apply one condition of a filter to one value."""
    if operator.startswith("!"):
        return not _matches(value, operator[1:], wanted)
    if isinstance(value, list):
        return any(_matches(each, operator, wanted) for each in value)
    if operator in ("", "=", "@"):
        choices = wanted if isinstance(wanted, list) else [wanted]
        return any(_text(value) == _text(choice) for choice in choices)
    if operator == "%":
        return str(wanted).lower() in str(value).lower()
    left, right = as_integer(value), as_integer(wanted)
    if left is None or right is None:
        return False
    return {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right}[operator]


def _text(value: Any) -> str:
    """Write a value so that Y, 1 and true are the same."""
    if isinstance(value, bool):
        return "Y" if value else "N"
    text = str(value)
    return {"true": "Y", "false": "N"}.get(text.lower(), text)


def _condition(key: str, wanted: Any) -> Callable[[dict[str, Any]], bool]:
    """Read one condition of FILTER; a field that the sandbox cannot filter by is refused."""
    operator = next((prefix for prefix in _PREFIXES if key.startswith(prefix)), "")
    name = key.removeprefix(operator).upper()
    if name not in ("ID", "ACTIVE", "USER_TYPE", "NAME", "LAST_NAME", "UF_DEPARTMENT", "WORK_POSITION"):
        raise surplus([f"FILTER[{key}]"])
    if name == "ACTIVE" and wanted in (1, "1", 0, "0"):
        wanted = wanted in (1, "1")
    return lambda user: _matches(user.get(name, ""), operator, wanted)


def _page(found: list[dict[str, Any]], start: int) -> Answer:
    """Cut out one page; `start` below 0 switches counting off."""
    if start < 0:
        return Answer(found[:_PAGE], 0)
    following = start + _PAGE
    return Answer(found[start:following], len(found), following if following < len(found) else None)


def _sorted(found: list[dict[str, Any]], params: Params, default: str) -> list[dict[str, Any]]:
    """Sort by any field; ids and other numbers by their value."""
    order = params.text("order", "ASC").upper()
    if order not in ("ASC", "DESC"):
        raise invalid("order", "ASC or DESC")
    name = params.text("sort", default).upper()

    def rank(row: dict[str, Any]) -> tuple[int, str]:
        value = row.get(name, "")
        return (as_integer(value) or 0, str(value))

    return sorted(found, key=rank, reverse=order == "DESC")


def get(portal: Portal, params: Params) -> Answer:
    """List users, 50 a page."""
    conditions = [_condition(key, wanted) for key, wanted in params.mapping("FILTER").values.items()]
    params.flag("ADMIN_MODE", default=False)
    users = [_user(account) for account in portal.accounts.values()]
    found = [user for user in users if all(holds(user) for holds in conditions)]
    answer = _page(_sorted(found, params, "ID"), params.integer("start", 0))
    selected = params.values.get("select")
    if isinstance(selected, list) and "*" not in selected:
        rows = [{name: user[name] for name in user if name in selected} for user in answer.result]
        return Answer(rows, answer.total, answer.next)
    return answer


_FIELD_NAMES = {
    "ID": "ID",
    "ACTIVE": "Active",
    "NAME": "First name",
    "LAST_NAME": "Last name",
    "WORK_POSITION": "Position",
    "TIME_ZONE": "Time zone",
    "UF_DEPARTMENT": "Departments",
    "UF_EMPLOYMENT_DATE": "Employed since",
    "USER_TYPE": "User type",
}


def fields(_portal: Portal, _params: Params) -> Answer:
    """Name the fields of a user."""
    return Answer(_FIELD_NAMES)


def search(portal: Portal, params: Params) -> Answer:
    """List users by a word of theirs (FIND), or by name, position or type."""
    wanted = dict(params.mapping("FILTER").values)
    words = str(wanted.pop("FIND", "")).lower().split()
    conditions = [_condition(f"%{key}" if key != "USER_TYPE" else key, value) for key, value in wanted.items()]
    found = []
    for account in portal.accounts.values():
        user, about = _user(account), f"{account.name} {account.position}".lower()
        if account.is_active and all(each in about for each in words) and all(holds(user) for holds in conditions):
            found.append(user)
    return _page(_sorted(found, params, "ID"), params.integer("start", 0))


def current(_portal: Portal, params: Params) -> Answer:
    """Return whose token or webhook it is."""
    return Answer(_user(params.caller.account))


def admin(_portal: Portal, params: Params) -> Answer:
    """Whether the caller is an administrator."""
    return Answer(params.caller.account.is_admin)


def profile(_portal: Portal, params: Params) -> Answer:
    """Return the caller in brief, whatever the scopes."""
    owner = params.caller.account
    return Answer(
        {
            "ID": str(owner.id),
            "ADMIN": owner.is_admin,
            "NAME": owner.first_name,
            "LAST_NAME": owner.last_name,
            "PERSONAL_GENDER": "",
            "TIME_ZONE": owner.zone,
        }
    )


def departments(portal: Portal, params: Params) -> Answer:
    """List departments, 50 a page; PARENT and UF_HEAD are left out where there are none."""
    rows: list[dict[str, Any]] = []
    for department in portal.departments.values():
        row: dict[str, Any] = {"ID": str(department.id), "NAME": department.name, "SORT": 500}
        if department.parent is not None:
            row["PARENT"] = str(department.parent)
        if department.head is not None:
            row["UF_HEAD"] = str(department.head)
        rows.append(row)
    for name in ("ID", "NAME", "SORT", "PARENT", "UF_HEAD"):
        if params.has(name):
            rows = [row for row in rows if _matches(row.get(name, ""), "", params.values[name])]
    return _page(_sorted(rows, params, "ID"), params.integer("START", 0))


METHODS = (
    method("user.get", get, "FILTER sort order ADMIN_MODE select IMAGE_RESIZE start", is_classic=True),
    method("user.search", search, "FILTER sort order start", is_classic=True),
    method("user.fields", fields),
    method("user.current", current),
    method("user.admin", admin),
    method("profile", profile),
    method("department.get", departments, "sort order ID NAME SORT PARENT UF_HEAD START", is_classic=True),
)
