"""What names tell of the gender of their bearers, and what they do not."""

import pytest

from bot.domain.people.gender import Gender, gender_of


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Анна Ким", "she"),
        ("Ольга Смирнова", "she"),
        ("Смирнова Ольга", "she"),
        ("Саша Белова", ""),
        ("Любовь Орлова", ""),
        ("Мария Троицкая", "she"),
        ("Сергей Орлов", "he"),
        ("Илья Ким", "he"),
        ("Никита Шевченко", "he"),
        ("Борис", "he"),
        ("Игорь Ли", "he"),
        ("Ким Анна", ""),
        ("Олег Сковорода", ""),
        ("Женя Ли", ""),
        ("James Carter", ""),
        ("Anna Kim", ""),
        ("", ""),
        ("#42", ""),
        ("Нико", ""),
    ],
)
def test_gender_of_a_name(name: str, gender: str) -> None:
    """A family name is believed first; what could be either is neither."""
    assert Gender(gender) == gender_of(name)
