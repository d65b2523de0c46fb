"""Who stands before the REST door: a webhook by its address, or a person through the application by a token."""

import secrets
from typing import Any

from aiohttp import web

from bot.sandbox.portal.caller import Caller
from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError

_BEARER = "Bearer "


def wrong() -> RestError:
    """Refuse an authorisation that nothing is known of."""
    return RestError("NO_AUTH_FOUND", "Wrong authorization data", 401)


def admit(portal: Portal, request: web.Request, params: dict[str, Any]) -> Caller:
    """Return the caller; a wrong webhook or token is refused, and any while the fault `expired_token` strikes."""
    if "code" in request.match_info:
        caller = _webhook(portal, request.match_info["user"], request.match_info["code"])
    else:
        caller = _token(portal, _given(request, params))
    if portal.strikes("expired_token"):
        raise RestError("expired_token", "The access token provided has expired.", 401)
    return caller


def _webhook(portal: Portal, user: str, code: str) -> Caller:
    scopes = portal.company.webhook_scopes
    is_right = secrets.compare_digest(code.encode(), portal.webhook_code.encode())
    if scopes is None or user != str(portal.owner.id) or not is_right:
        raise wrong()
    return Caller(portal.owner, scopes)


def _given(request: web.Request, params: dict[str, Any]) -> str:
    """Return the token: in the body or the query, or in the header."""
    token = params.get("auth")
    if isinstance(token, str) and token:
        return token
    header = request.headers.get("Authorization", "")
    return header.removeprefix(_BEARER) if header.startswith(_BEARER) else ""


def _token(portal: Portal, token: str) -> Caller:
    authority = portal.authority
    if authority is None:
        raise wrong()
    if portal.strikes("payment_required"):
        raise RestError("PAYMENT_REQUIRED", "Payment required", 401)
    grant = authority.access(portal.key, token)
    account = portal.accounts.get(grant.user_id)
    if portal.installation is None:
        raise RestError("APPLICATION_NOT_FOUND", "Application not found", 401)
    if account is None or not account.is_active:
        raise wrong()
    return Caller(account, tuple(grant.scope.split(",")), portal.installation.client_id)
