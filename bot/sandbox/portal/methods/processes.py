"""`bizproc.robot.*`, `bizproc.activity.*` and the answer of a robot: `bizproc.event.send`."""

import re
from functools import partial
from typing import Any, Literal
from urllib.parse import urlsplit

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError, access_denied
from bot.sandbox.portal.params import Params, required_text
from bot.sandbox.portal.processes import Robot, wrong
from bot.sandbox.portal.registry import Answer, Method, method

Kind = Literal["robot", "activity"]
_CODE = re.compile(r"[A-Za-z0-9._-]+")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TYPES = ("bool", "date", "datetime", "double", "file", "int", "select", "string", "text", "user")


def _administrator(params: Params) -> None:
    if not params.caller.account.is_admin:
        raise access_denied("Access denied! Admin permissions required")


def _properties(params: Params, name: str) -> dict[str, Any]:
    given = params.mapping(name).values
    for key, about in given.items():
        if not _KEY.fullmatch(key) or not isinstance(about, dict):
            raise wrong(f"Wrong property key ({key})!")
        if about.get("Type", "string") not in _TYPES:
            raise wrong(f"Wrong property type ({key})!")
    return given


def _handler(portal: Portal, params: Params) -> str:
    """Return the address of the handler, which is on the application's own site."""
    url = params.text("HANDLER", "")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise RestError("ERROR_UNSUPPORTED_PROTOCOL", "Unsupported handler protocol")
    site = urlsplit(portal.authority.application.site).hostname if portal.authority else None
    if parts.hostname is None or (site is not None and parts.hostname != site):
        raise RestError("ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
    return url


def _read(portal: Portal, params: Params, robot: Robot) -> Robot:
    if params.has("HANDLER"):
        robot.handler = _handler(portal, params)
    if params.has("NAME"):
        robot.name = params.values["NAME"]
    if params.has("PROPERTIES"):
        robot.properties = _properties(params, "PROPERTIES")
    if params.has("RETURN_PROPERTIES"):
        robot.return_properties = _properties(params, "RETURN_PROPERTIES")
    robot.auth_user_id = params.integer("AUTH_USER_ID", robot.auth_user_id)
    robot.use_subscription = params.text("USE_SUBSCRIPTION", robot.use_subscription)
    return robot


def add(kind: Kind, portal: Portal, params: Params) -> Answer:
    """Register a robot or activity; a code that is known is refused."""
    _administrator(params)
    code = params.text("CODE", "")
    if not _CODE.fullmatch(code):
        raise wrong("Wrong activity code!")
    handler = _handler(portal, params)
    if not params.values.get("NAME"):
        raise wrong("Empty activity NAME!")
    robot = _read(portal, params, Robot(code, handler, params.values["NAME"], kind))
    if portal.processes.robot(code) is not None:
        raise RestError("ERROR_ACTIVITY_ALREADY_INSTALLED", "Activity or Robot already installed!")
    portal.processes.put(robot)
    return Answer(result=True)


def _known(kind: Kind, portal: Portal, params: Params) -> Robot:
    code = required_text(params, "CODE", "ERROR_ACTIVITY_VALIDATION_FAILURE", "Empty activity code!")
    robot = portal.processes.robot(code)
    if robot is None or robot.kind != kind:
        raise RestError("ERROR_ACTIVITY_NOT_FOUND", "Activity or Robot not found!")
    return robot


def update(kind: Kind, portal: Portal, params: Params) -> Answer:
    """Change a robot."""
    _administrator(params)
    robot = _known(kind, portal, params)
    fields = params.mapping("FIELDS", required=True)
    if not fields.values:
        raise wrong("No fields to update!")
    portal.processes.put(_read(portal, fields, robot))
    return Answer(result=True)


def list_codes(kind: Kind, portal: Portal, params: Params) -> Answer:
    """List the codes."""
    _administrator(params)
    return Answer([each.code for each in portal.processes.robots() if each.kind == kind])


def delete(kind: Kind, portal: Portal, params: Params) -> Answer:
    """Take a robot away."""
    _administrator(params)
    portal.processes.drop([_known(kind, portal, params).code])
    return Answer(result=True)


def send(portal: Portal, params: Params) -> Answer:
    """Answer for a robot that waits, once."""
    values = params.mapping("RETURN_VALUES").values
    portal.processes.answer(params.text("EVENT_TOKEN", ""), values, params.text("LOG_MESSAGE", ""))
    return Answer(result=True)


def log(portal: Portal, params: Params) -> Answer:
    """Write into the log of a process that waits."""
    message = required_text(params, "LOG_MESSAGE", "ERROR_EMPTY_LOG_MESSAGE", "Empty log message!")
    portal.processes.note(params.text("EVENT_TOKEN", ""), message)
    return Answer(result=True)


_ALL = (
    "CODE HANDLER AUTH_USER_ID USE_SUBSCRIPTION NAME DESCRIPTION PROPERTIES RETURN_PROPERTIES DOCUMENT_TYPE FILTER "
    "USE_PLACEMENT PLACEMENT_HANDLER"
)


def _methods(kind: Kind) -> tuple[Method, ...]:
    made = (("add", add, _ALL), ("update", update, "CODE FIELDS"), ("list", list_codes, ""), ("delete", delete, "CODE"))
    return tuple(
        method(
            f"bizproc.{kind}.{name}",
            partial(handle, kind),
            params,
            writes=name != "list",
            is_classic=True,
            application_only="ACCESS_DENIED",
        )
        for name, handle, params in made
    )


METHODS = (
    *_methods("robot"),
    *_methods("activity"),
    method("bizproc.event.send", send, "EVENT_TOKEN RETURN_VALUES LOG_MESSAGE", writes=True, is_classic=True),
    method("bizproc.activity.log", log, "EVENT_TOKEN LOG_MESSAGE", writes=True, is_classic=True),
)
