"""Who leads whom: a person's lead, the lead's lead, and so on."""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.people.employee import Employee


def led_by(lead_id: int, everybody: Iterable[Employee]) -> list[Employee]:
    """Return the people whose line of leads comes to that lead, directly or through others, in the order given."""
    people = list(everybody)
    leads = {each.id: each.lead_id for each in people}
    return [each for each in people if each.id != lead_id and lead_id in line_of(each.id, leads)]


def line_of(employee_id: int, leads: Mapping[int, int | None]) -> Sequence[int]:
    """Return the leads above a person, the nearest first; a circle ends."""
    above: dict[int, None] = {}
    here = leads.get(employee_id)
    while here is not None and here not in above:
        above[here] = None
        here = leads.get(here)
    return tuple(above)
