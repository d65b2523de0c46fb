"""Who leads whom, who sees whose hours, and who is told of whose mornings."""

from dataclasses import replace

from bot.domain.people.employee import Employee, Role
from bot.domain.people.leading import led_by
from bot.domain.people.readers import told_of
from bot.domain.rights import Right, within

OLGA = Employee(1, 1, "Olga", role=Role.ADMIN)
SERGEY = Employee(2, 1, "Sergey", role=Role.LEAD, lead_id=1)
INNA = Employee(3, 1, "Inna", role=Role.LEAD, lead_id=2)
ANNA = Employee(4, 1, "Anna", lead_id=3)
BORIS = Employee(5, 1, "Boris", lead_id=99)
EVERYBODY = [ANNA, BORIS, INNA, OLGA, SERGEY]


def seen_by(reader: Employee, everybody: list[Employee]) -> list[Employee]:
    """The people whose hours somebody sees."""
    return within(reader, Right.SEE_HOURS, everybody)


def test_lead() -> None:
    """A lead leads the people of the people they lead, and sees themselves as well."""
    assert [ANNA, INNA] == led_by(2, EVERYBODY)
    assert [ANNA, INNA, SERGEY] == seen_by(SERGEY, EVERYBODY)


def test_others() -> None:
    """An administrator sees everybody; whoever leads nobody sees only themselves."""
    assert EVERYBODY == seen_by(OLGA, EVERYBODY)
    assert [BORIS] == seen_by(BORIS, EVERYBODY)


def test_circle() -> None:
    """A circle of leads ends."""
    one, other = Employee(1, 1, "One", lead_id=2), Employee(2, 1, "Other", lead_id=1)
    assert [other] == led_by(1, [one, other])


def test_one_lead_is_told_of_a_person() -> None:
    """The nearest lead, not the one above; of whom nobody leads the administrators, not of one another."""
    second = Employee(6, 1, "Second", role=Role.ADMIN)
    assert {1: [BORIS, SERGEY], 2: [INNA], 3: [ANNA], 6: [BORIS]} == told_of([*EVERYBODY, second])


def test_a_lead_who_is_gone() -> None:
    """The next above stands in for a lead who is switched off; of whom is switched off themselves nobody is told."""
    without_inna = [replace(each, is_disabled=each is INNA) for each in EVERYBODY]
    assert {1: [BORIS, SERGEY], 2: [ANNA]} == told_of(without_inna)
    nobody_above = [replace(each, is_disabled=each in (INNA, SERGEY)) for each in EVERYBODY if each is not BORIS]
    assert {1: [ANNA]} == told_of(nobody_above)


def test_told_in_a_circle() -> None:
    """Two who lead one another are told of one another."""
    one, other = (Employee(1, 1, "One", Role.LEAD, lead_id=2), Employee(2, 1, "Other", Role.LEAD, lead_id=1))
    assert {1: [other], 2: [one]} == told_of([one, other])


def test_a_role_that_was_taken_away() -> None:
    """Whoever leads no more sees only themselves, and the next above is told of the people."""
    former = replace(INNA, role=Role.EMPLOYEE)
    people = [former if each is INNA else each for each in EVERYBODY]
    assert [former] == seen_by(former, people)
    assert {1: [BORIS, SERGEY], 2: [ANNA, former]} == told_of(people)


def test_an_accountant_who_is_somebody_s_head() -> None:
    """Sees everybody and leads nobody: the next above is told of the people, once."""
    accountant = replace(INNA, role=Role.ACCOUNTANT)
    people = [accountant if each is INNA else each for each in EVERYBODY]
    assert people == seen_by(accountant, people)
    assert {1: [BORIS, SERGEY], 2: [ANNA, accountant]} == told_of(people)


def test_somebody_switched_off_sees_nobody() -> None:
    """Rights go with access, whatever the role."""
    for person in (OLGA, SERGEY, ANNA, replace(INNA, role=Role.ACCOUNTANT)):
        assert [] == seen_by(replace(person, is_disabled=True), EVERYBODY)
