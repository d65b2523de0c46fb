"""Rules as a portal keeps them: made, brought by a file, switched on and off, deleted, tried on what is there now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.domain.approvals.condition import holds
from bot.domain.approvals.lines import parsed
from bot.domain.automation.change import ObjectChange
from bot.domain.automation.deeds import AskApproval, Assignee, Deed
from bot.domain.automation.matching import Match, matches
from bot.domain.automation.portal_object import ObjectKind, ObjectRef
from bot.domain.automation.rule import AutomationRule, Firing, RuleState, RuleVersion, people_of
from bot.domain.automation.rule_reading import BadRule, read_rule
from bot.domain.automation.rule_sentences import RuleNames
from bot.domain.automation.watching import BINDING, Hint
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.ports import StageName, UnitOfWork
from bot.services.approvals.structure import PortalStructure, Structures, person_id
from bot.services.approvals.templates import FaultyTemplate, Templates
from bot.services.automation.doing import Doing, form_values
from bot.services.automation.rules import readable
from bot.services.messengers import Messengers
from bot.services.unit_service import UnitService
from bot.text import t
from bot.understanding.names import is_form, words_of

LARGEST: Final = 1 << 18
"""Bytes of a rule's file."""
MOST_RULES: Final = 100
_MOST_FIRINGS: Final = 3


class UnknownRule(Refusal):
    """No rule of that name."""

    code = "unknown_rule"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        """Name what was looked for, and what there is."""
        if known:
            super().__init__(t("I know no rule “{name}”. There are: {found}", name=name, found=", ".join(known[:20])))
        else:
            super().__init__(t("There are no rules yet. How to make one is told here: /rules"))


class AmbiguousRule(Refusal):
    """Several rules of that name."""

    code = "ambiguous_rule"

    def __init__(self, name: str, found: Sequence[str]) -> None:
        """Name those that were found."""
        super().__init__(
            t("“{name}” can be several rules: {found}. Write the full name.", name=name, found=", ".join(found))
        )


class TooManyRules(Refusal):
    """More rules than a portal may have."""

    code = "too_many_rules"

    def __init__(self) -> None:
        """Say how many there may be."""
        super().__init__(t("There are {most} rules already, and there cannot be more.", most=MOST_RULES))


class RuleChanged(Refusal):
    """Somebody else changed the rule, or switched it, meanwhile: nothing of theirs is overwritten."""

    code = "rule_changed"

    def __init__(self) -> None:
        """Say how it stands by now."""
        super().__init__(
            t(
                "This rule was changed or switched meanwhile. Nothing was kept: what you wrote is still here. "
                "Look again."
            )
        )


class NoSuchObject(Refusal):
    """An object that the portal does not show."""

    code = "no_such_object"

    def __init__(self) -> None:
        """Say what may be the reason."""
        super().__init__(
            t("The portal shows me no such object: check the number, or whether I may read there, and try again.")
        )


class BadRuleFile(Refusal):
    """A file that is no rule."""

    code = "bad_rule_file"


@dataclass(frozen=True, slots=True)
class KeptRule:
    """One rule of a portal: the version that counts, and what it says."""

    version: RuleVersion
    rule: AutomationRule

    @property
    def key(self) -> str:
        """Its key."""
        return self.version.key

    @property
    def seen(self) -> str:
        """What whoever changes it has to have seen: its version, and whether it is on."""
        return f"{self.version.version}:{self.version.state.value}"


@dataclass(frozen=True, slots=True)
class WouldDo:
    """What a rule would do with an object as it is now."""

    kept: KeptRule
    match: Match | None
    """None where it does not hold."""
    people: Mapping[int, Sequence[str]]
    """By the place of a deed, whom it is for."""
    fields: Mapping[str, Any]
    """What a request would say."""


class KeptRules(UnitService):
    """Keeps a portal's rules; administrators alone see and change them."""

    def __init__(self, uow: UnitOfWork, messengers: Messengers) -> None:
        """Ask the portal for names through the channel that serves it."""
        super().__init__(uow)
        self._messengers = messengers

    async def all_of(self, portal: Portal) -> Sequence[KeptRule]:
        """Return the rules that there are, by key: of each the version that is on, else the newest."""
        found: dict[str, RuleVersion] = {}
        for each in await self._uow.rules.of_portal(portal.id):
            if each.state is RuleState.GONE:
                continue
            known = found.get(each.key)
            if known is None or not known.is_on:
                found[each.key] = each
        return [KeptRule(each, rule) for each, rule in readable(list(found.values()))]

    async def find(self, portal: Portal, said: str) -> KeptRule:
        """Return the one rule that words mean: its key, its title, or words that are of its title alone."""
        known = await self.all_of(portal)
        wanted = words_of(said)
        found = [each for each in known if any(words_of(title) == wanted for title in rule_titles(each.rule))]
        found = found or [
            each for each in known if wanted and any(_fits(wanted, words_of(one)) for one in rule_titles(each.rule))
        ]
        if len(found) == 1:
            return found[0]
        if not found:
            raise UnknownRule(said.strip()[:60], [rule_titles(each.rule)[0] for each in known])
        raise AmbiguousRule(said.strip()[:60], [rule_titles(each.rule)[0] for each in found])

    async def get(self, portal: Portal, key: str) -> KeptRule:
        """Return the rule of a key."""
        known = await self.all_of(portal)
        found = next((each for each in known if each.key == key), None)
        if found is None:
            raise UnknownRule(key, [rule_titles(each.rule)[0] for each in known])
        return found

    async def version(self, portal: Portal, key: str, number: int) -> KeptRule | None:
        """Return what a version of a rule says, also of one that is not gone by any more; None where it is not kept."""
        known = await self._uow.rules.of_portal(portal.id)
        found = [
            each for each in known if (each.key, each.version) == (key, number) and each.state is not RuleState.GONE
        ]
        return next((KeptRule(each, rule) for each, rule in readable(found)), None)

    async def latest(self, portal: Portal, kept: KeptRule) -> Sequence[Firing]:
        """Return when a rule held last, newest first."""
        return await self._uow.rules.latest(portal.id, kept.key, _MOST_FIRINGS)

    # Making and changing

    async def checked(self, actor: Employee, portal: Portal, rule: AutomationRule) -> tuple[AutomationRule, bool]:
        """Return a rule as it would be kept, with its number, and whether one of that key is there already."""
        check(actor, Right.KEEP_RULES)
        versions = [each for each in await self._uow.rules.of_portal(portal.id) if each.key == rule.key]
        live = [each for each in versions if each.state is not RuleState.GONE]
        if not live and len(await self.all_of(portal)) >= MOST_RULES:
            raise TooManyRules
        number = max((each.version for each in versions), default=0) + 1
        return rule.model_copy(update={"version": number}), bool(live)

    async def keep(self, actor: Employee, portal: Portal, rule: AutomationRule, now: datetime) -> KeptRule:
        """Keep a rule as a new version, which is on from now on; the one before it is not any more."""
        rule, _ = await self.checked(actor, portal, rule)
        for each in await self._uow.rules.of_portal(portal.id):
            if each.key == rule.key and each.is_on:
                self._put(actor, each, RuleState.OFF, now)
        version = RuleVersion(
            portal.id, rule.key, rule.version, document_of(rule), RuleState.ON, now, actor.id, now, actor.id
        )
        self._uow.rules.add(version)
        self._changed(actor, portal, f"rule {rule.key} {rule.version} made", now)
        return KeptRule(version, rule)

    async def switch(self, actor: Employee, portal: Portal, key: str, now: datetime, *, is_on: bool) -> KeptRule:
        """Switch a rule on or off; what it caused goes on."""
        check(actor, Right.KEEP_RULES)
        kept = await self.get(portal, key)
        if kept.version.is_on == is_on:
            return kept
        after = self._put(actor, kept.version, RuleState.ON if is_on else RuleState.OFF, now)
        self._changed(actor, portal, f"rule {key} {after.version} {after.state.value}", now)
        return replace(kept, version=after)

    async def delete(self, actor: Employee, portal: Portal, key: str, now: datetime) -> KeptRule:
        """Delete a rule; what it caused stays, and names it."""
        check(actor, Right.KEEP_RULES)
        kept = await self.get(portal, key)
        for each in await self._uow.rules.of_portal(portal.id):
            if each.key == key and each.state is not RuleState.GONE:
                self._put(actor, each, RuleState.GONE, now)
        self._changed(actor, portal, f"rule {key} deleted", now)
        return kept

    def _put(self, actor: Employee, version: RuleVersion, state: RuleState, now: datetime) -> RuleVersion:
        after = replace(version, state=state, changed_at=now, changed_by=actor.id, trouble="")
        self._uow.rules.put_state(version, after)
        return after

    def _changed(self, actor: Employee, portal: Portal, what: str, now: datetime) -> None:
        """Put it on record, and have the portal asked to tell of what is looked at from now on."""
        self._uow.audit.add(portal.id, actor_id=actor.id, subject_id=None, what=what, at=now)
        self._uow.objects.note(Hint(portal.id, BINDING))

    # Names

    async def stages(self, portal: Portal, kind: ObjectKind, type_id: int = 0) -> Sequence[StageName]:
        """Return what the portal calls its stages; none where it cannot be asked now."""
        names = self._messengers.catalogue
        return () if names is None else await names.stages(portal.key, kind, type_id)

    async def smart_processes(self, portal: Portal) -> Mapping[int, str]:
        """Return what the portal calls its smart processes, by type; none where it cannot be asked now."""
        names = self._messengers.catalogue
        return {} if names is None else await names.smart_processes(portal.key)

    async def fields(self, portal: Portal, kind: ObjectKind, type_id: int = 0) -> Mapping[str, str]:
        """Return what the portal calls its fields, by their names; none where it cannot be asked now."""
        names = self._messengers.catalogue
        return {} if names is None else await names.fields(portal.key, kind, type_id)

    async def names(self, portal: Portal, rule: AutomationRule, locale: str, now: datetime) -> RuleNames:
        """Return what the portal and its people call what a rule names."""
        kind, type_id = rule.object.kind, rule.object.type_id
        asks = self._messengers.catalogue
        stages = {each.id: each.name for each in await self.stages(portal, kind, type_id)}
        fields = {} if asks is None else await asks.fields(portal.key, kind, type_id)
        templates = {}
        if any(isinstance(each, AskApproval) for each in rule.do):
            for each in await Templates(self._uow).all_of(portal):
                titles: Mapping[str, str] = {str(name): title for name, title in each.template.route.title.items()}
                templates[each.key] = titles.get(locale) or next(iter(titles.values()), each.key)
        people: dict[int, str] = {}
        if any(who.by == "user" for deed in rule.do for who in people_of(deed)):
            people = _names_of(await Structures(self._uow).of(portal, now))
        process = ""
        if kind == "smart_process":
            process = (await self.smart_processes(portal)).get(type_id, "")
        return RuleNames(stages, fields, templates, people, process)

    async def gone_fields(self, portal: Portal, rule: AutomationRule) -> Sequence[str]:
        """Return the fields that a rule names and the portal does not know; none where it cannot be asked now."""
        asks = self._messengers.catalogue
        known = {} if asks is None else await asks.fields(portal.key, rule.object.kind, rule.object.type_id)
        return [] if not known else sorted(each for each in rule.fields if each.partition(".")[0] not in known)

    # Files

    async def imported(self, actor: Employee, portal: Portal, content: bytes) -> tuple[AutomationRule, bool]:
        """Read a file that somebody sent; returns the rule as it would be kept, and whether its key is known."""
        check(actor, Right.KEEP_RULES)
        return await self.checked(actor, portal, read_rule_file(content))

    # Trying

    async def tried(
        self, portal: Portal, ref: ObjectRef, now: datetime, drafted: KeptRule | None = None
    ) -> tuple[Mapping[str, Any], Sequence[WouldDo]]:
        """Return an object as it is now, and what each rule that is on would do; nothing is stored, nobody is asked.

        With a draft it is what that one would do, whether it is kept or not.
        """
        asks = self._messengers.catalogue
        values = None if asks is None else await asks.values(portal.key, ref)
        if values is None:
            raise NoSuchObject
        doing, structure = Doing(self._uow), await Structures(self._uow).of(portal, now)
        change = ObjectChange(ref, "added", {}, values, now, by=str(values.get("updatedBy") or ""))
        told: list[WouldDo] = []
        on = [each for each in await self.all_of(portal) if each.version.is_on]
        for kept in on if drafted is None else [drafted]:
            if kept.rule.family != ref.family or kept.rule.event == "deleted":
                continue
            match = _as_it_is(kept.rule, change)
            people: dict[int, list[str]] = {}
            fields: Mapping[str, Any] = {}
            for number, deed in enumerate(kept.rule.do):
                if match is None:
                    break
                accounts = [await doing.account(portal, match, who, now) for who in people_of(deed)]
                people[number] = [_name(structure, each) for each in accounts if each]
                fields = fields or await self._would_say(portal, deed, match)
            told.append(WouldDo(kept, match, people, fields))
        return values, told

    async def _would_say(self, portal: Portal, deed: Deed, match: Match) -> Mapping[str, Any]:
        if not isinstance(deed, AskApproval):
            return {}
        on = [each for each in await self._uow.templates.versions(portal.id, deed.template) if each.is_on]
        if not on:
            return {}
        template = (await Templates(self._uow).get(portal, deed.template)).template
        return form_values(template, deed.fields, match.values)


def _as_it_is(rule: AutomationRule, change: ObjectChange) -> Match | None:
    """Return the match of a rule with an object as if it had just come to be as it is."""
    found = matches([rule], change)
    if found:
        return found[0]
    is_so = rule.when is None or holds(rule.when, change.after, {})
    return Match(rule, change, {**change.after, "id": change.ref.number}, "", change.at) if is_so else None


def _names_of(structure: PortalStructure) -> dict[int, str]:
    return {person: each.name for person, each in structure.employees.items() if isinstance(person, int)}


def _name(structure: PortalStructure, account: str) -> str:
    found = structure.employee(int(account))
    return account if found is None else found.name


def account_of(portal: Portal, employee: Employee) -> int | None:
    """Return somebody's account on the portal, None where they have none there."""
    known = person_id(portal, employee)
    return known if isinstance(known, int) else None


def rule_titles(rule: AutomationRule) -> list[str]:
    """Return what a rule is called, in every language that it has, its key at last."""
    return [*rule.title.values(), rule.key]


def rule_title(rule: AutomationRule, locale: str) -> str:
    """Return what a rule is called in a language, else in another."""
    titles = {str(language): text for language, text in rule.title.items()}
    return titles.get(locale) or next(iter(titles.values()), "") or rule.key


def who_of(deeds: Sequence[Deed]) -> list[Assignee]:
    """Return everybody whom deeds are for."""
    return [who for deed in deeds for who in people_of(deed)]


def _fits(wanted: Sequence[str], title: Sequence[str]) -> bool:
    return all(any(is_form(word, each) or each.startswith(word) for each in title) for word in wanted)


def read_rule_file(content: bytes) -> AutomationRule:
    """Read a rule from a file; a Refusal says in a sentence what is wrong with it."""
    if len(content) > LARGEST:
        raise BadRuleFile(t("The file is larger than 256 KB. Rules are much smaller: is it the right one?"))
    try:
        form = parsed(content.decode("utf-8-sig"))
    except ValueError:
        raise BadRuleFile(t("This is no JSON file. I take rules as JSON: /rules shows how.")) from None
    try:
        return read_rule(form)
    except BadRule as bad:
        raise FaultyRule(bad.faults) from None


class FaultyRule(FaultyTemplate):
    """A rule with faults."""

    code = "faulty_rule"


def is_rule_file(content: bytes) -> bool:
    """Whether a file wants to be a rule."""
    return b'"automation.rule/' in content[:LARGEST]


def document_of(rule: AutomationRule) -> str:
    """Return a rule as JSON text."""
    return json.dumps(rule.model_dump(mode="json", by_alias=True), ensure_ascii=False, separators=(",", ":"))


def file_of(rule: AutomationRule) -> bytes:
    """Return a rule as a file to read and to change."""
    form = rule.model_dump(mode="json", by_alias=True)
    return (json.dumps(form, ensure_ascii=False, indent=1) + "\n").encode()
