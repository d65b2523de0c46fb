"""What a business process says beside its document, put into the fields of a template's form."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.approvals.asked_by_process import APPROVERS
from bot.domain.approvals.filling import field_called, missing, number_in, value_of
from bot.domain.approvals.named_fields import field_names
from bot.domain.approvals.read_fields import amount_field, title_key
from bot.domain.approvals.route import ApprovalTemplate, FormField
from bot.domain.approvals.told import titled
from bot.domain.automation.process import ProcessCall, accounts_in
from bot.ports import PortalObject
from bot.services.approvals.asked_for import fields_said
from bot.services.approvals.structure import PortalStructure

TEMPLATE, SUBJECT, AMOUNT, FIELDS, INITIATOR = "template", "subject", "amount", "fields", "initiator"
"""Names of the robot's properties, beside that of who is asked."""
_LONGEST: Final = 1_000


class CannotAsk(Exception):
    """Why a process is answered at once that nobody was asked; `code` names a sentence, `name` what it is of."""

    def __init__(self, code: str, name: str = "") -> None:
        """Say why."""
        super().__init__(code)
        self.code = code
        self.name = name


def said(call: ProcessCall, name: str) -> str:
    """Return a property as one text; "" where the designer left it empty."""
    value = call.properties.get(name, "")
    return (", ".join(value) if isinstance(value, list) else str(value)).strip()


def filled(
    call: ProcessCall,
    template: ApprovalTemplate,
    document: PortalObject | None,
    structure: PortalStructure,
    locale: str,
) -> dict[str, Any]:
    """Return the fields of a request; CannotAsk where one that is needed is missing, or names nobody we know."""
    form = template.form
    fields = _people(form, _lines(form, call), structure)
    title = document.title if document is not None else ""
    for name, words in fields_said(form, {"text": said(call, SUBJECT) or title}).items():
        if words:
            fields.setdefault(name, words[:_LONGEST])
    amount = amount_field(form)
    if amount is not None:
        given = number_in(said(call, AMOUNT)) if said(call, AMOUNT) else None
        if said(call, AMOUNT) and given is None:
            raise CannotAsk("value_unreadable", said(call, AMOUNT)[:60])
        of_document = document.amount if document is not None else None
        if (value := given if given is not None else of_document) is not None:
            fields.setdefault(amount.key, value)
    ref = call.about
    about = next((each for each in form if each.type == "deal"), None)
    if ref is not None and ref.kind == "deal" and about is not None and about.key not in fields:
        fields[about.key] = str(ref.number)
        if title:
            fields[title_key(about)] = title
    _approvers(call, template, fields, structure)
    lacking = missing(form, fields)
    if lacking:
        raise CannotAsk("field_missing", ", ".join(titled(each.title, each.key, locale) for each in lacking))
    return fields


def _lines(form: list[FormField], call: ProcessCall) -> dict[str, Any]:
    """Return the fields that lines of `Name: value` fill; a line without a value is of an empty variable."""
    value = call.properties.get(FIELDS, "")
    written = "\n".join(value) if isinstance(value, list) else str(value)
    fields: dict[str, Any] = {}
    for line in filter(None, map(str.strip, written.splitlines())):
        name, _, words = line.partition(":")
        field = field_called(form, name)
        if field is None:
            raise CannotAsk("unknown_field", line[:60])
        if not words.strip():
            continue
        read = value_of(field, words[:_LONGEST])
        if read is None:
            raise CannotAsk("value_unreadable", line[:60])
        fields[field.key] = read
    return fields


def _people(form: list[FormField], fields: Mapping[str, Any], structure: PortalStructure) -> dict[str, Any]:
    """Return the fields with people by the ids that routes know."""
    people = {each.key for each in form if each.type == "person"}
    return {
        name: persons(str(value), structure)[0] if name in people and value else value for name, value in fields.items()
    }


def _approvers(
    call: ProcessCall, template: ApprovalTemplate, fields: dict[str, Any], structure: PortalStructure
) -> None:
    """Say whom the process wants to be asked, where its template lets the field `approvers` say that."""
    named = call.properties.get(APPROVERS)
    if not named:
        return
    if all(path != APPROVERS for _, path in field_names(template.route)):
        raise CannotAsk("approvers_not_taken")
    fields[APPROVERS] = persons(named, structure)


def persons(value: Any, structure: PortalStructure) -> list[Any]:
    """Return who is named, each by the id that routes know; CannotAsk where we do not know one of them."""
    found = []
    for each in accounts_in(value):
        person = structure.employee(int(each)) if each.isascii() and each.isdecimal() else None
        if person is None:
            raise CannotAsk("unknown_person", each[:60])
        found.append(int(each))
    if not found:
        raise CannotAsk("unknown_person", str(value)[:60])
    return found
