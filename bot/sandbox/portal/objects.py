"""The portal's objects as they go over the wire, in native JSON types."""

from datetime import datetime, timedelta, timezone
from typing import Any

from bot.sandbox.portal.roster import Account
from bot.sandbox.portal.state import Bot, Chat, Command, Memory, Message

PORTAL_ZONE = timezone(timedelta(hours=3))


def iso(instant: datetime) -> str:
    """Write an instant as the portal does: to the second, with the portal's offset."""
    return instant.astimezone(PORTAL_ZONE).isoformat(timespec="seconds")


def bot_object(bot: Bot, memory: Memory, language: str) -> dict[str, Any]:
    """Describe a bot to its owner."""
    return {
        "id": bot.id,
        "code": bot.code,
        "type": bot.type,
        "isHidden": bot.is_hidden,
        "isSupportOpenline": bot.is_support_openline,
        "isReactionsEnabled": bot.is_reactions_enabled,
        "backgroundId": bot.background_id,
        "language": language,
        "moduleId": "rest",
        "eventMode": bot.event_mode,
        "countMessage": memory.message_count[bot.id],
        "countCommand": len(memory.commands_of(bot.id)),
        "countChat": 0,
        "countUser": memory.chat_count[bot.id],
    }


def _user(user_id: int, first_name: str, last_name: str, **more: Any) -> dict[str, Any]:
    """Describe a user of the messenger, person or bot; `more` overrides."""
    return {
        "id": user_id,
        "active": True,
        "name": f"{first_name} {last_name}".strip(),
        "firstName": first_name,
        "lastName": last_name,
        "workPosition": "",
        "color": "#ab7761",
        "avatar": "",
        "gender": "M",
        "birthday": "",
        "extranet": False,
        "bot": False,
        "connector": False,
        "externalAuthId": "default",
        "status": "online",
        "idle": False,
        "lastActivityDate": False,
        "mobileLastDate": False,
        "desktopLastDate": False,
        "absent": False,
        "departments": [],
        "phones": False,
        "website": "",
        "email": "",
        "type": "employee",
        **more,
    }


def user_object(account: Account, *, is_away: bool = False) -> dict[str, Any]:
    """Describe a person."""
    return _user(
        account.id,
        account.first_name,
        account.last_name,
        workPosition=account.position,
        departments=list(account.departments),
        active=account.is_active,
        absent=is_away,
        extranet=account.type == "extranet",
        type=account.type,
    )


def bot_user_object(bot: Bot, avatar: str = "") -> dict[str, Any]:
    """Describe a bot as a user; `avatar` is the address of its picture."""
    return _user(
        bot.id,
        bot.name,
        bot.last_name,
        workPosition=bot.work_position,
        color=bot.color,
        gender=bot.gender,
        avatar=avatar,
        departments=[1],
        bot=True,
        externalAuthId="bot",
        type="bot",
    )


def chat_object(chat: Chat) -> dict[str, Any]:
    """Describe a private dialog as its bot sees it: `dialogId` is the counterpart."""
    return {
        "id": chat.id,
        "dialogId": str(chat.user_id),
        "type": "private",
        "name": "",
        "entityType": "",
        "owner": chat.bot_id,
        "avatar": "",
        "color": "#ab7761",
    }


def message_object(message: Message) -> dict[str, Any]:
    """Describe a message."""
    return {
        "id": message.id,
        "chatId": message.chat_id,
        "authorId": message.author_id,
        "date": iso(message.at),
        "text": message.text,
        "isSystem": message.author_id == 0,
        "uuid": message.uuid,
        "forward": {"userId": message.forwarded_from} if message.forwarded_from else None,
        "params": {
            **({"FILE_ID": message.file_ids} if message.file_ids else {}),
            **({"REPLY_ID": message.reply_to} if message.reply_to else {}),
        },
        "viewedByOthers": message.author_id == message.bot_id,
    }


def command_object(command: Command) -> dict[str, Any]:
    """Describe a command as register and update answer."""
    return {
        "id": command.id,
        "botId": command.bot_id,
        "command": f"/{command.name}",
        "common": command.common,
        "hidden": command.hidden,
        "extranetSupport": command.extranet_support,
    }
