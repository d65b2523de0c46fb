"""Webhooks of a portal: made, changed, tried, rotated and switched off by administrators."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.automation.errand import ErrandState
from bot.domain.automation.happening import SUBSCRIBABLE, Happening, HappeningType
from bot.domain.automation.webhook import (
    LONGEST_ADDRESS,
    MOST_HOOKS,
    DeliveryState,
    Detail,
    HookDelivery,
    Stopped,
    Webhook,
    is_slug,
    new_secret,
)
from bot.domain.errors import Refusal
from bot.domain.events import HookStopped
from bot.domain.people.employee import Employee
from bot.domain.rights import Right, check
from bot.ids import new_id
from bot.ports import UnitOfWork
from bot.reachable import HOOK_PORTS, is_safe
from bot.services.automation.hook_outcomes import IS_OFF, NOT_TAKEN, UNKNOWN, Outcomes
from bot.services.messengers import Messengers
from bot.services.unit_service import UnitService
from bot.text import t

_NEWEST = 2**63 - 1


class BadHook(Refusal):
    """A webhook that cannot be made so."""

    code = "bad_hook"


class HookNameTaken(Refusal):
    """Routes call hooks by their names, so there is one of each."""

    code = "hook_name_taken"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("There is a webhook of that name already. Choose another name."))


class TooManyHooks(Refusal):
    """So many are enough for one portal."""

    code = "too_many_hooks"

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__(t("There are 20 webhooks already. Delete one that nobody needs, then add a new one."))


class UnknownHook(Refusal):
    """No webhook of that number."""

    code = "unknown_hook"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("I do not know that webhook. It may have been deleted."))


class HookChanged(Refusal):
    """A webhook is not any more what the person saw who changes it."""

    code = "hook_changed"

    def __init__(self) -> None:
        """Say that nothing was kept."""
        super().__init__(
            t(
                "Somebody changed this webhook meanwhile, so nothing of yours was kept. This is how it is now: "
                "if your change is still right, please make it once more."
            )
        )


class UnknownDelivery(Refusal):
    """No message of that number to a webhook."""

    code = "unknown_delivery"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("I do not know that message. Messages are kept for seven days."))


class NotToBeRepeated(Refusal):
    """Only what failed is sent again."""

    code = "not_to_be_repeated"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("That message has arrived, or is still being sent: there is nothing to repeat."))


@dataclass(frozen=True, slots=True)
class NewHook:
    """A hook, and its secret, which is shown this once."""

    hook: Webhook
    secret: str


class Webhooks(UnitService):
    """Keeps the webhooks of portals."""

    def __init__(self, uow: UnitOfWork, messengers: Messengers) -> None:
        """Read and note in `uow`."""
        super().__init__(uow)
        self._messengers = messengers

    # By administrators

    async def of(self, by: Employee) -> Sequence[Webhook]:
        """Return the portal's hooks, by name."""
        check(by, Right.INTEGRATE)
        return await self._uow.webhooks.of(by.portal_id)

    async def get(self, by: Employee, hook_id: int) -> Webhook:
        """Return the hook of that id."""
        check(by, Right.INTEGRATE)
        found = await self._uow.webhooks.get(by.portal_id, hook_id)
        if found is None:
            raise UnknownHook
        return found

    async def make(
        self,
        by: Employee,
        name: str,
        url: str,
        types: Collection[HappeningType],
        now: datetime,
        *,
        detail: Detail = Detail.IDS,
    ) -> NewHook:
        """Add a hook; without types it is told of everything."""
        there = await self.of(by)
        name, url = name.strip(), url.strip()
        self._check(name, url, types)
        if any(each.name == name for each in there):
            raise HookNameTaken
        if len(there) >= MOST_HOOKS:
            raise TooManyHooks
        secret = new_secret()
        hook = Webhook(new_id(), by.portal_id, name, url, frozenset(types), detail, secret, now, by.id)
        self._uow.webhooks.add(hook)
        self._uow.happenings.hear(by.portal_id)
        self._audit(by, f"webhook {name} added, detail {detail}", now)
        return NewHook(hook, secret)

    async def change(
        self,
        by: Employee,
        hook: Webhook,
        now: datetime,
        *,
        name: str | None = None,
        url: str | None = None,
        types: Collection[HappeningType] | None = None,
        detail: Detail | None = None,
        is_on: bool | None = None,
        seen: int | None = None,
    ) -> Webhook:
        """Change a hook; None leaves as it is. What waited while it was off is told once it is on again.

        HookChanged where another version than the present one was `seen`.
        """
        check(by, Right.INTEGRATE)
        self._must_be_as_seen(hook, seen)
        after = replace(
            hook,
            name=hook.name if name is None else name.strip(),
            url=hook.url if url is None else url.strip(),
            types=hook.types if types is None else frozenset(types),
            detail=hook.detail if detail is None else detail,
        )
        self._check(after.name, after.url, after.types)
        if after.name != hook.name and await self._uow.webhooks.by_name(by.portal_id, after.name) is not None:
            raise HookNameTaken
        if is_on is not None and is_on is not hook.is_on:
            off = "" if is_on else Stopped.BY_HAND.value
            after = replace(after, is_on=is_on, why_off=off, failing_since=None)
        if after == hook:
            return hook
        self._uow.webhooks.put(after)
        state = "on" if after.is_on else "off"
        self._audit(by, f"webhook {after.name} changed, {state}, detail {after.detail}", now)
        return replace(after, version=hook.version + 1)

    async def remove(self, by: Employee, hook: Webhook, now: datetime) -> None:
        """Delete a hook with all that waits for it; what a route waits for fails, for an administrator to repeat."""
        check(by, Right.INTEGRATE)
        for each in await self._uow.webhooks.outcomes_waiting(hook):
            await Outcomes(self._uow).end(each.portal_id, each.happening_id, ErrandState.FAILED, UNKNOWN, now)
        self._uow.webhooks.drop(hook)
        self._audit(by, f"webhook {hook.name} deleted", now)

    async def rotate(self, by: Employee, hook: Webhook, now: datetime, *, seen: int | None = None) -> NewHook:
        """Give a hook a new secret; for a day messages are signed with the former one as well.

        HookChanged where another version than the present one was `seen`.
        """
        check(by, Right.INTEGRATE)
        self._must_be_as_seen(hook, seen)
        secret = new_secret()
        after = hook.rotated(secret, now)
        self._uow.webhooks.put(after)
        self._audit(by, f"webhook {hook.name} has a new secret", now)
        return NewHook(replace(after, version=hook.version + 1), secret)

    async def test(self, by: Employee, hook: Webhook, now: datetime) -> HookDelivery:
        """Send a hook a message that means nothing."""
        check(by, Right.INTEGRATE)
        if not hook.is_on:
            raise BadHook(t("The webhook is switched off: switch it on first."))
        happening = Happening(
            new_id(), hook.portal_id, HappeningType.WEBHOOK_TEST, f"test:{hook.id}", 0, now, {"name": hook.name}
        )
        self._uow.happenings.add(happening, hook_id=hook.id)
        return HookDelivery(
            hook.id, happening.id, hook.portal_id, happening.type, happening.about, DeliveryState.WAITING, 0, 0, "", now
        )

    async def deliveries(
        self, by: Employee, hook: Webhook, before: int | None = None, size: int = 50
    ) -> Sequence[HookDelivery]:
        """Return messages to a hook, newest first."""
        check(by, Right.INTEGRATE)
        return await self._uow.webhooks.deliveries(hook, _NEWEST if before is None else before, size)

    async def repeat(self, by: Employee, hook: Webhook, happening_id: int, now: datetime) -> HookDelivery:
        """Have a message that failed sent again, under the id that it had."""
        check(by, Right.INTEGRATE)
        found = await self._uow.webhooks.deliveries(hook, happening_id + 1, 1)
        if not found or found[0].happening_id != happening_id:
            raise UnknownDelivery
        if found[0].state is not DeliveryState.FAILED:
            raise NotToBeRepeated
        self._uow.webhooks.send_again(found[0])
        self._audit(by, f"webhook {hook.name} is told again", now)
        return replace(found[0], state=DeliveryState.WAITING, tries=0, ended_at=None)

    # By itself

    async def stop(self, portal_id: int, hook_id: int, why: Stopped, now: datetime) -> None:
        """Switch off a hook that takes nothing any more, and have administrators told."""
        hook = await self._uow.webhooks.get(portal_id, hook_id)
        if hook is None or not hook.is_on:
            return
        for each in await self._uow.webhooks.outcomes_waiting(hook):
            await Outcomes(self._uow).end(portal_id, each.happening_id, ErrandState.FAILED, IS_OFF, now)
        self._uow.webhooks.put(replace(hook, is_on=False, why_off=why.value))
        what = f"webhook {hook.name} switched off: {why}"
        self._uow.audit.add(portal_id, actor_id=None, subject_id=None, what=what, at=now)
        self._uow.events.append(HookStopped(portal_id, 0, hook.name, why.value))

    async def outcome_told(self, portal_id: int, happening_id: int, now: datetime, *, is_done: bool) -> None:
        """Note that a hook has taken the outcome of a request, or will not."""
        state = ErrandState.DONE if is_done else ErrandState.FAILED
        await Outcomes(self._uow).end(portal_id, happening_id, state, "" if is_done else NOT_TAKEN, now)

    def _check(self, name: str, url: str, types: Collection[HappeningType]) -> None:
        if not is_slug(name):
            raise BadHook(
                t("Give the webhook a name of small Latin letters, digits and dashes, for example “payroll”.")
            )
        is_short = len(url) <= LONGEST_ADDRESS
        if not (is_short and is_safe(url, allow_local=self._messengers.allows_local, ports=HOOK_PORTS)):
            raise BadHook(
                t(
                    "The address has to begin with https://, be reached from the internet by its name, "
                    "and use port 443 or 8443."
                )
            )
        if not set(SUBSCRIBABLE).issuperset(types):
            raise BadHook(t("Choose what the webhook is told of from the list."))

    @staticmethod
    def _must_be_as_seen(hook: Webhook, seen: int | None) -> None:
        if seen is not None and seen != hook.version:
            raise HookChanged

    def _audit(self, by: Employee, what: str, at: datetime) -> None:
        self._uow.audit.add(by.portal_id, actor_id=by.id, subject_id=None, what=what, at=at)
