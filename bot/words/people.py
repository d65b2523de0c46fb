"""How a person is named."""

from bot.domain.people.employee import Employee
from bot.text import Mention


def mention(person: Employee) -> Mention:
    """Return the person as a link where the reader's channel knows them."""
    return Mention(person.name, person.accounts)
