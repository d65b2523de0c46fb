"""What a messenger does not take stands aside: its conversation goes on, and each slot keeps its order all the same."""

from dataclasses import replace

import pytest

from bot.messages import Attachment, DeliveryError, Outgoing, Receipt, Say
from bot.text import t
from storage import Database
from tests.storage.given import CARD, EDIT, PORTAL, Opener, Wall, address, given, said, tried_again
from tests.storage.test_outbox import deliver, word, words

BROKEN = DeliveryError("server", permanent=False)
LIVE = replace(EDIT, only_if_shown=True)
SHEET = Attachment("sheet.csv", b"a;b", "document")


async def set_aside(storage: Database, seconds: float = 60) -> Outgoing:
    """Claim one message, and let it stand aside for so long."""
    (outgoing,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.set_aside([(outgoing, BROKEN, seconds)])
    return outgoing


async def test_the_conversation_goes_on(storage: Database, wall: Wall) -> None:
    """What comes behind it is handed out, in its order; the message itself when it falls due, file and all."""
    await given(storage)
    stuck = Say(t("0"), file=SHEET)
    await said(storage, stuck, word("1"), word("2"))
    await set_aside(storage)
    told = [words([await deliver(storage, "m1")]), words([await deliver(storage, "m2")])]
    early = await storage.outbox.claim("bitrix24", 5)
    wall.move(60)
    (again,) = await storage.outbox.claim("bitrix24", 5)
    assert ([["1"], ["2"]], [], stuck, 1) == (told, early, again.say, again.tries)


async def test_its_next_try_holds_nothing_up(storage: Database, wall: Wall) -> None:
    """While it is on its way once more, its conversation is not held up either, nor by a second one like it."""
    await given(storage)
    await said(storage, word("a"), word("b"))
    await set_aside(storage)
    await set_aside(storage)
    await said(storage, word("1"))
    wall.move(60)
    assert ["a", "b", "1"] == words(await storage.outbox.claim("bitrix24", 5))


async def test_it_stands_aside_for_every_process(opened: Opener, wall: Wall) -> None:
    """What one process has set aside, another knows, also after the first has died."""
    one, two = await opened(), await opened()
    await given(one)
    await said(one, word("stuck"), word("1"))
    await set_aside(one)
    assert ["1"] == words([await deliver(two, "m1")])
    wall.move(60)
    assert [["stuck"], []] == [words(await each.outbox.claim("bitrix24", 5)) for each in (two, one)]


async def test_given_up(storage: Database) -> None:
    """In the end it is kept for a retry by hand, as any other; sent by hand, it comes."""
    await given(storage)
    await said(storage, word("stuck"))
    await set_aside(storage, 0)
    (again,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(again, BROKEN, None)])
    assert 1 == (await storage.backlog()).outbox_failed
    assert 1 == await tried_again(storage)
    assert ["stuck"] == words(await storage.outbox.claim("bitrix24", 5))


async def test_a_card_is_overtaken_by_the_next(storage: Database, wall: Wall) -> None:
    """Of two cards for one slot the newer is shown; the older never comes after it."""
    await given(storage)
    await said(storage, CARD)
    await set_aside(storage)
    await said(storage, replace(CARD, text=t("A newer card")))
    newer = await deliver(storage, "m2")
    wall.move(60)
    assert (["A newer card"], []) == (words([newer]), await storage.outbox.claim("bitrix24", 5))


@pytest.mark.parametrize("change", [EDIT, LIVE])
async def test_a_change_of_a_card_that_never_came(storage: Database, wall: Wall, change: Say) -> None:
    """Whoever did not get the card gets it as it is now, as a message of its own, whatever was shown before."""
    await given(storage)
    await said(storage, CARD)
    await deliver(storage, "m1")
    await said(storage, CARD)
    await set_aside(storage)
    await said(storage, change)
    (anew,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.sent([(anew, Receipt("m2"))])
    wall.move(60)
    (strip,) = await storage.outbox.claim("bitrix24", 5)
    assert (EDIT.text, None, False, "m1") == (anew.say.text, anew.shown_as, anew.say.edit, strip.shown_as)


async def test_an_answer_in_place_is_sent_anew(storage: Database, wall: Wall) -> None:
    """A card that cannot be changed, though it answers somebody, comes as a new one and takes the slot."""
    await given(storage)
    await said(storage, CARD, EDIT)
    await deliver(storage, "m1")
    await set_aside(storage, 0)
    (anew,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.sent([(anew, Receipt("m2"))])
    (strip,) = await storage.outbox.claim("bitrix24", 5)
    assert (EDIT.text, None, "m1") == (anew.say.text, anew.shown_as, strip.shown_as)


async def test_changes_of_one_message_keep_their_order(storage: Database, wall: Wall) -> None:
    """A change that stands aside is never made after a later one."""
    await given(storage)
    last = replace(LIVE, text=t("The last"))
    await said(storage, CARD, LIVE)
    await deliver(storage, "m1")
    await set_aside(storage)
    await said(storage, last)
    change = await deliver(storage, "m1")
    wall.move(60)
    assert (last.text, "m1", []) == (change.say.text, change.shown_as, await storage.outbox.claim("bitrix24", 5))


async def test_one_on_its_way_is_waited_for(storage: Database, wall: Wall) -> None:
    """While the older message of a slot is being sent, the newer one waits, untried, and then changes it."""
    await given(storage)
    await said(storage, CARD)
    await set_aside(storage)
    wall.move(60)
    (older,) = await storage.outbox.claim("bitrix24", 5)
    await said(storage, EDIT)
    meanwhile = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.sent([(older, Receipt("m1"))])
    wall.move(1)
    (newer,) = await storage.outbox.claim("bitrix24", 5)
    assert ([], "m1", 0) == (meanwhile, newer.shown_as, newer.tries)


async def test_both_due_at_once(storage: Database, wall: Wall) -> None:
    """The older one of a slot is handed out, and the newer one after it."""
    await given(storage)
    await said(storage, CARD)
    await set_aside(storage)
    await said(storage, EDIT)
    wall.move(60)
    told = []
    for _ in range(2):
        told += words(claimed := await storage.outbox.claim("bitrix24", 5))
        await storage.outbox.sent([(each, Receipt(each.shown_as or "m1")) for each in claimed])
        wall.move(1)
    assert [CARD.text.message, EDIT.text.message] == told  # type: ignore[union-attr]


async def test_slots_stand_aside_by_themselves(storage: Database) -> None:
    """A message of another slot, or of the same in another conversation, is not concerned."""
    await given(storage)
    await said(storage, CARD)
    await set_aside(storage)
    await said(storage, replace(CARD, slot="question"), to=address())
    await said(storage, CARD, to=address("chat11"))
    assert 2 == len(await storage.outbox.claim("bitrix24", 5))
    assert 3 == (await storage.backlog()).outbox


async def test_sent_by_hand_after_a_newer_one(storage: Database, wall: Wall) -> None:
    """A former question that is sent again by hand does not take the place of the present one."""
    await given(storage)
    await said(storage, CARD)
    (failing,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(failing, DeliveryError("rejected", permanent=True), None)])
    await said(storage, replace(CARD, text=t("The present one")))
    await deliver(storage, "m2")
    wall.move(61)
    await tried_again(storage)
    assert [] == await storage.outbox.claim("bitrix24", 5)


async def test_a_messenger_that_came_back(storage: Database, wall: Wall) -> None:
    """All that waited for it goes out at once, in the order of each conversation; a pause that it asked for holds."""
    await given(storage)
    await said(storage, word("1"), word("2"))
    await set_aside(storage)
    await set_aside(storage)
    await said(storage, word("3"))
    (third,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(third, DeliveryError("network", permanent=False), 60)])
    await said(storage, word("held"), to=address("chat11"))
    (held,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(held, DeliveryError("rate_limit", permanent=False), 60)])
    for channel, realm in (("telegram", PORTAL.key), ("bitrix24", "other.example")):
        await storage.outbox.recover(channel, realm)
    assert [] == await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.recover("bitrix24", PORTAL.key)
    assert ["1", "2", "3"] == [words([await deliver(storage, "m")])[0] for _ in range(3)]
    assert [] == await storage.outbox.claim("bitrix24", 5)
