"""The table of rights is the one that the rules tell."""

from dataclasses import replace

import pytest

from bot.domain.errors import LeadsOnly, NotAllowed
from bot.domain.people.employee import Employee, Role
from bot.domain.rights import Reach, Right, check, may, reach, reach_of
from tests.rights.expected import RIGHTS, ROLES

ANNA = Employee(1, 1, "Анна Ким")


def test_each_role_has_its_rights() -> None:
    """Every right of every role reaches as far as the rules say, and there is no other right or role."""
    told = {
        right.value: tuple(reach_of(role, right).name.lower() for role in map(Role, ROLES)) for right in sorted(Right)
    }
    assert dict(sorted(RIGHTS.items())) == told
    assert set(ROLES) == {each.value for each in Role}


@pytest.mark.parametrize("role", Role)
def test_no_access_no_rights(role: Role) -> None:
    """Somebody switched off has no right, not even to what is their own."""
    off = replace(ANNA, role=role, is_disabled=True)
    assert {Reach.NOBODY} == {reach(off, right) for right in Right}


def test_a_refusal_names_who_may() -> None:
    """What leads may as well is told apart from what steers the portal; one's own alone is no more than that."""
    with pytest.raises(LeadsOnly):
        check(ANNA, Right.SEE_HOURS)
    with pytest.raises(NotAllowed):
        check(ANNA, Right.CLOSE_PERIODS)
    check(replace(ANNA, role=Role.ACCOUNTANT), Right.CLOSE_PERIODS)
    assert not may(replace(ANNA, role=Role.ADMIN), Right.CONFIRM_HOURS)
