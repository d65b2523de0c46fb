"""The accounts of the portal: the people of the sandbox, and two strangers whom a caller must know to leave out."""

from dataclasses import dataclass
from datetime import date

from bot.sandbox.companies import Company, SandboxPerson

INACTIVE_USER_ID = 790_001
EXTRANET_USER_ID = 790_002


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the portal; `zone` is empty where the portal's own zone is in force."""

    id: int
    first_name: str
    last_name: str
    zone: str
    position: str = ""
    departments: tuple[int, ...] = ()
    is_active: bool = True
    is_admin: bool = False
    type: str = "employee"
    person: SandboxPerson | None = None
    hired_on: date | None = None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


def accounts(company: Company) -> dict[int, Account]:
    """Return every account by its id, in the order of ids: people, a dismissed employee and an extranet guest."""
    found = [
        Account(
            person.bitrix24_user_id,
            person.first_name,
            person.last_name,
            person.zone,
            person.position,
            person.departments,
            is_admin=person.is_portal_admin,
            person=person,
            hired_on=person.hired_on,
        )
        for person in company.people
    ]
    first_department = company.departments[0].id if company.departments else 1
    found.append(Account(INACTIVE_USER_ID, "Виктор", "Уволенный", "", "Менеджер", (first_department,), is_active=False))
    found.append(Account(EXTRANET_USER_ID, "Галина", "Внешняя", "", type="extranet"))
    return {account.id: account for account in sorted(found, key=lambda each: each.id)}
