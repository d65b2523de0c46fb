"""The ready-made templates: they are valid, name groups alone, and say what is missing before they can be on."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.approvals.condition import holds
from bot.domain.approvals.course import Course
from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.filling import fill
from bot.domain.approvals.lacking import Lack, LackKind, blanks, lacks
from bot.domain.approvals.lint import warnings
from bot.domain.approvals.named import everybody_named, template_of
from bot.domain.approvals.people import Company, Department, Person
from bot.domain.approvals.preview import Preview, preview
from bot.domain.approvals.reading import Read, read
from bot.domain.approvals.ready import GROUPS, QUESTIONS, ready_made
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.who import ByGroup, ByHead
from bot.services.approvals.templates import document_of, parsed
from tests.approvals.playing import example, group, track, user

MONDAY_NINE = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)
HEAD, BOSS, ANNA = 2, 1, 3


def company(groups: dict[str, tuple[int, ...]], *, inactive: tuple[int, ...] = ()) -> Company:
    """Return twenty people: Anna of department 3, which 2 heads; 1 heads the whole."""
    people = {
        number: Person(number, department=3 if number in (HEAD, ANNA) else 1, active=number not in inactive)
        for number in range(1, 21)
    }
    departments = {1: Department(1, BOSS), 3: Department(3, HEAD, 1)}
    return Company(people, departments, groups)  # type: ignore[arg-type]


def seen(template: ApprovalTemplate, people: Company, said: str, initiator: int = ANNA) -> Preview:
    """Return who would be asked about what somebody says."""
    course = Course(template.route, people, Reckoning(ZoneInfo("Europe/Moscow")))
    return preview(course, initiator, fill(template.form, said), MONDAY_NINE)


@pytest.mark.parametrize("key", list(ready_made()))
def test_a_ready_made_one_fits_every_portal(key: str) -> None:
    """It names heads and groups alone, each group has a title and a question, and every field that it reads exists."""
    template = ready_made()[key]
    named = list(everybody_named(template))
    assert all(isinstance(each, ByGroup | ByHead) for each in named)
    groups = {each.name for each in named if isinstance(each, ByGroup)}
    assert groups <= set(GROUPS) & set(QUESTIONS)
    assert "unknown_field" not in {each.code for each in warnings(Read(template.route, template))}
    assert template == parsed(document_of(template))


@pytest.mark.parametrize("key", list(ready_made()))
def test_a_ready_made_one_is_the_example(key: str) -> None:
    """Stages, rules, conditions and deadlines are those of the example of its name."""
    own, given = ready_made()[key].route, read(example(key)).route
    assert [each.id for each in given.stages] == [each.id for each in own.stages]
    for one, other in zip(own.stages, given.stages, strict=True):
        assert (other.when, other.join, other.on_reject, other.deadline.after, other.deadline.on_expire) == (
            one.when, one.join, one.on_reject, one.deadline.after, one.deadline.on_expire,
        )  # fmt: skip
        assert [(each.id, each.rule) for each in other.tracks] == [(each.id, each.rule) for each in one.tracks]
    assert (given.rework, given.policy.watch, given.policy.four_eyes) == (
        own.rework, own.policy.watch, own.policy.four_eyes,
    )  # fmt: skip


def test_blanks_are_asked_in_the_order_of_the_stages() -> None:
    """A group without anybody is a blank, each once, with how many people it needs; a filled one is none."""
    contract = ready_made()["contract"]
    names = ["lawyers", "finance_head", "security", "deputy_director", "director"]
    assert names == [each.name for each in blanks(contract, company({}))]
    assert 2 == blanks(contract, company({}))[0].needed
    filled = dict.fromkeys(names, (4, 5))
    assert () == lacks(contract, company(filled))
    assert (Lack(LackKind.BLANK, "director"),) == lacks(contract, company({**filled, "director": ()}))


def test_somebody_who_left_fills_no_blank() -> None:
    """A group of people who do not work here any more is a blank again."""
    assert ["hr"] == [each.name for each in blanks(ready_made()["leave"], company({"hr": (7,)}, inactive=(7,)))]
    assert () == blanks(ready_made()["leave"], company({"hr": (7, 8)}, inactive=(7,)))


def test_what_can_never_be_decided_is_named() -> None:
    """More approvals than people, unknown people and departments: each stands in the way."""
    route = {
        **example("contract"),
        "policy": {},
        "rework": {},
        "stages": [
            {
                "id": "only",
                "tracks": [
                    track(group("lawyers"), {"type": "quorum", "n": 2}, id="legal"),
                    track(user(99), id="who"),
                    track([{"by": "department", "id": 7}], id="where"),
                ],
                "deadline": {"after": "1wd", "on_expire": "reject"},
            }
        ],
    }
    template = template_of(read(route))
    assert {
        Lack(LackKind.TOO_FEW, "legal", 2, 1),
        Lack(LackKind.PERSON, "99"),
        Lack(LackKind.DEPARTMENT, "7"),
    } == set(lacks(template, company({"lawyers": (4,)})))


def test_who_would_be_asked_by_the_amount() -> None:
    """400 000: the head and finance. 1 200 000: the director as well. The head's own request goes a level up."""
    discount = ready_made()["deal_discount"]
    people = company({"sales_directors": (9,), "finance_controllers": (10, 11), "director": (BOSS,)})
    found = seen(discount, people, "400000")
    assert [("head", [[HEAD]]), ("finance", [[10, 11]])] == [
        (each.stage.id, [[seat.principal for seat in track.seats] for track in each.tracks]) for each in found.stages
    ]
    assert (["ceo"], None) == ([each.id for each in found.passed], found.failed)
    assert ["head", "finance", "ceo"] == [each.stage.id for each in seen(discount, people, "1,2 млн").stages]
    assert ["head", "ceo"] == [each.stage.id for each in seen(discount, people, "1000; скидка, %: 30").stages[:1]] + [
        each.stage.id for each in seen(discount, people, "1000, 30 %").stages[1:]
    ]
    assert BOSS == seen(discount, people, "1000", HEAD).stages[0].tracks[0].seats[0].principal


def test_a_deadline_is_what_the_engine_says() -> None:
    """One working day from Monday, 9:00 ends on Tuesday, 9:00."""
    people = company({"sales_directors": (9,), "finance_controllers": (10,), "director": (BOSS,)})
    first = seen(ready_made()["deal_discount"], people, "1000").stages[0]
    assert (MONDAY_NINE, MONDAY_NINE.replace(day=13)) == (first.opens_at, first.due_at)


def test_nobody_to_ask_is_told() -> None:
    """Where a stage can seat nobody, it is named; stages before it are shown."""
    people = company({"sales_directors": (9,), "director": (BOSS,)})
    found = seen(ready_made()["deal_discount"], people, "400000")
    assert (["head"], "finance") == ([each.stage.id for each in found.stages], found.failed and found.failed.id)


def test_a_bare_route_gets_its_form() -> None:
    """One field a name: a number where it is compared with one, somebody where people are looked up by it."""
    form = {each.key: each.type for each in template_of(read(example("deal_discount"))).form}
    assert {"amount": "number", "discount_percent": "number"} == form
    route = example("deal_discount")
    route["stages"][0]["tracks"][0]["approvers"] = [{"by": "field", "path": "owner"}]
    assert "person" == {each.key: each.type for each in template_of(read(route)).form}["owner"]


def test_a_condition_reads_what_was_said() -> None:
    """What words fill in is of the kind that conditions compare."""
    discount = ready_made()["deal_discount"]
    finance = discount.route.stages[1].when
    assert finance is not None
    for said, expected in (("300 000", True), ("299 999,99", False), ("сумма: 300 тыс", True)):
        subject = fill(discount.form, said)
        assert expected is holds(finance, subject, subject)
