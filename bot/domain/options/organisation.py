"""Options that stand at the head of form Т-13: the organisation and its code."""

from dataclasses import dataclass
from datetime import date

from bot.domain.options.option import Option, WrongOption
from bot.domain.people.employee import clean_name
from bot.domain.portal import Portal
from bot.domain.reports.okpo import is_okpo
from bot.text import Phrase, t, verbatim

_LONGEST_SAID = 20


@dataclass(frozen=True, slots=True)
class _Text(Option[str]):
    """A text that is empty until it is set."""

    def of(self, portal: Portal) -> str:
        found = portal.options.get(self.key, "")
        return clean_name(found) if isinstance(found, str) else ""

    def words(self, value: str) -> Phrase:
        return verbatim(value) if value else t("not set yet")


@dataclass(frozen=True, slots=True)
class _Organisation(_Text):
    def heard(self, said: str, portal: Portal, today: date) -> str:
        del portal, today
        name = clean_name(said)
        if not name:
            raise WrongOption(t("Write the name of the organisation, please."))
        return name


@dataclass(frozen=True, slots=True)
class _Okpo(_Text):
    def heard(self, said: str, portal: Portal, today: date) -> str:
        del portal, today
        code = said.replace(" ", "")
        if not is_okpo(code):
            shown = code[:_LONGEST_SAID]
            raise WrongOption(t("“{code}” is not an OKPO code: it has 8 or 10 digits. Please check it.", code=shown))
        return code


ORGANISATION = _Organisation(
    "organisation",
    t("🏢 Organisation"),
    t("What is the organisation called? As in its papers, for example: ООО «Ромашка»"),
)
OKPO = _Okpo("okpo", t("🔢 OKPO"), t("Which OKPO code stands at the head of form T-13? 8 or 10 digits."))
