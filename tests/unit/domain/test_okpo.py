"""Codes of organisations: the last digit gives a typo away."""

import pytest

from bot.domain.reports.okpo import is_okpo


@pytest.mark.parametrize("code", ["12345678", "00032537", "00044428", "0123456789"])
def test_codes(code: str) -> None:
    """Codes of eight and ten digits; 00032537 is Sberbank's, 00044428 Rosneft's."""
    assert is_okpo(code)


@pytest.mark.parametrize("code", ["12345679", "1234567", "123456789", "", "1234567a", "١٢٣٤٥٦٧٨"])
def test_typos(code: str) -> None:
    """A wrong digit, a digit too few or too many, letters, digits of another script."""
    assert not is_okpo(code)
