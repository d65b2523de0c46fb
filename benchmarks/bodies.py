"""Bodies of delivered bot events, about 2 KB each, in the form of the second bot API and of the first one."""

import time
from functools import lru_cache
from itertools import cycle
from typing import Any
from urllib.parse import quote_plus

from benchmarks.size import size
from bot.sandbox.portal.php import build_query

TOKEN = "a" * 32
BOT_ID = 5120
SIZE = 2_160
PEOPLE = size(1_000, 5)
NUMBER = 700_000_000
"""Where message ids begin: all have as many digits, and nothing else in a body looks like one."""
_WORDS = "На работе с девяти, отчёт будет к обеду. "
_MOMENT = int(time.time())


def second(number: int, *, bot_id: int = BOT_ID, token: str = TOKEN) -> bytes:
    """Return a message as `imbot.v2` delivers it."""
    person = 1 + number % PEOPLE
    tail = {"domain": "romashka.bitrix24.ru", "member_id": "b" * 32, "application_token": token}
    event: dict[str, Any] = {
        "event": "ONIMBOTV2MESSAGEADD",
        "data": {
            "bot": {
                "id": bot_id,
                "code": "smena",
                "auth": {
                    "access_token": "c" * 64,
                    "expires": _MOMENT + 3600,
                    "expires_in": 3600,
                    "scope": "imbot,im,user_brief,department",
                    "status": "L",
                    "client_endpoint": "https://romashka.bitrix24.ru/rest/",
                    "server_endpoint": "https://oauth.bitrix24.tech/rest/",
                    **tail,
                },
            },
            "message": {
                "id": number,
                "chatId": 61 + person,
                "authorId": person,
                "date": "2026-07-15T09:00:00+03:00",
                "text": "",
                "isSystem": False,
                "uuid": "",
                "viewedByOthers": False,
            },
            "chat": {"id": 61 + person, "dialogId": str(person), "type": "private", "owner": bot_id, "name": ""},
            "user": {
                "id": person,
                "active": True,
                "name": "Анна Ким",
                "firstName": "Анна",
                "lastName": "Ким",
                "workPosition": "Менеджер",
                "gender": "F",
                "extranet": False,
                "bot": False,
                "connector": False,
                "departments": [3],
                "type": "employee",
            },
            "language": "ru",
        },
        "ts": _MOMENT,
        "auth": tail,
    }
    return _filled(event, event["data"]["message"], "text")


def first(number: int, **_: object) -> bytes:
    """Return a message as the first bot API delivers it, with as many bytes."""
    person = 1 + number % PEOPLE
    tail = {"domain": "romashka.bitrix24.ru", "member_id": "b" * 32, "application_token": TOKEN}
    bot = {
        "access_token": "c" * 64,
        "expires": _MOMENT + 3600,
        "expires_in": 3600,
        "scope": "imbot,im,user_brief,department",
        "status": "L",
        "client_endpoint": "https://romashka.bitrix24.ru/rest/",
        "server_endpoint": "https://oauth.bitrix24.tech/rest/",
        "BOT_ID": BOT_ID,
        "BOT_CODE": "smena",
        **tail,
    }
    event: dict[str, Any] = {
        "event": "ONIMBOTMESSAGEADD",
        "data": {
            "BOT": {str(BOT_ID): bot},
            "PARAMS": {
                "FROM_USER_ID": person,
                "MESSAGE": "",
                "TO_USER_ID": BOT_ID,
                "MESSAGE_TYPE": "P",
                "SYSTEM": "N",
                "SKIP_COMMAND": "N",
                "SKIP_CONNECTOR": "N",
                "IMPORTANT_CONNECTOR": "N",
                "SILENT_CONNECTOR": "N",
                "AUTHOR_ID": person,
                "CHAT_ID": 61 + person,
                "CHAT_TYPE": "P",
                "CHAT_AUTHOR_ID": 0,
                "CHAT_USER_COUNT": 2,
                "DIALOG_ID": person,
                "MESSAGE_ID": number,
                "LANGUAGE": "ru",
            },
            "USER": {
                "ID": person,
                "NAME": "Анна Ким",
                "FIRST_NAME": "Анна",
                "LAST_NAME": "Ким",
                "WORK_POSITION": "Менеджер",
                "GENDER": "F",
                "IS_BOT": "N",
                "IS_CONNECTOR": "N",
                "IS_NETWORK": "N",
                "IS_EXTRANET": "N",
            },
        },
        "ts": _MOMENT,
        "auth": tail,
    }
    return _filled(event, event["data"]["PARAMS"], "MESSAGE")


def deal(number: int, *, token: str = TOKEN, **_: object) -> bytes:
    """Return an update of a deal as a portal tells the application of it."""
    event: dict[str, Any] = {
        "event": "ONCRMDEALUPDATE",
        "event_handler_id": 812,
        "data": {"FIELDS": {"ID": number}},
        "ts": _MOMENT,
        "auth": {
            "access_token": "c" * 64,
            "expires": _MOMENT + 3600,
            "expires_in": 3600,
            "scope": "crm,im,imbot,user_brief,department",
            "domain": "romashka.bitrix24.ru",
            "server_endpoint": "https://oauth.bitrix24.tech/rest/",
            "status": "L",
            "client_endpoint": "https://romashka.bitrix24.ru/rest/",
            "member_id": "b" * 32,
            "user_id": 17,
            "application_token": token,
        },
    }
    return build_query(event).encode()


def _filled(event: dict[str, Any], message: dict[str, Any], name: str) -> bytes:
    """Return the form with a message just long enough for the whole to have the size that all bodies have."""
    message[name] = _text(SIZE - len(build_query(event)))
    return build_query(event).encode()


@lru_cache
def _text(room: int) -> str:
    """Return as many words as fit into so many encoded characters."""
    text = ""
    for letter in cycle(_WORDS):
        room -= len(quote_plus(letter))
        if room < 0:
            return text
        text += letter
    raise AssertionError("words without end have ended")
