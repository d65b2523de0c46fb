"""Secrets that stand in rows of their own tables, each bound to its row: copied to another one it does not open."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.automation.errand import Errand, ErrandKind
from bot.domain.automation.process import ProcessCall
from bot.domain.installation import TokenPair
from bot.ports import WrongKey
from storage.rows import compact, instant, millis
from storage.vault import Box, application_token_name, call_name, errand_name, pair_name


def sealed_pair(box: Box, portal_id: int, account: str, pair: TokenPair) -> str:
    """Return the stored form of a pair."""
    text = compact([pair.access, pair.refresh, millis(pair.expires_at)])
    return box.seal(text, pair_name(portal_id, account))


def opened_pair(box: Box, portal_id: int, account: str, stored: str) -> TokenPair | None:
    """Return a pair; None when it is not ours to open."""
    try:
        access, refresh, expires = json.loads(box.open(stored, pair_name(portal_id, account)))
    except WrongKey:
        return None
    return TokenPair(access, refresh, instant(expires))


def opened_token(box: Box, portal_id: int, stored: str) -> str | None:
    """Return an application token; None when it is not ours to open."""
    if not stored:
        return ""
    try:
        return box.open(stored, application_token_name(portal_id))
    except WrongKey:
        return None


_SEALED = "v1:"
"""So begins what a box sealed; rows of before were stored as they came."""


def sealed_call(box: Box, call: ProcessCall) -> ProcessCall:
    """Return a call as it is stored: with its token nobody but us can answer the process."""
    return replace(call, token=box.seal(call.token, call_name(call.portal_id, call.id))) if call.token else call


def opened_call(box: Box, call: ProcessCall) -> ProcessCall:
    """Return a call as it was; without its token when that is not ours to open."""
    return replace(call, token=_opened(box, call.token, call_name(call.portal_id, call.id)))


def sealed_form(box: Box, errand: Errand) -> Mapping[str, Any]:
    """Return an errand's form as it is stored."""
    token = errand.form.get("token")
    if errand.kind is not ErrandKind.PROCESS_ANSWER or not token:
        return errand.form
    return {**errand.form, "token": box.seal(str(token), errand_name(errand.portal_id, errand.key))}


def opened_form(box: Box, errand: Errand) -> Errand:
    """Return an errand as it was noted; without its token when that is not ours to open."""
    token = errand.form.get("token")
    if errand.kind is not ErrandKind.PROCESS_ANSWER or not token:
        return errand
    opened = _opened(box, str(token), errand_name(errand.portal_id, errand.key))
    return replace(errand, form={**errand.form, "token": opened})


def _opened(box: Box, stored: str, name: str) -> str:
    if not stored.startswith(_SEALED):
        return stored
    try:
        return box.open(stored, name)
    except WrongKey:
        return ""
