"""Who sees whose hours: everybody their own, a lead those below, an administrator all. Colleagues see only “away”."""

from collections.abc import Iterable, Sequence

from bot.domain.employee import Employee


def led_by(lead_id: int, everybody: Iterable[Employee]) -> list[Employee]:
    """Return the people whose line of leads comes to that lead, directly or through others, in the order given."""
    people = list(everybody)
    leads = {each.id: each.lead_id for each in people}
    return [each for each in people if each.id != lead_id and lead_id in _line(each.id, leads)]


def seen_by(actor: Employee, everybody: Sequence[Employee]) -> list[Employee]:
    """Return the people whose hours a person may see, themselves included, in the order given."""
    if actor.is_admin:
        return list(everybody)
    seen = {actor.id, *(each.id for each in led_by(actor.id, everybody))}
    return [each for each in everybody if each.id in seen]


def _line(employee_id: int, leads: dict[int, int | None]) -> set[int]:
    above: set[int] = set()
    here = leads.get(employee_id)
    while here is not None and here not in above:
        above.add(here)
        here = leads.get(here)
    return above
