"""The emulated Bot API as aiogram's client sees it, and the chat as the page shows it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter, TelegramUnauthorizedError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    CallbackQuery,
    CopyTextButton,
    DisabledButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
    Message,
    ReplyParameters,
)

from bot.clock import MovableClock
from bot.sandbox.telegram import TelegramEmulator
from bot.sandbox.world import NotThere, SandboxPerson, ShownButton, World

ANNA = 700003
NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x03\x00\x00\x00\x02\x08\x06\x00\x00\x00"
    b"\x00\x00\x00\x00\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Make a sandbox world that stands at noon."""
    world = World(MovableClock(NOON))
    yield world
    world.close()


@pytest.fixture
async def emulator(world: World) -> AsyncIterator[TelegramEmulator]:
    """Serve an emulator."""
    emulator = TelegramEmulator(world)
    await emulator.start()
    yield emulator
    await emulator.stop()


@pytest.fixture
async def anna(world: World, emulator: TelegramEmulator) -> SandboxPerson:
    """Make a person who has started the bot."""
    person = world.person("anna")
    assert person is not None
    await emulator.say(person, "/start")
    return person


@pytest.fixture
async def bot(emulator: TelegramEmulator) -> AsyncIterator[Bot]:
    """Make an aiogram client of the emulator."""
    bot = client(emulator, emulator.token)
    yield bot
    await bot.session.close()


def client(emulator: TelegramEmulator, token: str) -> Bot:
    """Build an aiogram client."""
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(emulator.api_url)))


def keyboard(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    """Build a keyboard of one row."""
    return InlineKeyboardMarkup(inline_keyboard=[list(buttons)])


async def test_client_knows_itself(bot: Bot, emulator: TelegramEmulator) -> None:
    """GetMe names the bot, and its id is that of the token."""
    me = await bot.get_me()

    assert (me.id, me.username, me.is_bot) == (int(emulator.token.split(":")[0]), "smena_sandbox_bot", True)


async def test_a_conversation(bot: Bot, world: World, emulator: TelegramEmulator, anna: SandboxPerson) -> None:
    """A message is sent, its button pressed, the message edited and the press answered."""
    world.changed.clear()
    ok = InlineKeyboardButton(text="Начать", callback_data="in:1", style="success")
    sent = await bot.send_message(ANNA, "<b>Доброе утро</b>", parse_mode=ParseMode.HTML, reply_markup=keyboard(ok))
    assert world.changed.is_set()
    assert (sent.text, sent.html_text) == ("Доброе утро", "<b>Доброе утро</b>")
    await emulator.press(anna, sent.message_id, "Начать")
    started, pressed = await bot.get_updates()
    query = pressed.callback_query
    assert isinstance(query, CallbackQuery)
    assert isinstance(query.message, Message)
    assert (query.data, query.message.message_id, query.from_user.language_code) == ("in:1", sent.message_id, "ru")
    assert query.message.reply_markup is not None
    assert query.message.reply_markup.model_dump() == keyboard(ok).model_dump()

    world.clock.move_to(NOON + timedelta(minutes=1))
    edited = await bot.edit_message_text("На работе", chat_id=ANNA, message_id=sent.message_id)
    assert isinstance(edited, Message)
    assert await bot.answer_callback_query(query.id, text="Готово") is True

    assert started.message is not None
    assert edited.edit_date == (NOON + timedelta(minutes=1)).timestamp()
    assert edited.reply_markup is None
    shown = emulator.shown(anna)
    assert [(each.author, each.text, each.edited, each.at) for each in shown] == [
        ("person", "/start", False, NOON),
        ("bot", "На работе", True, NOON),
    ]


async def test_buttons_as_shown(bot: Bot, emulator: TelegramEmulator, anna: SandboxPerson) -> None:
    """Every emulated kind of button is taken and shown."""
    markup = keyboard(
        InlineKeyboardButton(text="go", callback_data="1", style="primary"),
        InlineKeyboardButton(text="open", url="https://example.org/"),
        InlineKeyboardButton(text="copy", copy_text=CopyTextButton(text="42")),
        InlineKeyboardButton(text="done", disabled=DisabledButton()),
    )
    sent = await bot.send_message(ANNA, "x", reply_markup=markup)

    assert emulator.shown(anna)[-1].buttons == [
        ShownButton("go", "press", style="primary"),
        ShownButton("open", "link", url="https://example.org/"),
        ShownButton("copy", "press"),
        ShownButton("done", "press", disabled=True),
    ]
    await emulator.press(anna, sent.message_id, "copy")
    for text in ("open", "done", "absent"):
        with pytest.raises(NotThere):
            await emulator.press(anna, sent.message_id, text)
    with pytest.raises(NotThere):
        await emulator.press(anna, 1, "go")
    assert emulator.undelivered() == 1


async def test_start_link_is_a_start_command(bot: Bot, emulator: TelegramEmulator, anna: SandboxPerson) -> None:
    """A link to the bot with a payload says /start with it, as the client does."""
    link = InlineKeyboardButton(text="link", url="https://t.me/smena_sandbox_bot?start=abc")
    sent = await bot.send_message(ANNA, "x", reply_markup=keyboard(link))

    await emulator.press(anna, sent.message_id, "link")

    assert emulator.shown(anna)[-1].text == "/start abc"


async def test_keyboard_alone_is_edited(bot: Bot, emulator: TelegramEmulator, anna: SandboxPerson) -> None:
    """EditMessageReplyMarkup changes the buttons and does not mark the text as edited."""
    sent = await bot.send_message(ANNA, "x", reply_markup=keyboard(InlineKeyboardButton(text="a", callback_data="1")))
    await bot.edit_message_reply_markup(chat_id=ANNA, message_id=sent.message_id)

    shown = emulator.shown(anna)[-1]

    assert (shown.buttons, shown.edited) == ([], False)


async def test_plain_text_is_shown_as_it_reads(bot: Bot, emulator: TelegramEmulator, anna: SandboxPerson) -> None:
    """What the bot sent without a parse mode is escaped for the page; HTML is left raw, the person's words as said."""
    await emulator.say(anna, "<i>")
    await bot.send_message(ANNA, "<b>")
    await bot.send_message(ANNA, "<b>x</b>", parse_mode=ParseMode.HTML)

    assert [each.text for each in emulator.shown(anna)[1:]] == ["<i>", "&lt;b&gt;", "<b>x</b>"]


async def test_files(bot: Bot, emulator: TelegramEmulator, anna: SandboxPerson) -> None:
    """Documents and pictures are uploaded, shown, downloaded, and sent again by id."""
    document = await bot.send_document(
        ANNA, BufferedInputFile(b"a;b", "Часы.csv"), caption="<b>c</b>", parse_mode="HTML"
    )
    photo = await bot.send_photo(ANNA, BufferedInputFile(PIXEL, "p.png"))
    assert document.document is not None
    assert photo.photo is not None
    again = await bot.send_document(ANNA, document.document.file_id)

    assert (document.document.file_name, document.caption) == ("Часы.csv", "c")
    assert (photo.photo[0].width, photo.photo[0].height) == (3, 2)
    assert again.document == document.document
    shown = emulator.shown(anna)[1]
    assert (shown.text, shown.files[0].name, shown.files[0].size) == ("<b>c</b>", "Часы.csv", 3)
    async with aiohttp.ClientSession() as http, http.get(shown.files[0].url) as response:
        assert (await response.read(), response.headers["X-Content-Type-Options"]) == (b"a;b", "nosniff")
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(ANNA, BufferedInputFile(b"text", "p.png"))


async def test_commands_by_language(bot: Bot) -> None:
    """A command menu belongs to its scope and language."""
    scope = BotCommandScopeAllPrivateChats()
    commands = [BotCommand(command="in", description="Начать")]
    await bot.set_my_commands(commands, scope=scope, language_code="ru")

    menu = await bot.get_my_commands(scope=scope, language_code="ru")

    assert [(each.command, each.description) for each in menu] == [("in", "Начать")]
    assert await bot.get_my_commands(scope=scope) == []
    assert await bot.get_my_commands(language_code="ru") == []
    await bot.delete_my_commands(scope=scope, language_code="ru")
    assert await bot.get_my_commands(scope=scope, language_code="ru") == []


@pytest.mark.usefixtures("anna")
async def test_other_methods(bot: Bot) -> None:
    """Descriptions, menu button, chat action, chat, deletion and replies work."""
    assert await bot.set_my_description("Учёт времени", language_code="ru")
    assert await bot.set_my_short_description("Учёт")
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await bot.send_chat_action(ANNA, "typing")
    assert (await bot.get_chat(ANNA)).first_name == "Анна"
    first = await bot.send_message(ANNA, "x")
    second = await bot.send_message(ANNA, "y", reply_parameters=ReplyParameters(message_id=first.message_id))
    assert second.reply_to_message is not None
    assert second.reply_to_message.text == "x"
    assert await bot.delete_message(ANNA, first.message_id)
    assert (await bot.get_webhook_info()).url == ""


async def test_refusals_become_the_clients_errors(bot: Bot, world: World, emulator: TelegramEmulator) -> None:
    """Aiogram raises its own error for each kind of refusal."""
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(ANNA, "x")
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(5, "x")
    world.faults.order("telegram", "rate_limit")
    with pytest.raises(TelegramRetryAfter) as limit:
        await bot.send_message(ANNA, "x")
    assert limit.value.retry_after == 1
    stranger = client(emulator, "123:abc")
    with pytest.raises(TelegramUnauthorizedError):
        await stranger.get_me()
    await stranger.session.close()
