"""Secrets that stand in rows of their own tables, each bound to its row: copied to another one it does not open."""

import json

from bot.domain.installation import TokenPair
from bot.ports import WrongKey
from storage.rows import compact, instant, millis
from storage.vault import Box, application_token_name, pair_name


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
