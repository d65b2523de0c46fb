"""Countries by the names that people give them."""

import pytest

from bot.countries import country_called, country_name


@pytest.mark.parametrize("name", ["KZ", "kz", "Казахстан", " казахстан ", "Kazakhstan"])
def test_a_country_is_found_by_name_and_by_code(name: str) -> None:
    """In both languages, however it is written."""
    assert "KZ" == country_called(name)


@pytest.mark.parametrize(("name", "code"), [("РФ", "RU"), ("Беларусь", "BY"), ("Белоруссия", "BY"), ("Киргизия", "KG")])
def test_everyday_names_are_known(name: str, code: str) -> None:
    """People do not say «Российская Федерация»."""
    assert code == country_called(name)


@pytest.mark.parametrize("name", ["", "Нарния", "XX", "7", "001"])
def test_what_is_no_country_is_none(name: str) -> None:
    """Neither a region of the world nor an invention is taken for one."""
    assert country_called(name) is None


def test_a_country_is_named_in_the_readers_language() -> None:
    """A code without a name stays a code."""
    assert ("Казахстан", "Kazakhstan", "XX") == tuple(
        country_name(*each) for each in (("KZ", "ru"), ("KZ", "en"), ("XX", "ru"))
    )
