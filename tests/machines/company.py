"""A company for the machine: one that can be restarted on its file, and that counts what each chat was shown."""

from collections import Counter
from pathlib import Path

from bot.messages import Button, Outgoing, Receipt
from tests.people import Bubble, Company, Person


class RestartedCompany(Company):
    """A company whose service is stopped and started again on the same file."""

    def __init__(self, folder: Path) -> None:
        """Begin with nothing shown."""
        super().__init__(folder)
        self.showings: Counter[tuple[str, str]] = Counter()

    def visible(self) -> list[tuple[Person, Bubble, str, Button]]:
        """Return every button that anybody sees now, in a stable order."""
        return [
            (person, bubble, label, button)
            for _, person in sorted(self.people.items())
            for bubble in person.chat
            for label, button in bubble.buttons.items()
            if button.action is not None
        ]

    def _show(self, outgoing: Outgoing) -> Receipt:
        self.showings[outgoing.to.channel, outgoing.to.conversation] += 1
        return super()._show(outgoing)
