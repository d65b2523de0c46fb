"""One option of a portal: how its value is read, heard, kept and said."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar

from bot.domain.errors import Refusal
from bot.domain.portal import Portal
from bot.text import Phrase, t
from bot.understanding.written import yes_or_no

V = TypeVar("V")


class WrongOption(Refusal):
    """A value that an option cannot have."""

    code = "wrong_option"


@dataclass(frozen=True, slots=True)
class Option(ABC, Generic[V]):
    """Something that an administrator sets. A row of the database that cannot be counts as not set."""

    key: str
    """Its name in `Portal.options`."""
    title: Phrase
    """A few words, for a button."""
    question: Phrase
    """What is asked, with an example of an answer."""
    presets: Sequence[str] = ()
    """Answers that are offered as buttons."""

    @abstractmethod
    def of(self, portal: Portal) -> V:
        """Return what counts on a portal now."""

    @abstractmethod
    def heard(self, said: str, portal: Portal, today: date) -> V:
        """Return the value that somebody wrote; WrongOption where it is none."""

    @abstractmethod
    def words(self, value: V) -> Phrase:
        """Say a value."""

    def is_told(self, portal: Portal) -> bool:
        """Whether what counts is worth a line among the others; its button is always there."""
        del portal
        return True

    @property
    def is_choice(self) -> bool:
        """Whether the presets are all the values there are."""
        return False

    def written(self, value: V, portal: Portal) -> str:
        """Return a value as one would write it, without a colon for a button to hold it; nothing where it cannot be."""
        del portal
        return str(value)

    def put(self, portal: Portal, value: V) -> Portal:
        """Return the portal with that value."""
        return replace(portal, options={**portal.options, self.key: self._stored(value)})

    def _stored(self, value: V) -> Any:
        """Return the JSON form of a value."""
        return value


@dataclass(frozen=True, slots=True)
class YesOrNo(Option[bool], ABC):
    """What is switched on or is not; off where nobody said anything."""

    def of(self, portal: Portal) -> bool:
        """Return whether it is on."""
        return portal.options.get(self.key) is True

    @property
    def is_choice(self) -> bool:
        """Whether the presets are all there is: they are."""
        return True

    def heard(self, said: str, portal: Portal, today: date) -> bool:
        """Return what somebody wrote."""
        del portal, today
        found = yes_or_no(said)
        if found is None:
            raise WrongOption(t("Write yes or no, please."))
        return found

    def written(self, value: bool, portal: Portal) -> str:
        """Return it as one would write it."""
        del portal
        return "yes" if value else "no"
