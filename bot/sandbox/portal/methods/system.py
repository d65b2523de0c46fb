"""Helpers of the interface itself, and notifications."""

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.objects import iso
from bot.sandbox.portal.params import Params, as_integer, required_text
from bot.sandbox.portal.registry import APPLICATION_ONLY, Answer, method

SCOPES = ["im", "imbot", "user_brief", "department"]


def server_time(portal: Portal, _params: Params) -> Answer:
    """Return the portal's time with its offset."""
    return Answer(iso(portal.world.clock.now()))


def scope(_portal: Portal, _params: Params) -> Answer:
    """Return the scopes of the webhook."""
    return Answer(SCOPES)


def method_get(portal: Portal, params: Params) -> Answer:
    """Tell whether a method exists, and whether this caller may use it."""
    name = params.text("name")
    is_available = name in portal.method_names
    is_existing = is_available or name.startswith(tuple(APPLICATION_ONLY))
    return Answer({"isExisting": is_existing, "isAvailable": is_available})


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
    method(
        "im.notify",
        notify,
        "USER_ID MESSAGE TYPE MESSAGE_OUT TAG SUB_TAG ATTACH CLIENT_ID",
        writes=True,
        is_classic=True,
    ),
)
