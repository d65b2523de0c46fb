"""Who sees whose hours: everybody their own, leads those below them, administrators all."""

from bot.domain.employee import Employee, Role
from bot.domain.visibility import led_by, seen_by

OLGA = Employee(1, 1, "Olga", role=Role.ADMIN)
SERGEY = Employee(2, 1, "Sergey", role=Role.LEAD, lead_id=1)
INNA = Employee(3, 1, "Inna", role=Role.LEAD, lead_id=2)
ANNA = Employee(4, 1, "Anna", lead_id=3)
BORIS = Employee(5, 1, "Boris", lead_id=99)
EVERYBODY = [ANNA, BORIS, INNA, OLGA, SERGEY]


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
