"""Who calls."""

from bot.api.operation import Call, Operation
from bot.api.operations.people import person_form
from bot.api.schemas.base import utc
from bot.api.schemas.people import KeyForm, Me, PortalForm
from bot.domain.people.api_key import Scope
from bot.domain.rights import Right, reach
from bot.services.people.departments import Departments

ME = Operation("GET", "/me", Scope.ME, answers=Me)


@ME.run
async def me(call: Call, departments: Departments) -> Me:
    """Tell who calls, what they may do, and until when the key works."""
    reader, portal = call.reader, call.portal
    places = await departments.places(portal, reader.person.today(call.now))
    key = reader.key
    return Me(
        person=None if reader.is_service else person_form(reader.person, places),
        role=reader.person.role,
        rights={each.value: reach(reader.person, each).name.lower() for each in Right},
        portal=PortalForm(
            id=str(portal.id), name=portal.name, zone=portal.zone, locale=portal.locale, country=portal.country
        ),
        key=None
        if reader.is_session
        else KeyForm(
            name=key.name,
            prefix=key.prefix,
            is_service=key.is_service,
            scopes=sorted(key.scopes),
            expires_at=utc(key.expires_at),
        ),
    )


OPERATIONS = (ME,)
