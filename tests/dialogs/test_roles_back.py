"""A role or access changed by an administrator is one tap away from what it was."""

from bot.domain.people.employee import Role
from tests.people import Company, Person


async def test_a_role_is_brought_back(company: Company, olga: Person, anna: Person) -> None:
    """The button gives the former role, and the portal's structure decides again where it had."""
    assert "Анна Ким" in await olga.says("/lead Анна")
    assert ["↩️ Вернуть"] == olga.buttons
    assert "↩️ Анна Ким – снова сотрудник." == await olga.presses("Вернуть")
    assert {} == olga.chat[-1].buttons
    employee = await anna.employee()
    assert (Role.EMPLOYEE, False) == (employee.role, employee.role_is_chosen)


async def test_access_is_brought_back(olga: Person, anna: Person) -> None:
    """Who was switched off by mistake writes again."""
    await olga.says("/disable Анна")
    assert (await anna.employee()).is_disabled
    await olga.presses("Вернуть")
    assert not (await anna.employee()).is_disabled
    assert "🟢 На работе" in await anna.says("пришла")


async def test_nothing_changed_has_no_way_back(olga: Person, sergey: Person) -> None:
    """Who was a lead before is one after, and there is nothing to bring back."""
    del sergey
    await olga.says("/lead Сергей")
    assert {} == olga.chat[-1].buttons


async def test_pressed_by_a_former_administrator(company: Company, olga: Person, sergey: Person, anna: Person) -> None:
    """Rights are looked at when it is pressed: an old button in other hands does nothing."""
    await olga.says("/disable Анна")
    button = next(iter(olga.chat[-1].buttons.values()))
    assert button.action is not None
    await sergey.says("статус")
    await sergey.taps(button.action.pack(), sergey.chat[-1].id)
    assert "администратор" in await sergey.reads()
    assert (await anna.employee()).is_disabled


async def test_the_last_administrator_stays(olga: Person, sergey: Person) -> None:
    """A way back that would leave nobody in charge is refused like any other."""
    await olga.says("/admin Сергей")
    await sergey.reads()
    await sergey.says("/employee Ольга")
    back = next(iter(olga.chat[-1].buttons.values()), None)
    del back
    assert (await olga.presses("Вернуть")).startswith("Это может только администратор")
