"""Who is told of whose mornings: each person's by one reader, so that nothing is told twice and nobody is forgotten."""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.people.employee import Employee
from bot.domain.people.leading import line_of
from bot.domain.rights import Reach, Right, may, reach


def told_of(everybody: Iterable[Employee]) -> Mapping[int, Sequence[Employee]]:
    """Return by reader whose mornings they are told of: each person's by one lead, the nearest who can read it.

    Of people whom nobody leads the administrators are told, not of one another.
    """
    people = {each.id: each for each in everybody}
    leads = {each.id: each.lead_id for each in people.values()}
    admins = [each.id for each in people.values() if reach(each, Right.HEAR_OF_PEOPLE) is Reach.ALL]
    told: dict[int, list[Employee]] = {}
    for person in people.values():
        above = (people.get(each) for each in line_of(person.id, leads) if each != person.id)
        nearest = next((each.id for each in above if each is not None and may(each, Right.HEAR_OF_PEOPLE)), None)
        readers = [nearest] if nearest is not None else [] if person.is_admin else admins
        for reader in readers if not person.is_disabled else ():
            told.setdefault(reader, []).append(person)
    return told
