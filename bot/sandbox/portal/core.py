"""The portal without its doors: what it holds and the rules that several methods share."""

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from bot.sandbox.portal.app_events import AppEvents
from bot.sandbox.portal.callbacks import Callbacks
from bot.sandbox.portal.crm.items import Crm
from bot.sandbox.portal.errors import RestError, access_denied
from bot.sandbox.portal.oauth.application import Installation
from bot.sandbox.portal.oauth.giver import TokenGiver
from bot.sandbox.portal.outflow import Outflow
from bot.sandbox.portal.params import Params, as_integer
from bot.sandbox.portal.process_tasks import ProcessTasks
from bot.sandbox.portal.processes import Processes
from bot.sandbox.portal.queues import EventQueues
from bot.sandbox.portal.roster import Account, accounts
from bot.sandbox.portal.rows import Rows
from bot.sandbox.portal.staff import Staff
from bot.sandbox.portal.state import Bot, Chat, Memory, Message
from bot.sandbox.portal.tasks import Tasks
from bot.sandbox.portal.timeman import Timeman
from bot.sandbox.world import Company, FaultName, SandboxDepartment, SandboxPerson, World

LONGEST_TOKEN = 40
LONGEST_TEXT = 20_000
_CUT = " (...)"


@dataclass(frozen=True, slots=True)
class Methods:
    """Which methods there are, and which of them only an application may call."""

    names: frozenset[str]
    for_applications: frozenset[str]


class Portal:
    """One portal: its accounts, bots, dialogs and events, and the application on it."""

    def __init__(
        self,
        world: World,
        company: Company,
        methods: Methods,
        *,
        authority: TokenGiver | None = None,
        language: str,
        callback_seconds: float,
    ) -> None:
        """Take up the state that the world's database holds."""
        self.world = world
        self.company = company
        self.key = company.key
        self.language = language
        self.methods = methods
        self.authority = authority
        self.rows = Rows(world.db, company.key)
        self.memory = Memory(self.rows)
        self.queues = EventQueues(self.rows)
        self.callbacks = Callbacks(callback_seconds)
        self.outflow = Outflow(world, self.memory, self.queues, self.callbacks, language)
        self.accounts = accounts(company)
        self.departments: dict[int, SandboxDepartment] = {each.id: each for each in company.departments}
        self.staff = Staff(self.rows, self.accounts, self.departments)
        self.webhook_code = self.rows.setting("webhook_code", secrets.token_hex(8))
        self.application_secret = self.rows.setting("application_token", secrets.token_hex(16))
        self.member_id = self.rows.setting("member_id", secrets.token_hex(16))
        self.address = ""
        kept = json.loads(self.rows.setting("installation", "null"))
        self.installation: Installation | None = Installation(**kept) if kept else None
        self.app_events = AppEvents(self)
        self.crm = Crm(world, self.rows, self.app_events, self.accounts)
        self.tasks = Tasks(world, self.rows, self.app_events, self.accounts)
        self.processes = Processes(world, self.rows, self.app_events)
        self.process_tasks = ProcessTasks(world, self.rows)
        self.timeman = Timeman(world, self.rows)

    @property
    def domain(self) -> str:
        """Host and port, as the portal names itself."""
        return self.address.removeprefix("http://")

    def keep_installation(self, installation: Installation | None) -> None:
        """Remember the application as it is now, or that it is gone."""
        self.installation = installation
        self.rows.set("installation", json.dumps(asdict(installation) if installation else None))
        self.world.changed.set()

    def person(self, user_id: int) -> SandboxPerson | None:
        """Return the person of an account."""
        return self.world.by_bitrix24(user_id, self.key)

    def strikes(self, fault: FaultName, person: str | None = None, *, method: str | None = None) -> bool:
        """Whether a fault strikes on this portal, here and now, at a call of that method."""
        return self.world.faults.strikes("bitrix24", fault, person, method=method, portal=self.key)

    @property
    def owner(self) -> Account:
        """Whose incoming webhook it is: the first administrator's."""
        return next((each for each in self.accounts.values() if each.is_admin), next(iter(self.accounts.values())))

    def token(self, params: Params, name: str = "botToken") -> str:
        """Return the bot token, which every call of a webhook needs; a bot of an application has none."""
        if params.caller.is_application:
            return ""
        if not params.has(name) or not params.text(name):
            raise RestError("BOT_TOKEN_NOT_SPECIFIED", "Bot token is not specified")
        token = params.text(name)
        if len(token) > LONGEST_TOKEN:
            raise RestError("BOT_TOKEN_INVALID_LENGTH", f"Bot token is longer than {LONGEST_TOKEN} characters")
        return token

    def own_bot(self, params: Params) -> Bot:
        """Return the bot that the call names, if it is the caller's."""
        token = self.token(params)
        if not params.has("botId"):
            raise RestError("BOT_ID_REQUIRED", "Bot ID is required")
        bot = self.memory.bots.get(params.integer("botId"))
        if bot is None:
            raise RestError("BOT_NOT_FOUND", "Bot not found")
        return self.owned(bot, token, params)

    def owned(self, bot: Bot, token: str, params: Params) -> Bot:
        """Return the bot, if that is its token and the caller's application, or none, is the one it belongs to."""
        is_theirs = secrets.compare_digest(bot.token.encode(), token.encode())
        if bot.client_id != params.caller.client_id or not is_theirs:
            raise RestError("BOT_OWNERSHIP_ERROR", "Bot is registered by another application", 403)
        return bot

    def dialog(self, bot: Bot, params: Params, name: str = "dialogId") -> Chat:
        """Return the dialog of a user id or `chatN`; a user's id opens it, an unknown one is refused."""
        dialog_id = params.text(name)
        if dialog_id.startswith("chat"):
            chat = self.memory.chats.get(as_integer(dialog_id.removeprefix("chat")) or 0)
            if chat is None or chat.bot_id != bot.id:
                raise access_denied("The bot is not a participant of the chat")
            return chat
        account = self.accounts.get(as_integer(dialog_id) or 0)
        if account is None or not account.is_active:
            raise access_denied("There is no such dialog")
        return self.memory.open_chat(bot.id, account.id)

    def refuse_blocked(self, chat: Chat) -> None:
        """Refuse to send where the fault `blocked_by_person` strikes."""
        person = self.person(chat.user_id)
        if person is not None and self.strikes("blocked_by_person", person.key):
            raise access_denied("The person does not take messages of the bot")

    def post(self, bot: Bot, chat: Chat, text: str, **more: Any) -> Message:
        """Put a message of the bot into a dialog."""
        message = Message(
            id=self.rows.next_id("message"),
            chat_id=chat.id,
            bot_id=bot.id,
            author_id=more.pop("author_id", bot.id),
            text=cut(text),
            sent_at=int(self.world.clock.now().timestamp()),
            **more,
        )
        self.memory.add_message(message)
        self.world.changed.set()
        return message


def cut(text: str) -> str:
    """Cut an over-long text as the portal does."""
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(_CUT)] + _CUT
