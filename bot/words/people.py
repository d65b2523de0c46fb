"""How a person is named."""

from bot.domain.people.employee import Employee
from bot.text import Mention, Phrase, t


def mention(person: Employee) -> Mention:
    """Return the person as a link where the reader's channel knows them."""
    return Mention(person.name, person.accounts)


def named(person: Employee | None) -> Mention | Phrase:
    """Return the person as a link, and one who is not known as somebody."""
    return t("somebody") if person is None else mention(person)
