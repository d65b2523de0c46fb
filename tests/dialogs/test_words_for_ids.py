"""Nobody reads the id of a stage or a track: what has no title has a number, or is called by whoever is asked."""

from typing import Any

from tests.dialogs.routes import HEAD, in_group, stage, template, with_template
from tests.people import Company, Person


def without_titles() -> dict[str, Any]:
    """Return a template of two stages, the first with two tracks, in which nothing has a title."""
    tracks = [
        {"id": "trackone", "approvers": [in_group("lawyers")], "rule": {"type": "any"}},
        {"id": "tracktwo", "approvers": [HEAD], "rule": {"type": "any"}},
    ]
    form = template(stage("stageone", [], tracks=tracks), stage("stagetwo", [in_group("lawyers")]))
    for each in form["route"]["stages"]:
        del each["title"]
    return form


async def test_a_card_says_no_ids(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """The look before, both stages' cards and the list say numbers, groups and roles."""
    await with_template(company, without_titles(), lawyers=[olga])
    await anna.says("/request Поездка")
    await anna.says("Казань")
    shown = await anna.says("50000")
    assert "Сейчас отвечают: Ольга Смирнова, Сергей Орлов (этап 1), срок" in shown
    assert shown.endswith("Затем: Ольга Смирнова (этап 2)")
    await anna.presses("Отправить")
    assert (
        "\nЭтап 1 из 2\n– Юристы: за 0, против 0, без ответа 1\n– руководитель инициатора: за 0" in sergey.chat[-1].text
    )
    await sergey.presses("Согласовать")
    await olga.reads()
    await olga.presses("Согласовать")
    assert "\nЭтап 2 из 2\n" in olga.chat[-1].text
    for each in (anna, sergey, olga):
        assert not any(word in text for text in each.shown for word in ("stageone", "stagetwo", "track"))


async def test_a_template_says_no_ids(company: Company, olga: Person, sergey: Person) -> None:
    """Its sentences, the trial and what is missing say numbers and roles as well."""
    form = without_titles()
    form["route"]["stages"][1]["tracks"][0]["rule"] = {"type": "quorum", "n": 2}
    form["route"]["policy"] = {"four_eyes": [["stageone", "stagetwo"]]}
    await with_template(company, form, lawyers=[sergey])
    shown = await olga.says("шаблон Поездка")
    assert "1. «этап 1»: нужно согласие каждой из веток" in shown
    assert "❗️ Для «этап 2» нужно согласований: 2, а людей только 1" in shown
    await olga.says("кому уйдёт Поездка от Анны?")
    assert not any(word in text for text in olga.shown for word in ("stageone", "stagetwo", "track"))
