"""Who is meant by a name: in any case, order and alphabet; two that fit are both found, for the person to be asked."""

import pytest

from bot.domain.people.employee import Employee
from bot.services.people.naming import named, near

NAMES = ("Анна Ким", "Борис Петров", "James Carter", "Sergei Orlov", "Алёна Ёлкина", "Ольга Смирнова", "Пётр Иванов")
PEOPLE = [Employee(number, 1, name, zone="Europe/Moscow", locale="ru") for number, name in enumerate(NAMES)]


def found(said: str, *more: str) -> list[str]:
    """Return whom a name means among our people and some more."""
    others = [Employee(100 + number, 1, name, zone="UTC", locale="ru") for number, name in enumerate(more)]
    return [person.name for person in named([*PEOPLE, *others], said)]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Джеймс", "James Carter"),
        ("Джеймсу Картеру", "James Carter"),
        ("картер джеймс", "James Carter"),
        ("Anna Kim", "Анна Ким"),
        ("kim anna", "Анна Ким"),
        ("Ким А.", "Анна Ким"),
        ("А. Ким", "Анна Ким"),
        ("Кима", "Анна Ким"),
        ("Сергею", "Sergei Orlov"),
        ("Орлова Сергея", "Sergei Orlov"),
        ("Sergey", "Sergei Orlov"),
        ("Елкиной", "Алёна Ёлкина"),
        ("Бориса", "Борис Петров"),
        ("Boris", "Борис Петров"),
        ("Петрова", "Борис Петров"),
    ],
)
def test_one(said: str, name: str) -> None:
    """One person is meant."""
    assert [name] == found(said)


@pytest.mark.parametrize(
    ("said", "more", "names"),
    [
        ("Анна", ("Anna Smith",), ["Анна Ким", "Anna Smith"]),
        ("Anna", ("Anna Smith",), ["Анна Ким", "Anna Smith"]),
        ("Ким А.", ("Алексей Ким",), ["Анна Ким", "Алексей Ким"]),
        ("Петрова", ("Вера Петрова",), ["Борис Петров", "Вера Петрова"]),
        ("Вера Петрова", ("Вера Петрова",), ["Вера Петрова"]),
        ("К. Ким", (), []),
        ("Зинаида", (), []),
        ("", (), []),
    ],
)
def test_several_or_none(said: str, more: tuple[str, ...], names: list[str]) -> None:
    """Two that fit are both found; an initial is of a word of its own."""
    assert names == found(said, *more)


def test_typo_is_near_and_no_name() -> None:
    """A typo finds nobody, and says whose name looks like it."""
    assert [] == found("Смирнва")
    assert ["Ольга Смирнова"] == near(PEOPLE, "Смирнва")
    assert [] == near(PEOPLE, "Зинаида")
