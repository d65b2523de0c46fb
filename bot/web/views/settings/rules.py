"""Rules of the portal: listed, read in sentences, written by a form or as JSON, tried, kept, switched and deleted."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ConfigDict

from bot.domain.approvals.lines import NotJson, parsed
from bot.domain.automation.portal_object import OBJECT_KINDS, ObjectKind, ObjectRef
from bot.domain.automation.rule import AutomationRule, RuleState, RuleVersion
from bot.domain.automation.rule_reading import BadRule, read_rule, rule_warnings
from bot.domain.automation.rule_sentences import RuleNames, rule_sentences
from bot.domain.automation.task_status import TASK_STATUSES
from bot.domain.errors import BadForm
from bot.domain.rights import Right, check
from bot.i18n import LOCALES, Translator
from bot.services.approvals.templates import Templates
from bot.services.automation.drafting import Drafting
from bot.services.automation.kept_rules import (
    LARGEST,
    FaultyRule,
    KeptRule,
    KeptRules,
    RuleChanged,
    UnknownRule,
    document_of,
    file_of,
    read_rule_file,
    rule_title,
)
from bot.text import DayTime, t, verbatim
from bot.web.forms import Form
from bot.web.rule_form import DEEDS, MOST_CONDITIONS, MOST_DEEDS, fields_of, form_of, is_sayable
from bot.web.settings import SETTINGS, settings_page
from bot.web.visit import Download, Go, NotFound, Page, Visit
from bot.words.rules import object_words, rule_trouble, would_lines

_ADDRESS: Final = f"{SETTINGS}/rules"
NEW: Final = "-"
"""Stands in the address of a rule that is not kept yet; no rule has such a key."""
_TITLE: Final = 100
_LENGTHS: Final = ("4wh", "1wd", "2wd", "3wd", "5wd")
KINDS: Final = {
    "deal": t("a deal"),
    "lead": t("a lead"),
    "task": t("a task"),
    "smart_process": t("an element of a smart process"),
}
EVENTS: Final = {"changed": t("is changed"), "added": t("is added"), "deleted": t("is deleted")}
_TESTS: Final = {
    "eq": t("is"), "ne": t("is not"), "ge": t("is at least"), "le": t("is at most"), "gt": t("is more than"),
    "lt": t("is less than"), "in": t("is one of (by commas)"), "changed": t("has changed"), "empty": t("is empty"),
}  # fmt: skip
_DEEDS: Final = {
    "approve": t("ask for approval"), "task": t("make a task"), "deal": t("make a deal"),
    "stage": t("move it to a stage"), "update": t("change its fields"), "notify": t("notify somebody"),
    "comment": t("write a comment"), "process": t("start a business process"),
    "tell_request": t("tell the request that it belongs to"),
}  # fmt: skip
_PEOPLE: Final = {
    "responsible": t("whoever is responsible"), "mover": t("whoever did it"),
    "head": t("the head of whoever is responsible"), "head_mover": t("the head of whoever did it"),
    "person": t("one person"), "field": t("whoever stands in a field"),
}  # fmt: skip


_STATES: Final = {True: t("switched on"), False: t("switched off")}


class Fields(Form):
    """Whatever the form of a rule has: which conditions and deeds those are, it says itself."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=False)


class Wish(Form):
    """Whether a rule is to be on, off, or deleted."""

    wanted: str


async def rules(visit: Visit, kept: KeptRules) -> Page:
    """List the rules, each with its state, and what makes a new one."""
    locale = visit.reader.locale
    found = []
    for each in await kept.all_of(visit.portal):
        trigger, *deeds = rule_sentences(each.rule, await kept.names(visit.portal, each.rule, locale, visit.now))
        found.append(
            {
                "path": f"{_ADDRESS}/{each.key}",
                "title": rule_title(each.rule, locale),
                "trigger": trigger,
                "deeds": deeds,
                "kind": "ok" if each.version.is_on else "no",
                "state": _STATES[each.version.is_on],
                "trouble": rule_trouble(each.version.trouble) if each.version.trouble else None,
            }
        )
    values = {"rules": found, "kinds": KINDS, "new": f"{_ADDRESS}/{NEW}"}
    return settings_page(visit, "rules", "settings/rules.html", values)


async def rule(visit: Visit, kept: KeptRules, templates: Templates, drafting: Drafting) -> Page:
    """Show a rule, or begin one; after a refusal what was typed stands in its fields."""
    found = await _kept(visit, kept)
    if visit.typed and "wanted" not in visit.typed:
        return await _Desk(visit, kept, templates, drafting, found).page(visit.typed)
    if found is None:
        kind = visit.query.get("object", "deal")
        return await _Desk(visit, kept, templates, drafting, None).page(
            {"object": kind if kind in OBJECT_KINDS else "deal", "event": "changed", "d0_do": "approve"}
        )
    return await _Desk(visit, kept, templates, drafting, found).page(_shown_fields(found.rule))


async def draft(visit: Visit, form: Fields, kept: KeptRules, templates: Templates, drafting: Drafting) -> Page:
    """Show the form with one more thing to do, or for other objects; nothing is kept."""
    desk = _Desk(visit, kept, templates, drafting, await _kept(visit, kept))
    return await desk.page(_with_added(_said(form)))


async def look(visit: Visit, form: Fields, kept: KeptRules, templates: Templates, drafting: Drafting) -> Page:
    """Read a rule aloud, with what is wrong with it or likely a mistake; nothing is kept."""
    desk = _Desk(visit, kept, templates, drafting, await _kept(visit, kept))
    return await desk.page(_said(form), is_checked=True)


async def attempt(visit: Visit, form: Fields, kept: KeptRules, templates: Templates, drafting: Drafting) -> Page:
    """Say what the rule would do with an object as it is now; nothing is done."""
    desk = _Desk(visit, kept, templates, drafting, await _kept(visit, kept))
    return await desk.page(_said(form), is_checked=True, is_tried=True)


async def publish(visit: Visit, form: Fields, kept: KeptRules, templates: Templates, drafting: Drafting) -> Go:
    """Keep the rule as a new version, which is on from now on."""
    found = await _kept(visit, kept)
    if found is not None and _said(form).get("seen") != found.seen:
        raise RuleChanged
    desk = _Desk(visit, kept, templates, drafting, found)
    made = await desk.read(_said(form))
    if desk.found is None and not form.model_dump().get("json"):
        made = made.model_copy(update={"key": await drafting.new_key(visit.portal, made)})
    done = await kept.keep(visit.reader, visit.portal, made, visit.now)
    return Go(
        f"{_ADDRESS}/{done.key}", t("✅ Kept as version {version}. It works from now on.", version=done.version.version)
    )


async def stop(visit: Visit, form: Wish, kept: KeptRules) -> Go:
    """Switch a rule off or on, or delete it; what it caused goes on."""
    key = visit.path["key"]
    title = rule_title((await kept.get(visit.portal, key)).rule, visit.reader.locale)
    match form.wanted:
        case "on" | "off" as wanted:
            await kept.switch(visit.reader, visit.portal, key, visit.now, is_on=wanted == "on")
            said = t("🟢 {title}: on", title=title) if wanted == "on" else t("⚪️ {title}: off", title=title)
            return Go(f"{_ADDRESS}/{key}", said)
        case "gone":
            await kept.delete(visit.reader, visit.portal, key, visit.now)
            return Go(_ADDRESS, t("🗑 Deleted: *{title}*.", title=title))
        case _:
            raise BadForm(t("Say whether it is to be on, off, or deleted."), "wanted")


async def file(visit: Visit, kept: KeptRules) -> Download:
    """Give a rule as a JSON file."""
    found = await _kept(visit, kept)
    if found is None:
        raise NotFound
    return Download(f"{found.key}-{found.version.version}.json", "application/json", file_of(found.rule))


async def _kept(visit: Visit, kept: KeptRules) -> KeptRule | None:
    check(visit.reader, Right.KEEP_RULES)
    if visit.path["key"] == NEW:
        return None
    try:
        return await kept.get(visit.portal, visit.path["key"])
    except UnknownRule:
        raise NotFound from None


def _said(form: Fields) -> dict[str, str]:
    fields = {name: str(value) for name, value in form.model_dump().items()}
    if any(len(value) > LARGEST for value in fields.values()):
        raise BadForm(t("That is longer than fits here. Please say it in fewer words."))
    return {name: value if name == "json" else value.strip() for name, value in fields.items()}


def _with_added(fields: dict[str, str]) -> dict[str, str]:
    added = fields.pop("add", "")
    free = next((each for each in range(MOST_DEEDS) if not fields.get(f"d{each}_do")), None)
    return {**fields, f"d{free}_do": added} if added in DEEDS and free is not None else fields


def _shown_fields(rule: AutomationRule) -> dict[str, str]:
    titles = json.dumps({str(name): text for name, text in rule.title.items()}, ensure_ascii=False)
    if is_sayable(rule):
        return {**fields_of(rule), "titles": titles}
    return {"json": file_of(rule).decode()}


class _Desk:
    """One rule that is being written, with what it is checked against."""

    def __init__(
        self, visit: Visit, kept: KeptRules, templates: Templates, drafting: Drafting, found: KeptRule | None
    ) -> None:
        self.visit = visit
        self.found = found
        self._kept = kept
        self._templates = templates
        self._drafting = drafting

    async def read(self, fields: Mapping[str, str]) -> AutomationRule:
        """Return the rule that was written; a Refusal says what is wrong."""
        if text := fields.get("json", "").strip():
            made = read_rule_file(text.encode())
            return made if self.found is None else made.model_copy(update={"key": self.found.key})
        try:
            return await self._of_form(fields)
        except BadRule as bad:
            raise FaultyRule(bad.faults) from None

    async def _of_form(self, fields: Mapping[str, str]) -> AutomationRule:
        locale, said = self.visit.reader.locale, fields.get("title", "").strip()
        titles = _titles_before(fields)
        fields = await self._with_accounts(fields)
        key = "draft" if self.found is None else self.found.key
        if said:
            titles[locale] = said
        made = read_rule(form_of(fields, key=key, titles=titles or {locale: "…"}))
        if said or _titles_before(fields):
            return made
        return made.model_copy(update={"title": await self._titles(made)})

    async def _titles(self, made: AutomationRule) -> dict[str, str]:
        """Return what a rule is called that was given no name: when it holds, and what is done first."""
        told = {}
        for locale in LOCALES:
            names = await self._kept.names(self.visit.portal, made, locale, self.visit.now)
            translator = Translator(locale, self.visit.portal.zone, self.visit.now)
            trigger, deed, *_ = (translator.plain(each) for each in rule_sentences(made, names))
            told[locale] = f"{trigger} {deed}".strip().rstrip(".")[:_TITLE]
        return told

    async def _with_accounts(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Return the fields with the accounts of those people who were named."""
        whole = dict(fields)
        for number in range(MOST_DEEDS):
            said = fields.get(f"d{number}_whom", "")
            if fields.get(f"d{number}_who") == "person" and said and not said.isdecimal():
                whole[f"d{number}_whom"] = str(await self._drafting.account_of(self.visit.portal, said))
        return whole

    async def page(self, fields: Mapping[str, str], *, is_checked: bool = False, is_tried: bool = False) -> Page:
        """Return the page with these fields, and what a look at them brought."""
        visit, locale = self.visit, self.visit.reader.locale
        refused = visit.refused.faults if isinstance(visit.refused, FaultyRule) else ()
        faults = [each.sentence for each in refused]
        values: dict[str, Any] = {"faults": faults, "warnings": (), "sentences": (), "would": None}
        made = self.found.rule if self.found is not None and not (is_checked or visit.typed) else None
        if is_checked:
            made = await self._looked_at(fields, values)
        if made is not None:
            names = await self._kept.names(visit.portal, made, locale, visit.now)
            values["sentences"] = rule_sentences(made, names)
            if is_checked:
                gone = await self._kept.gone_fields(visit.portal, made)
                unknown = [t("The portal has no such fields: {fields}.", fields=", ".join(gone))] if gone else []
                values["warnings"] = [*(each.sentence for each in rule_warnings(made)), *unknown]
            if is_tried:
                values["would"] = await self._would(made, names, fields.get("number", ""))
        if fields.get("json") and made is not None and is_checked and is_sayable(made):
            fields = {**_shown_fields(made), "title": rule_title(made, locale), "number": fields.get("number", "")}
        title = t("New rule") if self.found is None else verbatim(rule_title(self.found.rule, locale))
        values |= await self._form(fields)
        values |= await self._state()
        now = "" if self.found is None else self.found.seen
        values["seen"] = now if isinstance(visit.refused, RuleChanged) else fields.get("seen", now)
        return settings_page(visit, "rules", "settings/rule.html", values, title)

    async def _looked_at(self, fields: Mapping[str, str], values: dict[str, Any]) -> AutomationRule | None:
        try:
            if fields.get("json", "").strip():
                return await self.read(fields)
            return await self._of_form(fields)
        except BadRule as bad:
            values["faults"] = [each.sentence for each in bad.faults]
        return None

    async def _would(self, made: AutomationRule, names: RuleNames, said: str) -> Any:
        if not (said.isascii() and said.isdecimal() and len(said) < 16):
            raise BadForm(t("Write the number of the object to try it on, please."), "number")
        now = self.visit.now
        version = RuleVersion(self.visit.portal.id, made.key, made.version, document_of(made), RuleState.OFF, now)
        ref = ObjectRef(made.object.kind, int(said), made.object.type_id)
        values, told = await self._kept.tried(self.visit.portal, ref, now, KeptRule(version, made))
        return would_lines(told, {made.key: names}, values, self.visit.reader.locale)

    async def _state(self) -> dict[str, Any]:
        if self.found is None:
            return {"version": None, "address": f"{_ADDRESS}/{NEW}", "held": (), "trouble": None}
        version = self.found.version
        held = await self._kept.latest(self.visit.portal, self.found)
        return {
            "version": version,
            "state": _STATES[version.is_on],
            "address": f"{_ADDRESS}/{version.key}",
            "held": [(DayTime(each.at), object_words(each.object)) for each in held],
            "trouble": rule_trouble(version.trouble) if version.trouble else None,
        }

    async def _form(self, fields: Mapping[str, str]) -> dict[str, Any]:
        visit, locale = self.visit, self.visit.reader.locale
        if fields.get("json"):
            return {"json": fields["json"], "form": fields}
        kind, type_id = _kind(fields), fields.get("type_id", "")
        number = int(type_id) if type_id.isascii() and type_id.isdecimal() and len(type_id) < 8 else 0
        stages = await self._stages(kind, number, locale)
        shown = sum(bool(fields.get(f"c{each}_field")) for each in range(MOST_CONDITIONS))
        title = fields.get("title") or (rule_title(self.found.rule, locale) if self.found is not None else "")
        return {
            "json": "",
            "form": {**fields, "title": title},
            "document": "" if self.found is None else file_of(self.found.rule).decode(),
            "conditions": [f"c{each}" for each in range(min(shown + 1, MOST_CONDITIONS))],
            "deeds": [f"d{each}" for each in range(MOST_DEEDS) if fields.get(f"d{each}_do")],
            "stages": stages,
            "known": await self._kept.fields(visit.portal, kind, number),
            "templates": [
                (each.key, _titled(each.template.route.title, locale, each.key))
                for each in await self._templates.all_of(visit.portal)
                if each.on is not None
            ],
            "kinds": KINDS, "events": EVENTS, "tests": _TESTS, "doings": _DEEDS, "people": _PEOPLE,
            "lengths": _LENGTHS,
        }  # fmt: skip

    async def _stages(self, kind: ObjectKind, type_id: int, locale: str) -> Sequence[tuple[str, str]]:
        if kind == "task":
            return [(status, _titled(names, locale, status)) for status, names in TASK_STATUSES.items()]
        found = await self._kept.stages(self.visit.portal, kind, type_id)
        return [(each.id, f"{each.name} ({each.pipeline})" if each.pipeline else each.name) for each in found]


def _titles_before(fields: Mapping[str, str]) -> dict[str, str]:
    try:
        found = parsed(fields.get("titles", "") or "{}")
    except NotJson:
        return {}
    return {str(name): str(text) for name, text in found.items()} if isinstance(found, dict) else {}


def _kind(fields: Mapping[str, str]) -> ObjectKind:
    kind = fields.get("object", "deal")
    return next((each for each in OBJECT_KINDS if each == kind), "deal")


def _titled(titles: Mapping[Any, str], locale: str, otherwise: str) -> str:
    named = {str(name): text for name, text in titles.items()}
    return named.get(locale) or next(iter(named.values()), otherwise)
