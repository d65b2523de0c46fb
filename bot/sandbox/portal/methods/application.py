"""What only an application may call: its events, placements and options, and what it is told about itself."""

import json
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.portal.app_events import KNOWN, Handler
from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError, access_denied
from bot.sandbox.portal.params import Params, required_text
from bot.sandbox.portal.registry import Answer, method

_PLACEMENTS = (
    "LEFT_MENU",
    "USER_PROFILE_MENU",
    "USER_PROFILE_TOOLBAR",
    "IM_TEXTAREA",
    "IM_SIDEBAR",
    "IM_NAVIGATION",
    "IM_CONTEXT_MENU",
    "IMMOBILE_CONTEXT_MENU",
    "CRM_DEAL_DETAIL_TAB",
    "CRM_LEAD_DETAIL_TAB",
    "TASK_VIEW_TAB",
    "TASK_VIEW_SIDEBAR",
    "TASK_VIEW_TOP_PANEL",
    "PAGE_BACKGROUND_WORKER",
    "REST_APP_URI",
)
_NEED_ICON = ("IM_TEXTAREA", "IM_SIDEBAR", "IM_NAVIGATION")


def app_info(portal: Portal, _params: Params) -> Answer:
    """Tell the application how it stands on this portal."""
    installation = portal.installation
    if installation is None:
        raise RestError("APPLICATION_NOT_FOUND", "Application not found", 401)
    return Answer(
        {
            "ID": 91,
            "CODE": installation.client_id,
            "VERSION": installation.version,
            "STATUS": installation.status,
            "INSTALLED": installation.is_finished,
            "PAYMENT_EXPIRED": "N",
            "DAYS": None,
            "LANGUAGE_ID": portal.language,
            "LICENSE": f"{portal.language}_basic",
            "LICENSE_TYPE": "basic",
            "LICENSE_FAMILY": "basic",
        }
    )


def _auth_type(params: Params) -> int:
    caller, wanted = params.caller.account, params.integer("auth_type", 0)
    if wanted not in (0, caller.id) and not caller.is_admin:
        raise access_denied()
    return wanted


def event_bind(portal: Portal, params: Params) -> Answer:
    """Bind a handler; the same one again is refused, which callers take for success."""
    event = params.text("event").upper()
    if event not in KNOWN:
        raise RestError("ERROR_EVENT_NOT_FOUND", "Event not found")
    is_offline = params.text("event_type", "online") == "offline"
    if is_offline and not params.caller.account.is_admin:
        raise access_denied()
    url = "" if is_offline else _address(params, "handler")
    if not portal.app_events.bind(Handler(event, url, _auth_type(params), is_offline)):
        raise RestError("ERROR_HANDLER_ALREADY_EXIST", "Unable to set event handler: Handler already binded")
    return Answer(result=True)


def event_unbind(portal: Portal, params: Params) -> Answer:
    """Take a handler away."""
    is_offline = params.text("event_type", "online") == "offline"
    handler = None if is_offline else params.text("handler")
    auth_type = params.integer("auth_type") if params.has("auth_type") else None
    event = params.text("event").upper()
    return Answer({"count": portal.app_events.unbind(event, handler, auth_type, is_offline=is_offline)})


def event_get(portal: Portal, _params: Params) -> Answer:
    """List the handlers."""
    return Answer(
        [
            {
                "event": each.event,
                "handler": each.handler,
                "auth_type": str(each.auth_type),
                "offline": int(each.is_offline),
            }
            for each in portal.app_events.bound()
        ]
    )


def event_test(portal: Portal, params: Params) -> Answer:
    """Send ONAPPTEST with what was given."""
    portal.app_events.emit(
        "ONAPPTEST", {"LANGUAGE_ID": portal.language, "QUERY": params.values}, params.caller.account.id
    )
    return Answer(1)


def events(_portal: Portal, _params: Params) -> Answer:
    """List the codes of events."""
    return Answer([*KNOWN])


def _address(params: Params, name: str) -> str:
    """Return an address of the application."""
    url = required_text(params, name, "ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise RestError("ERROR_UNSUPPORTED_PROTOCOL", "Unsupported event handler protocol")
    if not parts.hostname:
        raise RestError("ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
    return url


def _bound_placements(portal: Portal) -> list[tuple[int, dict[str, Any]]]:
    return [*portal.rows.all("placement")]


def placement_bind(portal: Portal, params: Params) -> Answer:
    """Put a page of the application somewhere; administrators only."""
    if not params.caller.account.is_admin:
        raise access_denied()
    code = required_text(params, "PLACEMENT", "ERROR_ARGUMENT", "Argument 'PLACEMENT' is null or empty").upper()
    if code not in _PLACEMENTS:
        raise RestError("ERROR_PLACEMENT_NOT_FOUND", "Placement not found")
    handler = _address(params, "HANDLER")
    options = params.mapping("OPTIONS").values
    if code in _NEED_ICON and not options.get("iconName"):
        raise RestError("ERROR_ARGUMENT", "Argument 'iconName' is null or empty", 200, extra={"argument": "iconName"})
    if any((each["placement"], each["handler"]) == (code, handler) for _, each in _bound_placements(portal)):
        raise RestError("ERROR_PLACEMENT_MAX_COUNT", "Handler already binded")
    body = {
        "placement": code,
        "handler": handler,
        "title": params.text("TITLE", ""),
        "options": options,
        "langAll": params.mapping("LANG_ALL").values,
    }
    portal.rows.put("placement", portal.rows.next_id("placement"), body)
    return Answer(result=True)


def placement_unbind(portal: Portal, params: Params) -> Answer:
    """Take a page away."""
    code, handler = params.text("PLACEMENT").upper(), params.text("HANDLER", "")
    gone = [
        row_id
        for row_id, each in _bound_placements(portal)
        if each["placement"] == code and handler in ("", each["handler"])
    ]
    portal.rows.drop("placement", gone)
    return Answer({"count": len(gone)})


def placement_get(portal: Portal, _params: Params) -> Answer:
    """List where pages of the application are."""
    return Answer([each for _, each in _bound_placements(portal)])


def placement_list(_portal: Portal, _params: Params) -> Answer:
    """List where pages can be put."""
    return Answer([*_PLACEMENTS])


def _options(portal: Portal, name: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(portal.rows.setting(name, "{}"))
    return kept


def _set(portal: Portal, name: str, params: Params) -> Answer:
    given = params.mapping("options", required=True).values
    portal.rows.set(name, json.dumps({**_options(portal, name), **given}))
    return Answer(result=True)


def _get(portal: Portal, name: str, params: Params) -> Answer:
    options = _options(portal, name)
    return Answer(options.get(params.text("option"), "") if params.has("option") else options)


def option_set(portal: Portal, params: Params) -> Answer:
    """Keep settings of the application on the portal."""
    if not params.caller.account.is_admin:
        raise access_denied()
    return _set(portal, "app_options", params)


def option_get(portal: Portal, params: Params) -> Answer:
    """Return settings of the application."""
    return _get(portal, "app_options", params)


def user_option_set(portal: Portal, params: Params) -> Answer:
    """Keep settings of a person."""
    return _set(portal, f"user_options.{params.caller.account.id}", params)


def user_option_get(portal: Portal, params: Params) -> Answer:
    """Return settings of a person."""
    return _get(portal, f"user_options.{params.caller.account.id}", params)


_TYPE, _CONTEXT = "WRONG_AUTH_TYPE", "ACCESS_DENIED"

METHODS = (
    method("app.info", app_info, application_only=_CONTEXT),
    method("app.option.get", option_get, "option", application_only=_CONTEXT),
    method("app.option.set", option_set, "options", writes=True, application_only=_CONTEXT),
    method("user.option.get", user_option_get, "option", application_only=_CONTEXT),
    method("user.option.set", user_option_set, "options", writes=True, application_only=_CONTEXT),
    method("events", events, "SCOPE FULL", is_classic=True),
    method("event.get", event_get, application_only=_TYPE),
    method(
        "event.bind",
        event_bind,
        "event handler auth_type event_type auth_connector options",
        writes=True,
        is_classic=True,
        application_only=_TYPE,
    ),
    method(
        "event.unbind",
        event_unbind,
        "event handler auth_type event_type",
        writes=True,
        is_classic=True,
        application_only=_TYPE,
    ),
    method("event.test", event_test, writes=True, application_only=_TYPE, takes_anything=True),
    method("placement.get", placement_get, application_only=_TYPE),
    method("placement.list", placement_list, "SCOPE FULL", is_classic=True, application_only=_TYPE),
    method(
        "placement.bind",
        placement_bind,
        "PLACEMENT HANDLER TITLE DESCRIPTION GROUP_NAME LANG_ALL OPTIONS USER_ID",
        writes=True,
        is_classic=True,
        application_only=_TYPE,
    ),
    method(
        "placement.unbind", placement_unbind, "PLACEMENT HANDLER", writes=True, is_classic=True, application_only=_TYPE
    ),
)
