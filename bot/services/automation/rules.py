"""Rules of a portal at work: what they need to know of, and what follows when something happened to an object there.

Each time that a rule holds is kept under its occurrence, so that a move that is seen again has no second consequence.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

import structlog

from bot.domain.automation.change import ObjectChange
from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.matching import Match, matches
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.rule import AutomationRule, Firing, RuleState, RuleVersion, responsible_field
from bot.domain.automation.watching import BINDING, Hint, Watched
from bot.domain.events import RuleTroubled
from bot.domain.portal import Portal
from bot.ports import UnitOfWork
from bot.services.approvals.effects import request_of
from bot.services.automation.doing import SAME_IS_OPEN, Doing
from bot.services.unit_service import UnitService

LOOP_WINDOW: Final = timedelta(minutes=10)
LOOP_MOST: Final = 10
"""More often than this in ten minutes of an object's life nobody moves it by hand: something moves it back."""
LOOP: Final = "loop"
NO_FIELD: Final = "no_field"
UNSEEN: Final = "unseen"
_NO_TROUBLE: Final = frozenset({"", SAME_IS_OPEN})
_MAKES: Final = frozenset({ErrandKind.TASK_ADD, ErrandKind.CRM_ADD})
_ALWAYS: Final = "title"
_MOST_PARSED: Final = 2_048
"""Rules that are kept parsed: those of twenty portals with as many as there may be, or of a thousand with two."""


log = structlog.get_logger("rules")


class Rules(UnitService):
    """The rules of a portal, as things happen there."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Read and note in `uow`."""
        super().__init__(uow)
        self._doing = Doing(uow)

    async def watched(self, portal_id: int) -> Watched:
        """Return what the rules of a portal need to know of.

        Whoever changes that notes it in the same unit, by `uow.objects.note(Hint(portal_id, BINDING))`: the portal is
        then asked to tell of it.
        """
        families: dict[str, frozenset[str]] = {}
        for _, rule in readable(await self._uow.rules.on(portal_id)):
            needed = rule.fields | {_ALWAYS, rule.stage_field, responsible_field(rule.object.kind)}
            families[rule.family] = families.get(rule.family, frozenset()) | needed
        return Watched(families)

    async def happened(self, portal: Portal, change: ObjectChange, now: datetime) -> None:
        """Note what follows from a change of an object of a family that rules watch, in the unit that stores it.

        Called once for each change that was seen, also for what is ours (`change.is_own`), from which nothing follows.
        """
        if change.is_own:
            return
        on = readable(await self._uow.rules.on(portal.id))
        versions, rules = {each.key: each for each, _ in on}, [rule for _, rule in on]
        self._look_for_fields(change, versions, rules)
        found = matches(rules, change)
        if not found:
            return
        since = min(each.at for each in found) - LOOP_WINDOW
        fired = list(await self._uow.rules.fired(portal.id, str(change.ref), since))
        for match in found:
            version = versions.get(match.rule.key)
            if version is None or any((e.rule, e.occurrence) == (version.key, match.occurrence) for e in fired):
                continue
            if _is_loop(match, fired):
                self._switch_off(portal, version, f"{LOOP}:{change.ref}", now)
                del versions[version.key]
                continue
            outcome = await self._doing.carry_out(portal, match, now)
            firing = Firing(
                portal.id, version.key, str(change.ref), match.occurrence, match.at, version.version, outcome
            )
            self._uow.rules.fire(firing)
            fired.append(firing)
            trouble = "" if outcome in _NO_TROUBLE else outcome
            if trouble or not version.trouble.startswith((f"{NO_FIELD}:", f"{UNSEEN}:")):
                versions[version.key] = self._troubled(version, trouble)

    async def could_look(self, portal_id: int, unseen: Collection[str], seen: Collection[str]) -> None:
        """Say once of rules that the portal lets nobody look at their objects; once it does all is well again.

        Both are names of families, or of single objects. What was told stands until that very thing is seen again.
        """
        for version, rule in readable(await self._uow.rules.on(portal_id)):
            code, _, about = version.trouble.partition(":")
            if code == UNSEEN and about not in seen:
                continue
            mine = sorted(each for each in unseen if each == rule.family or each.startswith(f"{rule.family}:"))
            if mine:
                self._troubled(version, f"{UNSEEN}:{mine[0]}")
            elif code == UNSEEN:
                self._troubled(version, "")

    def made(self, errand: Errand) -> None:
        """Note that what an errand made was made for a request: what becomes of it is told to the request."""
        request_id, ref = request_of(errand), ObjectRef.parse(str(errand.result.get("object", "")))
        if request_id is not None and ref is not None and errand.kind in _MAKES and errand.state is ErrandState.DONE:
            self._uow.rules.tie(errand.portal_id, str(ref), request_id)

    def _look_for_fields(
        self, change: ObjectChange, versions: dict[str, RuleVersion], rules: Sequence[AutomationRule]
    ) -> None:
        """Say once that a field that a rule looks at is not there any more; once it is there again all is well."""
        if not change.after:
            return
        for rule in rules:
            if rule.family != change.ref.family:
                continue
            gone = sorted(name for name in rule.fields if name.partition(".")[0] not in change.after)
            version = versions[rule.key]
            if gone:
                versions[rule.key] = self._troubled(version, f"{NO_FIELD}:{gone[0]}")
            elif version.trouble.startswith(f"{NO_FIELD}:"):
                versions[rule.key] = self._troubled(version, "")

    def _troubled(self, version: RuleVersion, trouble: str) -> RuleVersion:
        """Note what is in a rule's way, and tell it; what is known is told no second time."""
        if trouble == version.trouble:
            return version
        after = replace(version, trouble=trouble)
        self._uow.rules.put_state(version, after)
        if trouble:
            self._uow.events.append(RuleTroubled(version.portal_id, 0, version.key, trouble))
        return after

    def _switch_off(self, portal: Portal, version: RuleVersion, trouble: str, now: datetime) -> None:
        after = replace(version, state=RuleState.OFF, trouble=trouble, changed_at=now, changed_by=None)
        self._uow.rules.put_state(version, after)
        self._uow.objects.note(Hint(portal.id, BINDING))
        self._uow.audit.add(
            portal.id,
            actor_id=None,
            subject_id=None,
            what=f"rule {version.key} {version.version} off: {trouble}",
            at=now,
        )
        self._uow.events.append(RuleTroubled(portal.id, 0, version.key, trouble, is_off=True))


def rule_of(version: RuleVersion) -> AutomationRule:
    """Return what a version says. Its document never changes, so it is parsed once for many looks."""
    return _parsed(version.document)


@lru_cache(_MOST_PARSED)
def _parsed(document: str) -> AutomationRule:
    return AutomationRule.model_validate_json(document)


def readable(versions: Sequence[RuleVersion]) -> Sequence[tuple[RuleVersion, AutomationRule]]:
    """Return each version with what it says; one that cannot be read any more stops no other."""
    found = []
    for each in versions:
        try:
            found.append((each, rule_of(each)))
        except ValueError as error:
            log.error("rule not readable", portal=each.portal_id, rule=each.key, error=type(error).__name__)  # noqa: TRY400
    return found


def _is_loop(match: Match, fired: Sequence[Firing]) -> bool:
    """Whether a rule has held for an object so often in so short a time that something moves it in a circle."""
    return sum(each.rule == match.rule.key and abs(each.at - match.at) <= LOOP_WINDOW for each in fired) >= LOOP_MOST
