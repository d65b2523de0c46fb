"""Codes by which a stranger's account is linked: few tries, and nothing to learn from the database."""

from datetime import timedelta
from hashlib import sha256

import pytest

from bot.services.approvals.seals import Seals
from tests.people import Company, Person

GUESSED = "Слишком много неверных кодов. Возьмите в Telegram новый и введите его через десять минут."


@pytest.fixture
def channel() -> str:
    """Codes are entered on the portal."""
    return "bitrix24"


async def code_of(company: Company) -> str:
    """Return the code that a stranger is shown in Telegram."""
    stranger = company.visitor("Борис Лавров")
    shown = await stranger.says("привет")
    return next(each for each in shown.replace("*", " ").split() if each.count("-") == 1 and each[:4].isdigit())


async def test_codes_cannot_be_guessed(company: Company, anna: Person) -> None:
    """After five codes in vain no code opens anything for ten minutes, the right one included."""
    code = await code_of(company)
    for guess in range(5):
        assert "больше не действуют" in await anna.says(f"/link {guess:08d}")
    assert GUESSED == await anna.says("/link 00000006")
    assert GUESSED == await anna.says(f"/link {code}")
    await company.move(timedelta(minutes=11))
    code = await code_of(company)
    assert "Борис Лавров" in await anna.says(f"/link {code}")


async def test_a_forged_press_is_a_guess_as_well(company: Company, anna: Person) -> None:
    """The button that agrees to a code counts with the codes that are typed."""
    await anna.says("привет")
    for guess in range(5):
        await anna.taps(f"ad:{guess:08d}", anna.chat[-1].id)
        await anna.reads()
    code = await code_of(company)
    assert GUESSED == await anna.says(f"/link {code}")


async def test_one_persons_guesses_are_nobody_elses(company: Company, anna: Person, sergey: Person) -> None:
    """Only whoever guesses has to wait."""
    for guess in range(6):
        await anna.says(f"/link {guess:08d}")
    assert "Борис Лавров" in await sergey.says(f"/link {await code_of(company)}")


def test_a_code_is_not_found_from_its_hash() -> None:
    """What is stored depends on the secret; one made under a former secret is still found."""
    old, new = "o" * 40, "n" * 40
    made = Seals(old).hashes("12345678")
    assert sha256(b"12345678").hexdigest() not in made
    assert made[0] in Seals(f"{new}, {old}").hashes("12345678")
    assert made[0] not in Seals(new).hashes("12345678")
