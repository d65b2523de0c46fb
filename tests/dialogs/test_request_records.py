"""The record of a request, for whom it concerns: the approval sheet as PDF, and the history in chat."""

from io import BytesIO

from pypdf import PdfReader

from tests.dialogs.routes import HEAD, in_group, sent, stage, template, with_template
from tests.people import Company, Person


def text_of(content: bytes) -> str:
    """Return the words of a PDF, as somebody selects them."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def file_of(person: Person) -> tuple[str, bytes]:
    """Return the name and the bytes of the newest file in a chat."""
    file = next(each.files[0] for each in reversed(person.chat) if each.files)
    return file.name, file.content


async def decided(company: Company, anna: Person, sergey: Person, olga: Person, where: str = "Казань") -> None:
    """Play a request of two stages to its end."""
    stages = (stage("head", [HEAD]), stage("money", [in_group("fin")]))
    await with_template(company, template(*stages), fin=[olga])
    await sent(anna, where)
    await sergey.presses("Согласовать")
    await olga.presses("Согласовать")


async def test_the_sheet_tells_all(company: Company, anna: Person, sergey: Person, olga: Person, james: Person) -> None:
    """By words or by the button on the card; in the reader's language; strangers are told of no such request."""
    await decided(company, anna, sergey, olga)
    assert "№ 1 Поездка: лист согласования" in await anna.says("лист согласования 1")
    name, content = file_of(anna)
    assert "Лист_согласования_1_Поездка.pdf" == name
    told = text_of(content)
    for each in (
        "Лист согласования: № 1 Поездка", "Шаблон: Поездка, версия 1", "Время: Москва (UTC+03:00)",
        "Итог: согласовано, 13.07.2026 09:00", "Анна Ким", "Казань", "Сергей Орлов: согласовано, 13.07.2026 09:00",
        "1. Head", "2. Money", "Ольга Смирнова: согласовано", "Журнал цел",
    ):  # fmt: skip
        assert each in told, each
    await sergey.presses("Лист")
    assert content == file_of(sergey)[1]
    assert "Не знаю такой заявки" in await james.says("approval sheet 1") or "do not know" in james.chat[-1].text


async def test_nothing_is_cut(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """A long text goes on over pages; a letter that the font does not have is told by its number."""
    await decided(company, anna, sergey, olga, "Город " + "А" * 400 + " 中")
    await anna.says("лист согласования 1")
    told = text_of(file_of(anna)[1])
    assert 400 <= told.count("А")
    assert "[U+4E2D]" in told


async def test_the_history_in_working_order(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Who, what, when, under its day; by number, also of what is decided."""
    await decided(company, anna, sergey, olga)
    told = (await anna.says("история заявки 1")).splitlines()
    assert [
        "№ 1 Поездка: история",
        "13.07.2026",
        "09:00 📝 Анна Ким: заявка подана",
        "09:00 ▶️ Этап: Head",
        "09:00 • нужен ответ: Сергей Орлов",
        "09:00 ✅ Сергей Орлов: согласовано",
        "09:00 ▶️ Этап: Money",
        "09:00 • нужен ответ: Ольга Смирнова",
        "09:00 ✅ Ольга Смирнова: согласовано",
        "09:00 ✅ Итог: согласовано",
    ] == told
    assert ["📄 Лист"] == anna.buttons
