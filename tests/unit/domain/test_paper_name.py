"""Names as papers have them: «Фамилия И. О.» (facts §4.1, column 2)."""

import pytest

from bot.domain.people.employee import paper_name


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("Ким", "Анна", "Сергеевна"), "Ким А. С."),
        (("Ким", "Анна", ""), "Ким А."),
        (("Мамин-Сибиряк", " дмитрий ", "\nнаркисович"), "Мамин-Сибиряк Д. Н."),
        (("Ким", "", ""), "Ким"),
        (("", "Анна", "Сергеевна"), ""),
    ],
)
def test_a_name_on_paper(parts: tuple[str, str, str], expected: str) -> None:
    """Family name and the initials there are; without a family name there is no such name."""
    assert expected == paper_name(*parts)
