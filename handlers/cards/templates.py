"""The cards of templates: the list, one of them, and a trial, with what can be done with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.actions import Action
from bot.domain.approvals.condition import comparisons
from bot.domain.approvals.lacking import Lack, LackKind
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.told import Names, Telling
from bot.domain.people.employee import Employee
from bot.messages import Button, Keyboard
from bot.services.approvals.structure import PortalStructure
from bot.services.approvals.templates import KeptTemplate, Tried
from bot.text import Lines, Phrase, t, verbatim
from bot.words.templates import built_in_lines, template_lines, templates_lines, title_of, tried_lines, value_words

_MOST_TRIALS = 4
BUILT_IN = "built"


@dataclass(frozen=True, slots=True)
class TemplatePressed(Action, code="tm"):
    """Do something with a template: show, on, off, file, try, fill; of the key "" show all, or those built in."""

    key: str
    do: str


@dataclass(frozen=True, slots=True)
class TrialPressed(Action, code="tt"):
    """Try a template with the value by which its n-th comparison holds; -1: with none."""

    key: str
    number: int


def template_buttons(kept: KeptTemplate, missing: Sequence[Lack]) -> Keyboard:
    """Offer what can be done with a template now."""
    key = kept.key
    file = Button(t("📎 File"), TemplatePressed(key, "file"))
    if kept.is_built_in:
        return Keyboard.of(file, Button(t("🔒 Built-in routes"), TemplatePressed("", BUILT_IN)))
    fill = Button(t("✏️ Fill in"), TemplatePressed(key, "fill"), style="primary")
    on = Button(t("🟢 Switch on"), TemplatePressed(key, "on"), style="success")
    off = Button(t("⚪️ Switch off"), TemplatePressed(key, "off"))
    has_blank = any(each.kind is LackKind.BLANK for each in missing)
    is_newest_on = kept.newest.is_on
    return Keyboard.of(
        fill if has_blank else None,
        tuple(each for each in (on if not missing and not is_newest_on else None, off if kept.on else None) if each),
        (
            Button(t("🔎 Who would get this?"), TemplatePressed(key, "try")),
            file,
        ),
        Button(t("All templates"), TemplatePressed("", "show")),
    )  # fmt: skip


def trials(template: ApprovalTemplate) -> list[tuple[str, Any]]:
    """Return fields with values by which one condition after the other holds."""
    found: list[tuple[str, Any]] = []
    for stage in template.route.stages:
        for each in comparisons(stage.when):
            value = each.value
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                continue
            if isinstance(value, int | float) and each.test == "gt":
                value = value + 1
            if each.test in {"ge", "gt", "eq"} and (each.field, value) not in found:
                found.append((each.field, value))
    return found[:_MOST_TRIALS]


def trial_buttons(kept: KeptTemplate, locale: str) -> Keyboard:
    """Offer values by which the conditions hold, and none."""
    told = Telling(kept.template, Names(), locale)
    rows = [
        Button(t("{field}: {value}", field=told.field(key), value=value_words(value)), TrialPressed(kept.key, number))
        for number, (key, value) in enumerate(trials(kept.template))
    ]
    return Keyboard.of(*rows, Button(t("Nothing special"), TrialPressed(kept.key, -1)))


def templates_list(kept: Sequence[KeptTemplate], locale: str) -> tuple[Lines, Keyboard]:
    """List every template with its state, a button for each."""
    buttons = [Button(verbatim(title_of(each, locale)), TemplatePressed(each.key, "show")) for each in kept[:20]]
    pairs = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    more = Button(t("🔒 Built-in routes"), TemplatePressed("", BUILT_IN))
    return templates_lines(kept, locale), Keyboard.of(*pairs, more)


def built_in_list(kept: Sequence[KeptTemplate], locale: str) -> tuple[Lines, Keyboard]:
    """List the routes that are built in, a button for each."""
    buttons = [Button(verbatim(title_of(each, locale)), TemplatePressed(each.key, "show")) for each in kept]
    back = Button(t("All templates"), TemplatePressed("", "show"))
    return built_in_lines(kept, locale), Keyboard.of(*buttons, back)


def template_card(
    kept: KeptTemplate, structure: PortalStructure, missing: Sequence[Lack], mistakes: Sequence[Phrase], locale: str
) -> tuple[Lines, Keyboard]:
    """Show a template in sentences, with what can be done with it."""
    return template_lines(kept, structure, missing, mistakes, locale), template_buttons(kept, missing)


def tried_card(
    kept: KeptTemplate, tried: Tried, person: Employee, fields: Mapping[str, Any], locale: str
) -> tuple[Lines, Keyboard]:
    """Say who would be asked, with the way back."""
    back = Button(t("Back to the template"), TemplatePressed(kept.key, "show"))
    return tried_lines(kept, tried, person, fields, locale), Keyboard.of(back)
