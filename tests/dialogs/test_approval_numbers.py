"""Statistics of approvals in chat: a lead's people, everybody for administrators, and nobody for the rest."""

from datetime import timedelta

from tests.dialogs.routes import HEAD, sent, stage, template, with_template
from tests.people import Company, Person


async def test_the_numbers_of_a_month(
    company: Company, anna: Person, sergey: Person, olga: Person, james: Person
) -> None:
    """One was decided within two hours, one waits; both of whoever leads the people see it, an employee does not."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await company.move(timedelta(hours=2))
    await sergey.presses("Согласовать")
    await sent(anna, "Тверь")
    wanted = [
        "Согласования, июль",
        "По шаблонам, рабочее время до итога:",
        "• Поездка: решено 1, половина до 2 ч, 9 из 10 до 2 ч",
        "По этапам:",
        "• Поездка, Head: решено 1, половина до 2 ч, 9 из 10 до 2 ч",
        "По людям:",
        "• Сергей Орлов: решено 1, половина до 2 ч, 9 из 10 до 2 ч",
        "У кого сейчас сколько:",
        "• Сергей Орлов: 1, самая давняя с пн, 13 июля, 11:00",
    ]
    assert wanted == (await olga.says("статистика согласований")).splitlines()
    assert wanted == (await sergey.says("статистика согласований за июль")).splitlines()
    assert "решено" not in await anna.says("статистика согласований")
    told = await olga.says("статистика согласований за июнь")
    assert "Ничего не решено" in told
    assert "11:00" in told
