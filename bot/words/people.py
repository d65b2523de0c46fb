"""How a person is named."""

from bot.domain.people.employee import Employee, Role
from bot.text import Mention, Phrase, t


def role_word(role: Role) -> Phrase:
    """Say what somebody may do beyond their own day."""
    match role:
        case Role.ADMIN:
            return t("administrator")
        case Role.LEAD:
            return t("lead")
        case Role.ACCOUNTANT:
            return t("accountant")
        case Role.EMPLOYEE:
            return t("employee")


def mention(person: Employee) -> Mention:
    """Return the person as a link where the reader's channel knows them."""
    return Mention(person.name, person.accounts)


def named(person: Employee | None) -> Mention | Phrase:
    """Return the person as a link, and one who is not known as somebody."""
    return t("somebody") if person is None else mention(person)
