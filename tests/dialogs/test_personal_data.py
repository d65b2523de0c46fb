"""One's own data as a file; erasing what is stored about a former employee, once the retention term is over."""

import json

import pytest

from tests.dialogs.days import works
from tests.people import Company, Person

DAY = ("09:00", "13:00", "14:00", "18:00")


@pytest.fixture
async def worked(company: Company, anna: Person) -> None:
    """Anna worked on Monday, and took a mark back."""
    await works(company, anna, "2026-07-13", *DAY)
    await anna.says("/checkin")
    await anna.says("/undo")


@pytest.mark.usefixtures("worked")
async def test_my_data(anna: Person) -> None:
    """A summary on one screen and a file with everything, voided marks as well."""
    said = await anna.says("мои данные")
    assert said.startswith("🗂 Всё, что о вас хранится, – в этом файле:\n• 6 отметок, включая отменённые\n• 1 смена\n")
    assert "Где вы находитесь, бот не спрашивает." in said
    [file] = anna.files
    form = json.loads(file.content)
    assert ("smena-my-data.json", "document", "Ромашка") == (file.name, file.kind, form["organisation"])
    assert ["in", "break", "back", "out", "in", "void"] == [each["kind"] for each in form["marks"]]
    assert ["Анна Ким"] == [each["name"] for each in form["profile"]]


@pytest.mark.usefixtures("worked")
async def test_who_may_erase_and_when(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Only an administrator, only of people who are switched off, and only once the retention term has passed."""
    await sergey.says("/erase Анна")
    assert not any("Удалить" in each for each in sergey.buttons)
    assert "Сначала отключите: /disable Анна Ким" in await olga.says("/erase Анна")
    await olga.says("/disable Анна")
    assert "Удалить их можно будет начиная с даты: вс, 13 июля 2031" in await olga.says("/erase Анна")
    assert 6 == await marks(company, anna)


@pytest.mark.usefixtures("worked")
async def test_dry_run_then_erased(company: Company, anna: Person, olga: Person) -> None:
    """What would go is said first; a no keeps it; a yes makes it go for good, and nobody of that name is left."""
    await olga.says("/disable Анна")
    await company.move("2031-07-13T10:00")
    shown = await olga.says("удалить данные Анна Ким")
    assert "⚠️ Удалить все данные: Анна Ким? Вернуть их будет нельзя.\n• 6 отметок" in shown
    assert "Ничего не изменено" in await olga.presses("Нет")
    assert 6 == await marks(company, anna)
    await olga.says("/erase Анна Ким")
    assert "🗑 Готово: данные удалены. В списках теперь «Удалённый сотрудник №" in await olga.presses("Удалить навсегда")
    assert 0 == await marks(company, anna)
    everybody = await olga.says("/people")
    assert "Анна" not in everybody
    assert "Удалённый сотрудник №" in everybody
    assert () == (await anna.employee()).identities


async def marks(company: Company, person: Person) -> int:
    """Return how many marks of a person are stored."""
    async with company.storage.unit_of_work() as uow:
        return len((await uow.privacy.everything(await person.employee()))["marks"])
