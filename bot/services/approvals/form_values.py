"""What people write into the fields of a form, read as each wants it: in chat one by one, on a page all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.approvals.filling import value_of as plain_value
from bot.domain.approvals.route import ApprovalTemplate, FormField
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.services.approvals.courses import Standing
from bot.services.approvals.structure import person_id
from bot.services.people.people import People
from bot.services.unit_service import UnitService
from bot.text import Phrase, one_line, t
from bot.understanding.day_grammar import day_words
from bot.understanding.days import dates
from bot.understanding.phrases import Day
from bot.understanding.tokens import tokenise

MAX_TEXT = 1000
MISSING = t("Please fill this in.")
_LONGEST_ID = 18
_INSTEAD: dict[str, Phrase] = {
    "number": t("I read a number here, such as 150 000 or 12.5. Please write it in digits."),
    "money": t("I read a sum here, such as 150 000. Please write it in digits."),
    "date": t("I read a day here, such as 15.08.2026 or “tomorrow”. Please write it so."),
    "file": t("I need the file itself here. Please send it as a document or a picture."),
    "choice": t("Please choose one of the buttons."),
}
_ON_A_PAGE: dict[str, Phrase] = {
    "file": t("Please choose the file here."),
    "choice": t("Please choose one of the list."),
    "person": t("Please choose somebody of the list."),
}
"""Where a page asks in another way than chat does."""


class Unreadable(Exception):
    """The words are not what the field wants; `phrase` says what to write instead."""

    def __init__(self, phrase: Phrase) -> None:
        """Carry the sentence that the person will read."""
        super().__init__(phrase.message)
        self.phrase = phrase


@dataclass(frozen=True, slots=True)
class FilledForm:
    """What a form holds, and what is wrong with it, by the keys of its fields."""

    fields: Mapping[str, Any]
    errors: Mapping[str, Phrase] = field(default_factory=dict)


class FormValues(UnitService):
    """Reads the values of forms."""

    async def read(self, portal: Portal, reader: Employee, wanted: FormField, said: str, now: datetime) -> Any:
        """Return the value that words mean for a field; Unreadable where they mean none."""
        said = one_line(said)
        if len(said) > MAX_TEXT:
            raise Unreadable(t("That is too long: {most} characters at most, please.", most=MAX_TEXT))
        if wanted.type == "person":
            return person_id(portal, await People(self._uow).find(portal, said))
        value = plain_value(wanted, said)
        if value is None and wanted.type == "date":
            value = _day(said, reader, now)
        if value is None:
            raise Unreadable(_INSTEAD.get(wanted.type, t("A few words, please.")))
        return value

    async def read_all(
        self,
        portal: Portal,
        reader: Employee,
        form: Sequence[FormField],
        said: Mapping[str, str],
        files: Mapping[str, str],
        now: datetime,
    ) -> FilledForm:
        """Return what a whole form holds; people are named by their own id, `files` are hashes by their field."""
        fields: dict[str, Any] = {}
        errors: dict[str, Phrase] = {}
        for wanted in form:
            if wanted.type == "file":
                if wanted.key in files:
                    fields[wanted.key] = files[wanted.key]
                elif wanted.required:
                    errors[wanted.key] = _ON_A_PAGE["file"]
                continue
            words = said.get(wanted.key, "").strip()
            if not words:
                if wanted.required:
                    errors[wanted.key] = MISSING
                continue
            try:
                fields[wanted.key] = await self._on_a_page(portal, reader, wanted, words, now)
            except Unreadable as why:
                errors[wanted.key] = _ON_A_PAGE.get(wanted.type, why.phrase)
            except Refusal as why:
                errors[wanted.key] = why.phrase
        return FilledForm(fields, errors)

    async def _on_a_page(self, portal: Portal, reader: Employee, wanted: FormField, said: str, now: datetime) -> Any:
        if wanted.type != "person":
            return await self.read(portal, reader, wanted, said, now)
        number = int(said) if said.isascii() and said.isdecimal() and len(said) <= _LONGEST_ID + 1 else 0
        found = await self._uow.employees.get(portal.id, number) if 0 < number < 2**63 else None
        if found is None or found.is_disabled:
            raise Unreadable(_ON_A_PAGE["person"])
        return person_id(portal, found)


def written(wanted: FormField, value: Any, employees: Mapping[Any, Employee]) -> str:
    """Return a value as a page's field has it, so that it is read back the same."""
    if value is None or wanted.type == "file":
        return ""
    if wanted.type == "person":
        return str(found.id) if (found := employees.get(value)) is not None else ""
    return str(value)


def asked_before(standing: Standing, template: ApprovalTemplate) -> dict[str, Any]:
    """Return what a request holds of the fields that the form of a template still has as they were; no files."""
    before = {each.key: each for each in standing.template.form}
    return {
        each.key: standing.running.subject[each.key]
        for each in template.form
        if each.key in standing.running.subject
        and each.type != "file"
        and each.key in before
        and (each.type, each.choices) == (before[each.key].type, before[each.key].choices)
    }


def _day(said: str, reader: Employee, now: datetime) -> str | None:
    """Return a day said in words, the nearest to come."""
    tokens = tokenise(said)
    found = day_words(tokens, 0) if tokens else None
    if found is None or found[1] != len(tokens) or len(found[0]) != 1 or not isinstance(found[0][0], Day):
        return None
    meant = dates(found[0][0], reader.today(now), ahead=True)
    return meant[0].isoformat() if len(meant) == 1 else None
