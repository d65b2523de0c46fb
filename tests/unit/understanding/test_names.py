"""Names are found in every case of Russian, and one name is not taken for another."""

from __future__ import annotations

import pytest

from bot.understanding.names import same_name

FORMS = {
    "Анна": "Анна Анны Анне Анну Анной анна АННЕ",
    "Борис": "Бориса Борису Борисом Борисе",
    "Сергей": "Сергея Сергею Сергеем Сергее",
    "Мария": "Марии Марию Марией",
    "Дарья": "Дарьи Дарье Дарью Дарьей",
    "Игорь": "Игоря Игорю Игорем",
    "Любовь": "Любови Любовью",
    "Павел": "Павла Павлу Павлом Павле",
    "Лев": "Льва Льву Львом",
    "Пётр": "Петра Петру Петром Пётр",
    "Илья": "Ильи Илье Илью Ильёй",
    "Никита": "Никиты Никите Никиту",
    "Юрий": "Юрия Юрию Юрием",
    "Иванов": "Иванова Иванову Ивановым Иванове",
    "Иванова": "Ивановой Иванову",
    "Смирнова": "Смирновой Смирнову",
    "Лавровский": "Лавровского Лавровскому Лавровским Лавровском",
    "Лавровская": "Лавровской Лавровскую",
    "Толстой": "Толстого Толстому Толстым",
    "Ким": "Ким Кима Киму",
    "Бухгалтерия": "бухгалтерии бухгалтерию бухгалтерией",
    "Склад": "склада складу складом складе",
    "Закупки": "закупок закупкам закупки",
    "Продажи": "продаж продажам продажи",
    "Финансы": "финансов финансам",
    "Разработка": "разработки разработку разработке",
}


@pytest.mark.parametrize(("name", "form"), [(name, form) for name, forms in FORMS.items() for form in forms.split()])
def test_form_names(name: str, form: str) -> None:
    """A name is meant by each of its cases."""
    assert same_name(form, name)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Анны Ким", "Анна Ким"),
        ("отдел продаж", "Отдел продаж"),
        ("отдела продаж", "Отдел продаж"),
        ("продаж", "Отдел продаж"),
        ("продажи", "Отдел продаж"),
        ("отдел маркетинга", "Маркетинг"),
        ("sales", "Sales department"),
        ("the sales team", "Sales"),
        ("отдел", "Отдел"),
    ],
)
def test_words_together(said: str, name: str) -> None:
    """Every word may have its case, and what only says «department» may be left out."""
    assert same_name(said, name)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Иванову", "Иван"),
        ("Иван", "Иванов"),
        ("Ивана", "Иванов"),
        ("Анна", "Антон"),
        ("Оле", "Олег"),
        ("Марина", "Мария"),
        ("Алексей", "Александр"),
        ("продаж", "Отдел закупок"),
        ("Анна", "Анна Ким"),
        ("", "Анна"),
        ("отдел", "Отдел продаж"),
    ],
)
def test_other_names(said: str, name: str) -> None:
    """A likeness is no form: another name, another surname, a part of a name."""
    assert not same_name(said, name)
