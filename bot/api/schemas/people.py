"""People as programs see them."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.api.schemas.base import Given, GivenDay, Id, Listed, OwnId, Shown, Version
from bot.domain.people.api_key import Scope
from bot.domain.people.employee import Role


class ChannelForm(Shown):
    """A messenger where somebody is reached."""

    channel: str
    is_reachable: bool


class PersonForm(Shown):
    """A person of the company."""

    id: OwnId
    name: str
    paper_name: str = Field(description="As on papers; empty where the portal does not tell the parts of the name")
    role: Role
    lead_id: OwnId | None
    department_id: OwnId | None
    zone: str
    locale: str
    is_disabled: bool
    channels: list[ChannelForm]
    version: Version


class PersonDetails(PersonForm):
    """A person with what only few may see of them."""

    personnel_number: str | None = Field(description="Null where you may not see it, or there is none")
    hired_on: date | None
    substitute_id: OwnId | None
    substitute_until: date | None


class People(Shown):
    """A page of people, by name."""

    items: list[PersonForm]
    next: str | None


class PeopleQuery(Listed):
    """Which people."""

    q: Annotated[str | None, Field(max_length=100, description="Part of the name")] = None
    department: Annotated[Id | None, Field(description="The department's id; those below it count")] = None
    role: Role | None = None
    state: Annotated[str | None, Field(pattern="^(active|disabled|all)$", description="`active` by default")] = None


class PersonChange(Given):
    """What changes about a person; what is left out stays."""

    role: Role | None = None
    is_disabled: bool | None = None
    personnel_number: Annotated[str | None, Field(min_length=1, max_length=20)] = None
    hired_on: GivenDay | None = None
    substitute_id: Annotated[
        Id | None, Field(description="Who stands in from today on; null that nobody does any more")
    ] = None
    substitute_until: Annotated[GivenDay | None, Field(description="The last day; null until it is taken back")] = None

    @model_validator(mode="after")
    def _until_with_whom(self) -> Self:
        if self.substitute_until is not None and self.substitute_id is None:
            raise ValueError("substitute_id")
        return self


class DepartmentForm(Shown):
    """A department."""

    id: OwnId
    name: str
    parent_id: OwnId | None
    head_id: OwnId | None


class Departments(Shown):
    """All departments, by name."""

    items: list[DepartmentForm]
    next: None


class KeyForm(Shown):
    """The key by which the call was made; never the key itself."""

    name: str
    prefix: str
    is_service: bool
    scopes: list[Scope]
    expires_at: datetime


class PortalForm(Shown):
    """The company's portal."""

    id: OwnId
    name: str
    zone: str
    locale: str
    country: str


class Me(Shown):
    """Who calls, and what they may do."""

    person: PersonForm | None = Field(description="Null for a key that acts for the portal")
    role: Role
    rights: dict[str, str] = Field(description="Each right, and about whom: `nobody`, `own`, `below`, `all`")
    portal: PortalForm
    key: KeyForm | None = Field(description="Null for a page of the application, in a session of its own")


class PresenceForm(Shown):
    """Where somebody is now; why somebody is away only those read who may see their hours."""

    person_id: OwnId
    name: str
    state: str = Field(description="`work`, `break`, `away` or `off`")
    since: datetime | None = Field(description="When the work or the break began; null where you may not see it")
    is_remote: bool
    absence_kind: str | None
    away_until: date | None
    expected_at: datetime | None = Field(description="Of who said that they come later")


class Presences(Shown):
    """Everybody who works here, the nearest colleagues first."""

    items: list[PresenceForm]
    next: None
