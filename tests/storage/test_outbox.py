"""The outbox keeps the order of each conversation, tries again, and knows which message stands in a slot."""

from dataclasses import replace

from bot.messages import NO_BUTTONS, Button, DeliveryError, Keyboard, Outgoing, Receipt, Say
from bot.text import Time, lines, t, tn
from storage import Database
from tests.storage.given import CARD, EDIT, NOW, Opener, PressOut, Wall, address, given, person, said, tried_again

LATER = DeliveryError("network", permanent=False)
NEVER = DeliveryError("blocked", permanent=True)
GONE = DeliveryError("gone", permanent=True)


def word(text: str) -> Say:
    """Return a message of one word."""
    return Say(t(text))


async def deliver(storage: Database, message: str, *, channel: str = "bitrix24") -> Outgoing:
    """Claim one message and report it as shown under the id `message`."""
    (outgoing,) = await storage.outbox.claim(channel, 5)
    await storage.outbox.sent([(outgoing, Receipt(outgoing.shown_as or message, outgoing.shown_as is not None))])
    return outgoing


def words(claimed: object) -> list[str]:
    """Return what claimed messages say."""
    return [each.say.text.message for each in claimed]  # type: ignore[attr-defined]


async def test_read_back(storage: Database) -> None:
    """What is handed out equals what was put in: words, values, buttons and address."""
    await given(storage, person(10))
    text = lines(t("At work since *{time}*.", time=Time(NOW, "UTC")), tn("{count} day", "{count} days", 2))
    keyboard = Keyboard.of(
        (Button(t("Out"), PressOut("20"), style="danger"), Button(t("Site"), link="https://example.com")),
    )
    say = Say(text, keyboard, slot="day")
    await said(storage, say)
    (outgoing,) = await storage.outbox.claim("bitrix24", 5)
    assert (address(), say, NOW, "turn", None, 0) == (
        outgoing.to,
        outgoing.say,
        outgoing.created_at,
        outgoing.turn,
        outgoing.shown_as,
        outgoing.tries,
    )


async def test_a_message_of_before_there_were_accounts(storage: Database) -> None:
    """It is for a private chat, whose name is the account's."""
    await given(storage)
    await said(storage, word("old"), to=replace(address("77", "telegram"), account=""))
    (outgoing,) = await storage.outbox.claim("telegram", 5)
    assert ("77", "77") == (outgoing.to.account, outgoing.to.conversation)


async def test_unknown_action(storage: Database) -> None:
    """A button whose action this version does not know is left out; its row goes with it when it was alone."""
    await given(storage)
    await said(
        storage, replace(CARD, keyboard=Keyboard.of(Button(t("Old"), _Foreign("1")), Button(t("Out"), PressOut("1"))))
    )
    (outgoing,) = await storage.outbox.claim("bitrix24", 5)
    assert outgoing.say.keyboard == Keyboard.of(Button(t("Out"), PressOut("1")))


class _Foreign(PressOut):
    """An action that packs into what nobody knows."""

    def pack(self) -> str:
        """Return data of another version."""
        return "t-none:1"


async def test_order_of_a_conversation(storage: Database) -> None:
    """The second message of a conversation is handed out only after the first was sent; other chats do not wait."""
    await given(storage)
    await said(storage, word("1"), word("2"))
    await said(storage, word("3"), to=address("chat11"))
    first = await storage.outbox.claim("bitrix24", 5)
    held = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.sent([(first[0], Receipt("m1"))])
    then = await storage.outbox.claim("bitrix24", 5)
    assert [words(first), words(held), words(then)] == [["1", "3"], [], ["2"]]


async def test_one_channel_at_a_time(storage: Database) -> None:
    """A channel claims its own messages only, at most as many as it asks for."""
    await given(storage)
    for number in range(3):
        await said(storage, word(str(number)), to=address(f"chat{number}"))
    await said(storage, word("t"), to=address("tg", "telegram"))
    assert [
        words(await storage.outbox.claim("bitrix24", 2)),
        words(await storage.outbox.claim("telegram", 2)),
        words(await storage.outbox.claim("bitrix24", 2)),
    ] == [["0", "1"], ["t"], ["2"]]


async def test_lease_runs_out(storage: Database, wall: Wall) -> None:
    """A message that was claimed and not reported is handed out again after thirty seconds."""
    await given(storage)
    await said(storage, word("1"))
    await storage.outbox.claim("bitrix24", 5)
    wall.move(29)
    early = await storage.outbox.claim("bitrix24", 5)
    wall.move(2)
    (again,) = await storage.outbox.claim("bitrix24", 5)
    assert (early, again.say.text.message, again.tries) == ([], "1", 1)  # type: ignore[union-attr]


async def test_tried_again_later(storage: Database, wall: Wall) -> None:
    """A temporary failure holds the conversation back for so long, and keeps the order."""
    await given(storage)
    await said(storage, word("1"), word("2"))
    (outgoing,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(outgoing, LATER, 7.0)])
    early = await storage.outbox.claim("bitrix24", 5)
    wall.move(7)
    (again,) = await storage.outbox.claim("bitrix24", 5)
    assert (early, words([again]), again.tries) == ([], ["1"], 1)


async def test_never_again(storage: Database) -> None:
    """A permanent failure is kept for a retry by hand, and the conversation moves on."""
    await given(storage)
    await said(storage, word("1"), word("2"))
    (outgoing,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(outgoing, NEVER, None)])
    backlog = await storage.backlog()
    moved_on = await deliver(storage, "m2")
    retried = (await tried_again(storage), await tried_again(storage))
    assert (
        backlog.outbox,
        backlog.outbox_failed,
        words([moved_on]),
        retried,
        words(await storage.outbox.claim("bitrix24", 5)),
    ) == (1, 1, ["2"], (1, 0), ["1"])


async def test_edit_of_what_is_shown(storage: Database) -> None:
    """An edit is handed out with the message that is in the slot now."""
    await given(storage)
    await said(storage, CARD, EDIT)
    await deliver(storage, "m1")
    (edit,) = await storage.outbox.claim("bitrix24", 5)
    assert edit.shown_as == "m1"


async def test_edit_of_nothing(storage: Database) -> None:
    """An edit whose slot is empty is a new message, and takes the slot."""
    await given(storage)
    await said(storage, EDIT, EDIT)
    first = await deliver(storage, "m1")
    second = await deliver(storage, "m2")
    assert (first.shown_as, second.shown_as) == (None, "m1")


async def test_only_if_shown(storage: Database) -> None:
    """An edit for a slot that must be shown is dropped where the slot is empty, and what follows is handed out."""
    await given(storage)
    optional = replace(EDIT, only_if_shown=True)
    await said(storage, optional, optional, CARD, optional)
    card = await deliver(storage, "m1")
    edit = await deliver(storage, "m2")
    assert ([CARD.text, "m1"], 0) == ([card.say.text, edit.shown_as], (await storage.backlog()).outbox)


async def test_slots_of_conversations(storage: Database) -> None:
    """Each conversation has its own slots."""
    await given(storage)
    await said(storage, CARD)
    await deliver(storage, "m1")
    await said(storage, EDIT, to=address("chat11"))
    (edit,) = await storage.outbox.claim("bitrix24", 5)
    assert edit.shown_as is None


async def test_former_card_loses_its_buttons(storage: Database) -> None:
    """When a new message takes a slot, the former one is edited once more: same words, no buttons."""
    await given(storage)
    await said(storage, CARD)
    await deliver(storage, "m1")
    newer = replace(CARD, text=t("A newer card"))
    await said(storage, newer)
    await deliver(storage, "m2")
    (strip,) = await storage.outbox.claim("bitrix24", 5)
    assert ("m1", CARD.text, NO_BUTTONS, True, address()) == (
        strip.shown_as,
        strip.say.text,
        strip.say.keyboard,
        strip.say.edit,
        strip.to,
    )
    await storage.outbox.sent([(strip, Receipt("m1", edited=True))])
    await said(storage, EDIT)
    (edit,) = await storage.outbox.claim("bitrix24", 5)
    assert edit.shown_as == "m2"


async def test_former_card_without_buttons(storage: Database) -> None:
    """A former message that has no buttons is left alone."""
    await given(storage)
    await said(storage, replace(CARD, keyboard=NO_BUTTONS), CARD)
    await deliver(storage, "m1")
    await deliver(storage, "m2")
    assert await storage.outbox.claim("bitrix24", 5) == []


async def test_former_card_shows_its_last_words(storage: Database) -> None:
    """A card that was edited keeps the edited words when it loses its buttons."""
    await given(storage)
    await said(storage, CARD, EDIT, CARD)
    await deliver(storage, "m1")
    await deliver(storage, "m1")
    await deliver(storage, "m2")
    (strip,) = await storage.outbox.claim("bitrix24", 5)
    assert ("m1", EDIT.text) == (strip.shown_as, strip.say.text)


async def test_card_that_is_gone(storage: Database) -> None:
    """When the message to edit is gone, the next try sends a new one."""
    await given(storage)
    await said(storage, CARD, EDIT)
    await deliver(storage, "m1")
    (edit,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(edit, GONE, 0.0)])
    (again,) = await storage.outbox.claim("bitrix24", 5)
    assert again.shown_as is None


async def test_strip_that_cannot_be(storage: Database) -> None:
    """A former card that cannot be edited any more is nobody's failure."""
    await given(storage)
    await said(storage, CARD, CARD)
    await deliver(storage, "m1")
    await deliver(storage, "m2")
    (strip,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(strip, GONE, None)])
    backlog = await storage.backlog()
    assert (backlog.outbox, backlog.outbox_failed) == (0, 0)


async def test_two_processes_share_the_sending(opened: Opener) -> None:
    """Two storages on one database never hand out the same message, nor two of one conversation."""
    one, two = await opened(), await opened()
    await given(one)
    await said(one, word("1"), word("2"))
    await said(one, word("3"), to=address("chat11"))
    assert [
        words(await one.outbox.claim("bitrix24", 1)),
        words(await two.outbox.claim("bitrix24", 5)),
        words(await one.outbox.claim("bitrix24", 5)),
    ] == [["1"], ["3"], []]


async def test_wakes(storage: Database) -> None:
    """Whoever waits for the outbox is woken by a message, and by a conversation that became free."""
    woken: list[int] = []
    storage.on_outbox(lambda: woken.append(1))
    await given(storage)
    seen = [len(woken)]
    await said(storage, word("1"))
    seen.append(len(woken))
    await deliver(storage, "m1")
    seen.append(len(woken))
    assert seen == [0, 1, 2]


async def test_purge(storage: Database, wall: Wall) -> None:
    """Sent and dropped messages are deleted after a week; what waits or failed stays."""
    await given(storage)
    await said(storage, replace(EDIT, only_if_shown=True), word("1"), word("2"), word("3"))
    await deliver(storage, "m1")
    (failing,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(failing, NEVER, None)])
    wall.move(8 * 86400)
    purged = await storage.purge()
    backlog = await storage.backlog()
    assert (purged, backlog.outbox, backlog.outbox_failed) == (2, 1, 1)


async def test_outlived_while_the_messenger_was_away(storage: Database, wall: Wall) -> None:
    """Of several cards for one place that could not be sent, the newest is sent; other words all are, in order."""
    await given(storage)
    await said(storage, replace(CARD, text=t("At work")), word("between"), replace(CARD, text=t("On a break")))
    await said(storage, replace(CARD, text=t("Gone home")))
    await said(storage, CARD, to=address("chat11"))
    held_up = await storage.outbox.claim("bitrix24", 5)
    assert ["At work", "The day card"] == words(held_up)
    await storage.outbox.failed([(each, LATER, 60) for each in held_up])
    wall.move(61)
    told = []
    while claimed := await storage.outbox.claim("bitrix24", 5):
        told += words(claimed)
        await storage.outbox.sent([(each, Receipt(f"m{each.id}")) for each in claimed])
    assert ["between", "The day card", "Gone home"] == told


async def test_nothing_is_outlived_that_was_not_held_up(storage: Database) -> None:
    """As long as a chat is quick, each card is sent, however soon the next one comes."""
    await given(storage)
    await said(storage, replace(CARD, text=t("At work")), replace(CARD, text=t("On a break")))
    first = await storage.outbox.claim("bitrix24", 5)
    assert ["At work"] == words(first)


async def test_of_one_realm(storage: Database) -> None:
    """Realms for which something waits are known, and what waits for one is claimed alone, oldest first."""
    await given(storage, person(10))
    for conversation, realm in (("1", "b.example"), ("2", "a.example"), ("3", "b.example")):
        await said(storage, CARD, to=replace(address(conversation), realm=realm))
    await said(storage, CARD, to=address("tg10", "telegram"))
    assert ["a.example", "b.example"] == sorted(await storage.outbox.realms("bitrix24"))
    claimed = await storage.outbox.claim("bitrix24", 5, realm="b.example")
    assert ["1", "3"] == [each.to.conversation for each in claimed]
    await storage.outbox.sent([(each, Receipt("m")) for each in claimed])
    assert ["a.example"] == await storage.outbox.realms("bitrix24")
    assert ([], [""]) == (await storage.outbox.realms("none"), await storage.outbox.realms("telegram"))
