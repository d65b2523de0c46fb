"""Events of a portal's objects as they come to the door: whose they are, by what they want to be known, and of what.

They tell that something happened to an object, never what. Most of them are written in one way, which is read from
the bytes; whatever looks any different is taken apart.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.channels.bitrix24.forms import FORM, parse_body
from bot.channels.bitrix24.values import mapping, number, text
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import USER, Actor
from bot.ports import NotProven

_EVENT: Final = re.compile(
    rb"event=(ONCRMDEAL|ONCRMLEAD|ONCRMDYNAMICITEM|ONTASK|ONUSER)[A-Z]+(?:_[0-9]+)?(?:&|$)", re.IGNORECASE
)
"""How such a form begins."""
_PLAIN: Final = re.compile(
    rb"event=ONCRM(DEAL|LEAD)(?:ADD|UPDATE|DELETE)(?:&event_handler_id=[0-9]+)?"
    rb"&data%5BFIELDS%5D%5BID%5D=([1-9][0-9]{0,14})&ts=[0-9]+((?:&auth%5B[a-z_]+%5D=[A-Za-z0-9._%+~-]*)+)"
)
_AUTH: Final = re.compile(rb"&auth%5B(application_token|member_id|access_token)%5D=([^&]*)")
_KINDS: Final[Mapping[str, str]] = {"ONCRMDEAL": "deal", "ONCRMLEAD": "lead", "ONTASK": "task"}
_DYNAMIC: Final = "ONCRMDYNAMICITEM"
_DOES: Final = ("ADD", "UPDATE", "DELETE", "MOVETOCATEGORY")
_COMMENT: Final = "ONTASKCOMMENT"


@dataclass(frozen=True, slots=True)
class Told:
    """What an event of an object shows."""

    member_id: str
    token: str
    ref: str
    """The object's stored name, or `user:17`."""
    actor: Actor


def told(body: bytes, content_type: str) -> Told | None:
    """Return what an event of an object shows; None for what is none. NotProven where it lacks what it must carry."""
    is_form = content_type.partition(";")[0].strip().lower() == FORM
    if is_form:
        if _EVENT.match(body) is None:
            return None
        if (plain := _PLAIN.fullmatch(body)) is not None and (seen := _at_a_glance(plain)) is not None:
            return seen
    form = parse_body(body, content_type)
    event = text(form.get("event")).upper()
    if not event.startswith(("ONCRM", "ONTASK", "ONUSER")):
        return None
    auth = mapping(form.get("auth"))
    actor = Actor.PERSON if text(auth.get("access_token")) else Actor.ROBOT
    ref = _ref(event, mapping(form.get("data")))
    if ref is None:
        raise NotProven("unknown_event")
    if not ref:
        raise NotProven("incomplete_event")
    return Told(text(auth.get("member_id")).lower(), text(auth.get("application_token")), ref, actor)


def _at_a_glance(plain: "re.Match[bytes]") -> Told | None:
    """Return what an ordinary event shows; None where a value is written in an odd way, or there are two of one."""
    kind, wanted, auth = plain.groups()
    pairs = _AUTH.findall(auth)
    found = dict(pairs)
    token, member = found.get(b"application_token", b""), found.get(b"member_id", b"")
    if len(found) != len(pairs) or b"%" in token + member or b"+" in token + member:
        return None
    actor = Actor.PERSON if found.get(b"access_token") else Actor.ROBOT
    return Told(member.decode().lower(), token.decode(), f"{kind.decode().lower()}:{wanted.decode()}", actor)


def _ref(event: str, data: Mapping[str, Any]) -> str | None:
    """Return the stored name of what an event is about; "" where that is not told, None for no such event."""
    if event == "ONUSERADD":
        account = number(data.get("ID"))
        return f"{USER}{account}" if account else ""
    if event.startswith(_DYNAMIC):
        does, _, type_id = event.removeprefix(_DYNAMIC).partition("_")
        fields = mapping(data.get("FIELDS"))
        wanted = number(fields.get("ENTITY_TYPE_ID")) or number(type_id)
        return _named("smart_process", number(fields.get("ID")), wanted) if does in _DOES else None
    if event.startswith(_COMMENT):
        after = mapping(data.get("FIELDS_AFTER"))
        before = mapping(data.get("FIELDS_BEFORE"))
        return _named("task", number(after.get("TASK_ID")) or number(before.get("TASK_ID")))
    for begin, kind in _KINDS.items():
        if event.startswith(begin):
            if event.removeprefix(begin) not in _DOES:
                return None
            places = ("FIELDS_AFTER", "FIELDS_BEFORE") if kind == "task" else ("FIELDS",)
            return _named(kind, next(filter(None, (number(mapping(data.get(each)).get("ID")) for each in places)), 0))
    return None


def _named(kind: str, wanted: int, type_id: int = 0) -> str:
    if not wanted or (kind == "smart_process" and not type_id):
        return ""
    ref = ObjectRef.parse(f"{kind}:{type_id}:{wanted}" if type_id else f"{kind}:{wanted}")
    return "" if ref is None else str(ref)
