"""Twelve requests at nine in the morning: one message, what runs out today on top, and all of it after one look."""

from datetime import timedelta

from bot.services.reminding.digests import LEAD_DIGEST
from tests.dialogs.routes import HEAD, sent, stage, template, with_template
from tests.dialogs.test_digests import falls_due
from tests.people import Company, Person


async def test_one_digest_by_kind(company: Company, anna: Person, james: Person, sergey: Person) -> None:
    """How many of which kind and since when the oldest waits; the one with a deadline today by its name and hour."""
    await company.move("2026-07-14T09:00")
    for day in (3, 10, 17):
        await anna.says(f"отпуск {day} августа")
        await anna.presses("Отправить")
    await james.says("vacation 24 August")
    await james.presses("Send")
    await with_template(company, template(stage("head", [HEAD])))
    await company.move("2026-07-15T09:00")
    await sent(anna)
    digest = next(each for each in await falls_due(company, LEAD_DIGEST, sergey) if "☀️" in each.text)
    told = digest.text.splitlines()
    at = told.index(next(each for each in told if each.startswith("⏳")))
    assert [
        "⌛ Сегодня до 17:00: № 1 Поездка, Анна Ким",
        "• Отпуск и другие отсутствия: 4, дольше всего – с вт, 14 июля, 09:00",
    ] == told[at + 1 : at + 3]
    assert "• Поездка" not in digest.text  # it was named above
    assert "✅ Согласовать все…" in digest.buttons
    shown = await sergey.presses("Согласовать все…")
    assert shown.startswith("Согласовать 5 заявок?\n1. Анна Ким: Отпуск – пн, 3 августа\n")
    await sergey.presses("Да")
    assert any("✅ Согласовано заявок: 5" in each for each in sergey.shown)


async def test_five_cards_and_the_rest_as_a_list(company: Company, anna: Person, sergey: Person) -> None:
    """The one that runs out today is the first card; seven more are five cards in all and a list."""
    await with_template(company, template(stage("head", [HEAD])))
    for day in range(3, 10):
        await anna.says(f"отпуск {day} августа")
        await anna.presses("Отправить")
    await sent(anna)
    await sergey.reads()
    await company.move(timedelta(minutes=1))
    before = len(sergey.chat)
    await sergey.says("/approvals")
    texts = [each.text for each in sergey.chat[before:] if not each.is_own]
    assert texts[0].startswith("Вашего решения ждут 8 заявок\n⌛ Сегодня до 17:00: № 1 Поездка, Анна Ким\n")
    assert 1 + 5 == len(texts)
    assert "ещё 3:" in texts[0]


async def test_one_card_of_one_seat_among_others_has_its_place(company: Company, anna: Person, sergey: Person) -> None:
    """The count is of everything that waits, whatever it is; alone, a card needs no place."""
    await anna.says("отпуск 3 августа")
    await anna.presses("Отправить")
    await sergey.says("/approvals")
    assert " из 1" not in sergey.chat[-1].text
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await sergey.says("/approvals")
    (card,) = [each.text for each in sergey.chat[-2:] if "Отпуск" in each.text]
    assert card.startswith("2 из 2\n")
