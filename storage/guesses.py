"""Who an account probably is: whoever it was last time. A guess says what to read along, and is never believed."""

from typing import NamedTuple

from bot.domain.people.employee import Employee

_MANY = 10_000
Account = tuple[str, str, str]


class Guess(NamedTuple):
    """A person as they were, and whether anything was planned for them."""

    employee: Employee
    is_planned: bool


class Guesses:
    """The last people of accounts, a bounded number."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[Account, Guess] = {}

    def of(self, account: Account) -> Guess | None:
        """Return who that probably is."""
        return self._known.get(account)

    def note(self, account: Account, employee: Employee, *, is_planned: bool) -> None:
        """Remember who it was this time; the account that came first gives way."""
        if len(self._known) >= _MANY and account not in self._known:
            del self._known[next(iter(self._known))]
        self._known[account] = Guess(employee, is_planned)
