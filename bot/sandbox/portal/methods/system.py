"""Helpers of the interface itself, and notifications."""

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.objects import iso
from bot.sandbox.portal.params import Params, as_integer, required_text
from bot.sandbox.portal.registry import Answer, method


def server_time(portal: Portal, _params: Params) -> Answer:
    """Return the portal's time with its offset."""
    return Answer(iso(portal.world.clock.now()))


def scope(_portal: Portal, params: Params) -> Answer:
    """Return the scopes of the caller."""
    return Answer([*params.caller.scopes])


def method_get(portal: Portal, params: Params) -> Answer:
    """Tell whether a method exists, and whether this caller may use it."""
    name = params.text("name")
    is_existing = name in portal.methods.names
    is_closed = name in portal.methods.for_applications and not params.caller.is_application
    return Answer(
        {"isExisting": is_existing, "isAvailable": is_existing and not is_closed and params.caller.may_call(name)}
    )


def methods(portal: Portal, params: Params) -> Answer:
    """List the methods that the caller's scopes open."""
    return Answer(sorted(name for name in portal.methods.names if params.caller.may_call(name)))


def feature_get(_portal: Portal, params: Params) -> Answer:
    """Tell whether the plan has a feature; the sandbox's has none of the two that there are."""
    code = params.text("CODE")
    if code not in ("rest_offline_extended", "rest_auth_connector"):
        raise RestError("ERROR_ARGUMENT", "Unknown feature")
    return Answer({"value": "N"})


def notify(portal: Portal, params: Params) -> Answer:
    """Keep a notification. No chat shows it; a repeated TAG replaces the earlier one."""
    user_id = as_integer(params.values.get("USER_ID"))
    if user_id is None or user_id not in portal.accounts:
        raise RestError("USER_ID_EMPTY", "User ID is not specified")
    text = required_text(params, "MESSAGE", "MESSAGE_EMPTY", "Message is empty")
    kind, tag = params.text("TYPE", "USER"), params.text("TAG", "")
    replaced = [row_id for row_id, notice in portal.rows.all("notice") if tag and notice["tag"] == tag]
    if replaced:
        portal.rows.drop("notice", replaced)
    notice_id = portal.rows.next_id("notice")
    portal.rows.put("notice", notice_id, {"user_id": user_id, "text": text, "type": kind, "tag": tag})
    return Answer(notice_id)


METHODS = (
    method("server.time", server_time),
    method("scope", scope),
    method("method.get", method_get, "name"),
    method("methods", methods, "SCOPE FULL", is_classic=True),
    method("feature.get", feature_get, "CODE", is_classic=True),
    method(
        "im.notify",
        notify,
        "USER_ID MESSAGE TYPE MESSAGE_OUT TAG SUB_TAG ATTACH CLIENT_ID",
        writes=True,
        is_classic=True,
    ),
)
