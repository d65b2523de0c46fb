"""Who sees whose hours: everybody their own, a lead those below, an administrator all. Colleagues see only “away”."""

from collections.abc import Iterable, Mapping, Sequence

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
    if not actor.leads:
        return [each for each in everybody if each.id == actor.id]  # a role that was taken away shows nobody any more
    seen = {actor.id, *(each.id for each in led_by(actor.id, everybody))}
    return [each for each in everybody if each.id in seen]


def told_of(everybody: Iterable[Employee]) -> Mapping[int, Sequence[Employee]]:
    """Return by reader whose mornings they are told of: each person's by one lead, the nearest who can read it.

    Of people whom nobody leads the administrators are told, not of one another.
    """
    people = {each.id: each for each in everybody}
    leads = {each.id: each.lead_id for each in people.values()}
    admins = [each.id for each in people.values() if each.is_admin and not each.is_disabled]
    told: dict[int, list[Employee]] = {}
    for person in people.values():
        above = (people.get(each) for each in _line(person.id, leads) if each != person.id)
        nearest = next((each.id for each in above if each is not None and each.leads and not each.is_disabled), None)
        readers = [nearest] if nearest is not None else [] if person.is_admin else admins
        for reader in readers if not person.is_disabled else ():
            told.setdefault(reader, []).append(person)
    return told


def _line(employee_id: int, leads: Mapping[int, int | None]) -> Sequence[int]:
    """Return the leads above a person, the nearest first; a circle ends."""
    above: dict[int, None] = {}
    here = leads.get(employee_id)
    while here is not None and here not in above:
        above[here] = None
        here = leads.get(here)
    return tuple(above)
