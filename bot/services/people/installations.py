"""The application on portals: installed, changed and removed, whose tenant it is, and what is wrong with it.

The tenant is the company, by its permanent id. A host proves nothing: it may be renamed, and given to another company.
"""

import secrets
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.automation.watching import BINDING, Hint
from bot.domain.errors import LinkNotValid
from bot.domain.events import (
    ApplicationJoined,
    ApplicationReady,
    InstallationMended,
    InstallationTroubled,
    JoinOffered,
    OwnTasksAllowed,
)
from bot.domain.installation import (
    ERRANDS,
    Grant,
    Installation,
    InstallationState,
    Purpose,
    Trouble,
    in_order,
    missing_rights,
)
from bot.domain.people.employee import Employee, Role
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.ids import new_id
from bot.messages import Address
from bot.ports import Job, Link, Proof, UnitOfWork
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.automation.hook_outcomes import Outcomes
from bot.services.people.greetings import Greetings
from bot.services.people.keys import Keys
from bot.services.people.origins import without_origins
from bot.services.people.personal_data import PersonalData
from bot.services.people.portals import Portals
from bot.services.unit_service import UnitService

MEET = "meet administrators"
"""The job that greets a new portal's administrators, once its people are read."""
MEET_AFTER = timedelta(minutes=1)
MEET_AGAIN = timedelta(minutes=2)
MEET_FOR = timedelta(days=1)
"""So long it is looked for administrators of a portal that shows none."""
GONE = "application gone"
"""The job that ends what runs on the routes of a portal that says that it has no application."""
GONE_AFTER = timedelta(days=1)
"""So long it may be missing by a mistake of somebody's before requests end for it, which cannot be undone."""
_GONE = frozenset({Trouble.NOT_INSTALLED, Trouble.PORTAL_DELETED})
JOIN_LIVES = timedelta(minutes=15)
JOIN = "join"
"""Under which name the codes are kept that prove that two tenants are one company."""
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Installed:
    """What came of an installation."""

    portal: Portal
    installation: Installation
    former: Sequence[str] = ()
    """Keys of portals that are to be reached in this way no more."""
    asks_to_join: bool = False
    """Whether somebody has to say whether it belongs to a tenant that is here already."""


class Installations(UnitService):
    """Knows the application on each portal; each call may be repeated."""

    def __init__(self, uow: UnitOfWork, seals: Seals) -> None:
        """Work in `uow`."""
        super().__init__(uow)
        self._seals = seals

    async def token_of(self, member_id: str) -> str:
        """Return the application token that is known of a company; "" where none is."""
        found = await self.of_company(member_id)
        return found[1].application_token if found is not None else ""

    async def of_company(self, member_id: str) -> tuple[Portal, Installation] | None:
        """Return the tenant of a company, and the installation there."""
        portal = await self._uow.installations.portal_of_company(member_id)
        installation = await self._uow.installations.of(portal.id) if portal is not None else None
        return None if portal is None or installation is None else (portal, installation)

    async def at(self, host: str) -> tuple[Portal, Installation] | None:
        """Return the tenant that was last reached under a host, and how the application stands there."""
        portal = await self._uow.installations.portal_at(host)
        installation = await self._uow.installations.of(portal.id) if portal is not None else None
        return None if portal is None or installation is None else (portal, installation)

    async def install(
        self, proof: Proof, now: datetime, *, webhook: str = "", company: str = "", can_ask: bool = False
    ) -> Installed:
        """Keep a proven installation, new or repeated.

        `webhook` is the key of the tenant whose incoming webhook is at the same address, if there is one, and `company`
        the one that it answers for, as far as that is proven. `can_ask` tells that somebody sits before a page and can
        say whether the two belong together.
        """
        portal = await self._uow.installations.portal_of_company(proof.member_id)
        before = await self._uow.installations.of(portal.id) if portal is not None else None
        is_waiting = before is not None and before.state is InstallationState.WAITING
        if portal is not None and before is not None and _is_none_of(proof, before):
            return Installed(portal, before, asks_to_join=is_waiting)
        is_open = portal is None or is_waiting
        begun = await self._begun_by_webhook(proof, webhook) if is_open else None
        is_joined = begun is not None and company == proof.member_id
        others = set()
        if begun is not None and company and not is_joined:
            others, begun = {begun.id}, None
        if portal is None:
            portal = begun if begun is not None and is_joined else await self._new(proof, now)
            before = await self._uow.installations.of(portal.id)
        asks = begun is not None and not is_joined and can_ask
        asks = asks or is_waiting
        installation = self._installation(portal, before, proof, now, asks=asks)
        self._uow.installations.name_company(portal.id, proof.member_id)
        self._uow.installations.put(installation)
        self._uow.objects.note(Hint(portal.id, BINDING))  # an update takes all handlers away
        await self._keep_installers(portal, proof, now)
        former = await self._take_host(portal, proof.host, proof.member_id, now, others)
        portal = await self._awake(portal, now, is_awake=not asks)
        self._uow.jobs.cancel(portal.id, GONE, "")
        if before is None and not asks:
            self._meet(portal.id, now, now)
        await self._reached(portal, is_reachable=True)
        if begun is not None and not is_joined and (can_ask or not is_waiting):
            # The event that comes beside the page makes no second code, which would void the one just told.
            await self._offered(begun, proof, now, asks=asks)
        if is_joined:
            await self._moves_in(portal, now)
        self._tell(before, installation)
        if installation.is_served:
            self._uow.events.append(ApplicationReady(portal.id, 0))
        what = "application installed" if before is None else "application installed again"
        self._uow.audit.add(portal.id, actor_id=None, subject_id=None, what=what, at=now)
        return Installed(portal, installation, former, asks)

    def _meet(self, portal_id: int, since: datetime, now: datetime) -> None:
        """Note that administrators are to be greeted, as soon as the portal's people are read."""
        run_at = now + (MEET_AFTER if now == since else MEET_AGAIN)
        payload = {"since": since.timestamp()}
        self._uow.jobs.add(Job(new_id(), portal_id, MEET, "", run_at, payload))

    async def meet(self, job: Job, now: datetime) -> None:
        """Let administrators of a new portal be greeted; where none is known yet, look again, for a day."""
        portal = await self._uow.portals.get(job.portal_id)
        if portal is None or not portal.is_active:
            return
        since = datetime.fromtimestamp(float(job.payload["since"]), UTC)
        is_met = await Greetings(self._uow).meet_administrators(portal.id, now)
        if not is_met and now - since < MEET_FOR:
            self._meet(portal.id, since, now)

    async def gone(self, portal_id: int, now: datetime) -> None:
        """End what runs on the routes of a portal that has had no application for long, as a removal does (E66)."""
        found = await self._uow.installations.of(portal_id)
        portal = await self._uow.portals.get(portal_id)
        if portal is not None and found is not None and found.trouble in _GONE:
            await Courses(self._uow).freeze(portal_id, now)
            await self._reached(portal, is_reachable=False)

    async def _reached(self, portal: Portal, *, is_reachable: bool) -> None:
        """Note whether the portal's own messenger reaches its people; what stood in its chats is edited no more."""
        channels = set()
        for each in await self._uow.employees.of_portal(portal.id):
            for own in each.identities:
                if own.realm == portal.key and own.is_reachable is not is_reachable:
                    self._uow.employees.set_reachable(each, own, is_reachable=is_reachable)
                    channels.add(own.channel)
        if not is_reachable:
            for channel in sorted(channels):
                self._uow.dialogs.forget_shown(channel, portal.key)

    async def _begun_by_webhook(self, proof: Proof, key: str) -> Portal | None:
        """Return the tenant that began with a webhook at this host, while it is not known which company that is."""
        found = await self._uow.portals.by_key(key or proof.host)
        return found if found is not None and found.member_id is None and found.is_active else None

    def _tell(self, before: Installation | None, now: Installation) -> None:
        """Tell what is wrong, or well again; what is as it was, nobody has to hear again."""
        was = before.trouble if before is not None else None
        if now.trouble is not None and now.trouble is not was:
            event = InstallationTroubled(now.portal_id, 0, now.trouble, host_of(now.client_endpoint))
            self._uow.events.append(event)
        elif now.trouble is None and was is not None:
            self._uow.events.append(InstallationMended(now.portal_id, 0))

    async def _new(self, proof: Proof, now: datetime) -> Portal:
        portals = Portals(self._uow)
        return await portals.install(proof.member_id, now, name=proof.host, locale=proof.locale or "ru")

    def _installation(
        self, portal: Portal, before: Installation | None, proof: Proof, now: datetime, *, asks: bool
    ) -> Installation:
        trouble = None
        if missing_rights(proof.scope):
            trouble = Trouble.RIGHTS_MISSING
        elif not proof.is_admin:
            trouble = Trouble.NO_ADMINISTRATOR
        state = InstallationState.ACTIVE if trouble is None else InstallationState.TROUBLED
        known = before.application_token if before is not None else ""
        # A colleague can be given tokens too, and what stands beside them in the form is not proven. What the portal's
        # calls must carry from now on, only an administrator says: else whoever opens a page could shut out all of the
        # portal's own calls, or have a removal of their own believed.
        return Installation(
            portal.id,
            InstallationState.WAITING if asks else state,
            proof.application_token if proof.is_admin and proof.application_token else known,
            proof.oauth_host,
            proof.client_endpoint,
            proof.scope,
            proof.status,
            proof.version or (before.version if before is not None else ""),
            proof.account,
            now if before is None else before.installed_at,
            trouble,
            now if trouble is not None else None,
            _latest(before.last_installed_at if before is not None else None, proof.at or now),
        )

    async def _keep_installers(self, portal: Portal, proof: Proof, now: datetime) -> None:
        """Keep the tokens of whoever installed it; whoever did before is no installer any more."""
        for each in await self._uow.installations.grants(portal.id):
            if each.account == proof.account or Purpose.INSTALLER not in each.purposes:
                continue
            left = each.purposes - {Purpose.INSTALLER}
            if left:
                self._uow.installations.keep(replace(each, purposes=left))
            else:
                self._uow.installations.drop_grants(portal.id, each.account)
        await self._keep(portal, proof, Purpose.INSTALLER, now)

    async def _keep(self, portal: Portal, proof: Proof, purpose: Purpose, now: datetime) -> None:
        known = [each for each in await self._uow.installations.grants(portal.id) if each.account == proof.account]
        purposes = frozenset({purpose}).union(*(each.purposes for each in known))
        self._uow.installations.keep(Grant(portal.id, proof.account, purposes, proof.pair, now))

    async def _take_host(
        self, portal: Portal, host: str, member_id: str, now: datetime, others: AbstractSet[int] = frozenset()
    ) -> Sequence[str]:
        """Point a host at this tenant. Whoever was reached there and is another company sleeps, with its data.

        `others` are known to be other companies, though not which.
        """
        held = [await self._uow.installations.portal_at(host), await self._uow.portals.by_key(host)]
        held += [await self._uow.portals.get(each) for each in sorted(others)]
        self._uow.installations.point(host, portal.id, now)
        former = []
        for each in {other.id: other for other in held if other is not None and other.id != portal.id}.values():
            if each.id not in others and each.member_id in (None, member_id):
                continue  # nobody knows yet whether it is another company
            theirs = await self._uow.installations.of(each.id)
            if theirs is not None and host_of(theirs.client_endpoint) != host:
                continue  # it had moved away by itself
            if theirs is not None:
                self._uow.installations.mark(
                    replace(theirs, state=InstallationState.ASLEEP, trouble=Trouble.HOST_TAKEN, trouble_since=now)
                )
            if each.is_active:
                self._uow.portals.put(replace(each, is_active=False))
                self._uow.events.append(InstallationTroubled(each.id, 0, Trouble.HOST_TAKEN, host))
            former.append(each.key)
        return former

    async def _awake(self, portal: Portal, now: datetime, *, is_awake: bool) -> Portal:
        if portal.is_active and not is_awake:
            portal = replace(portal, is_active=False)
            self._uow.portals.put(portal)
        elif is_awake and not portal.is_active:
            portal = await Portals(self._uow).wake(portal, now)
        return portal

    # One company, two tenants

    async def _offered(self, webhook: Portal, proof: Proof, now: datetime, *, asks: bool) -> None:
        """Tell the webhook's administrators of it, with a code where it is asked for; one that lives is told once."""
        if asks and await self._uow.links.lives(JOIN, webhook.key, proof.member_id, now):
            return  # whoever opens the page again types the code that was told
        code = self._offer(webhook, proof, now) if asks else ""
        self._uow.events.append(JoinOffered(webhook.id, 0, proof.host, code))

    def _offer(self, webhook: Portal, proof: Proof, now: datetime) -> str:
        """Make a code that the webhook's bot tells to its administrators, and the installation's page asks for."""
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        self._uow.links.add(
            Link(
                self._seals.hashes(code)[0],
                None,
                None,
                JOIN,
                now + JOIN_LIVES,
                realm=webhook.key,
                account=proof.member_id,
            )
        )
        return code

    async def join(self, member_id: str, code: str, now: datetime) -> Installed:
        """Let the application serve the tenant whose bot told the code; the one that was made for it sleeps."""
        link = await self._link(code)
        if link is None or link.channel != JOIN or link.account != member_id or link.expires_at <= now:
            raise LinkNotValid
        found, webhook = await self.of_company(member_id), await self._uow.portals.by_key(link.realm)
        if found is None or webhook is None or webhook.member_id is not None:
            raise LinkNotValid
        made, installation = found
        if installation.state is not InstallationState.WAITING:
            raise LinkNotValid  # it was removed meanwhile, or serves a tenant of its own
        self._uow.links.use(link)
        for each in await self._uow.installations.grants(made.id):
            self._uow.installations.keep(replace(each, portal_id=webhook.id))
        self._uow.installations.drop(made.id)
        installation = replace(
            installation, portal_id=webhook.id, state=_state_of(installation.trouble), installed_at=now
        )
        self._uow.installations.put(installation)
        self._uow.installations.name_company(webhook.id, member_id)
        self._uow.installations.point(host_of(installation.client_endpoint), webhook.id, now)
        await self._awake(made, now, is_awake=False)
        await self._moves_in(webhook, now)
        if installation.is_served:
            self._uow.events.append(ApplicationReady(webhook.id, 0))
        self._uow.audit.add(webhook.id, actor_id=None, subject_id=None, what="application joined", at=now)
        return Installed(webhook, installation, (made.key,))

    async def _moves_in(self, portal: Portal, now: datetime) -> None:
        """Let what stands in the webhook bot's chats be said anew: no bot can change another one's messages.

        A question is asked again by its words, which are answered in words; cards are made anew by whoever tells this.
        """
        dialogs = self._uow.dialogs
        chats = {
            (own.channel, own.conversation): (each, own)
            for each in await self._uow.employees.of_portal(portal.id)
            for own in each.identities
            if own.realm == portal.key
        }
        cards = []
        for channel in sorted({channel for channel, _ in chats}):
            for shown in await dialogs.shown(channel, portal.key):
                person, own = chats.get((channel, shown.conversation), (None, None))
                if person is None or own is None or person.is_disabled:
                    continue
                state = await dialogs.get(channel, portal.key, shown.conversation)
                if state is not None and state.slot == shown.slot:
                    place = (own.channel, own.realm, own.account, own.conversation)
                    to = Address(portal.id, *place, person.locale, person.zone)
                    self._uow.outbox.add(to, shown.say, at=now)
                elif shown.has_buttons:
                    cards.append((person.id, shown.slot))
            dialogs.forget_shown(channel, portal.key)
        self._uow.events.append(ApplicationJoined(portal.id, 0, tuple(dict.fromkeys(cards))))

    async def _link(self, code: str) -> Link | None:
        digits = "".join(each for each in code if each.isdigit())
        for name in self._seals.hashes(digits):
            if (link := await self._uow.links.get(name)) is not None:
                return link
        return None

    async def begin_anew(self, member_id: str, now: datetime) -> Installed | None:
        """Let the application serve a tenant of its own, for an administrator said that it is another company."""
        found = await self.of_company(member_id)
        if found is None:
            return None
        portal, installation = found
        if installation.state is InstallationState.WAITING:
            installation = replace(installation, state=_state_of(installation.trouble))
            self._uow.installations.mark(installation)
            portal = await self._awake(portal, now, is_awake=True)
            if installation.is_served:
                self._uow.events.append(ApplicationReady(portal.id, 0))
        return Installed(portal, installation)

    # Changes

    async def uninstall(
        self, member_id: str, now: datetime, *, clean: bool, at: datetime | None = None
    ) -> Portal | None:
        """Let a portal sleep, with what runs on routes ended (E66); `at` is when it was removed, by the portal.

        What the law allows goes where its administrator asked for that; whoever removes it later without that wish
        takes a former one back. A removal from before the last installation, late or shown again, changes nothing.
        """
        found = await self.of_company(member_id)
        if found is None:
            return None
        portal, installation = found
        last = installation.last_installed_at
        if at is not None and last is not None and at < last:
            self._uow.audit.add(portal.id, actor_id=None, subject_id=None, what="former removal ignored", at=now)
            return None
        self._uow.installations.drop_grants(portal.id)
        self._uow.web_sessions.end_of_portal(portal.id, now)
        await Keys(self._uow).end_of_portal(portal.id, now)
        await Outcomes(self._uow).end_of_portal(portal.id, now)
        asleep = replace(installation, state=InstallationState.ASLEEP, trouble=None, trouble_since=None)
        self._uow.installations.put(replace(asleep, application_token=""))
        await Courses(self._uow).freeze(portal.id, now)
        await self._reached(portal, is_reachable=False)
        self._uow.jobs.cancel(portal.id, GONE, "")
        asleep_portal = replace(without_origins(portal), is_active=False)
        if asleep_portal != portal:
            self._uow.portals.put(asleep_portal)
        portal = asleep_portal
        self._uow.objects.forget_portal(portal.id)  # what happens until it comes back, nobody tells
        if clean:
            await PersonalData(self._uow).clean_all(portal, now)
        else:
            await PersonalData(self._uow).keep_all(portal)
        what = "application removed, data too" if clean else "application removed"
        self._uow.audit.add(portal.id, actor_id=None, subject_id=None, what=what, at=now)
        return portal

    async def trouble(self, key: str, trouble: Trouble, now: datetime) -> bool:
        """Note what is wrong with the application on a portal; whether that was news."""
        found = await self._uow.installations.by_key(key)
        if found is None or found[1].state is InstallationState.ASLEEP or found[1].trouble is trouble:
            return False
        portal, installation = found
        self._uow.installations.mark(
            replace(installation, state=InstallationState.TROUBLED, trouble=trouble, trouble_since=now)
        )
        self._uow.events.append(InstallationTroubled(portal.id, 0, trouble, host_of(installation.client_endpoint)))
        self._uow.audit.add(portal.id, actor_id=None, subject_id=None, what=f"trouble {trouble.value}", at=now)
        if trouble in _GONE:
            self._uow.jobs.keep(Job(new_id(), portal.id, GONE, "", now + GONE_AFTER, {}))
        return True

    async def mended(self, member_id: str, now: datetime) -> Installed | None:
        """Note that a portal says that what was wrong is well again, as it does when it is paid for."""
        found = await self.of_company(member_id)
        if found is None or found[1].trouble is not Trouble.UNPAID:
            return None
        portal, installation = found
        installation = replace(installation, state=InstallationState.ACTIVE, trouble=None, trouble_since=None)
        self._uow.installations.mark(installation)
        self._uow.events.append(InstallationMended(portal.id, 0))
        return Installed(await self._awake(portal, now, is_awake=True), installation)

    async def moved(self, key: str, client_endpoint: str, now: datetime) -> Sequence[str]:
        """Note where a portal is now, as the authorisation server told it; returns keys of whoever was there."""
        found = await self._uow.installations.by_key(key)
        if found is None:
            return ()
        portal, installation = found
        is_lost = installation.trouble is Trouble.MOVED
        installation = replace(
            installation,
            client_endpoint=client_endpoint,
            state=InstallationState.ACTIVE if is_lost else installation.state,
            trouble=None if is_lost else installation.trouble,
            trouble_since=None if is_lost else installation.trouble_since,
        )
        self._uow.installations.mark(installation)
        self._uow.installations.move(installation)
        self._uow.audit.add(portal.id, actor_id=None, subject_id=None, what="portal moved", at=now)
        return await self._take_host(portal, host_of(client_endpoint), portal.member_id or "", now)

    async def agree(self, member_id: str, proof: Proof, purpose: Purpose, now: datetime) -> Installed:
        """Keep somebody's tokens, for they agreed: an administrator's to stand in, anybody's for their own tasks.

        Where nobody's access was left, the application works again by an administrator's who stands in.
        """
        found = await self.of_company(member_id)
        if found is None or proof.member_id != member_id or (purpose is Purpose.STAND_IN and not proof.is_admin):
            raise LinkNotValid
        portal, installation = found
        if installation.state is InstallationState.ASLEEP:
            raise LinkNotValid  # it was removed: whoever installs it says what is kept
        await self._keep(portal, proof, purpose, now)
        if purpose is Purpose.TASKS:
            self._uow.events.append(OwnTasksAllowed(portal.id, 0, proof.account))
        self._uow.audit.add(portal.id, actor_id=None, subject_id=None, what=f"access kept: {purpose.value}", at=now)
        if purpose is Purpose.STAND_IN and installation.trouble is Trouble.GRANT_LOST:
            installation = replace(installation, state=InstallationState.ACTIVE, trouble=None, trouble_since=None)
            self._uow.installations.mark(installation)
            self._uow.events.append(InstallationMended(portal.id, 0))
        return Installed(portal, installation)

    async def access_of(self, portal_id: int) -> Sequence[Grant] | None:
        """Return by whose access the application works on a portal, the first to be used first; None without one."""
        found = await self._uow.installations.of(portal_id)
        if found is None or found.state is InstallationState.ASLEEP:
            return None
        grants = [each for each in await self._uow.installations.grants(portal_id) if set(ERRANDS) & each.purposes]
        return [*in_order(grants), *(each for each in grants if each.is_lost)]

    async def end_stand_in(self, actor: Employee, account: str, now: datetime) -> None:
        """Let somebody's access be used no longer; what they let us keep for another purpose stays."""
        check(actor, Right.INTEGRATE)
        for each in await self._uow.installations.grants(actor.portal_id):
            if each.account != account or Purpose.STAND_IN not in each.purposes:
                continue
            left = each.purposes - {Purpose.STAND_IN}
            if left:
                self._uow.installations.keep(replace(each, purposes=left))
            else:
                self._uow.installations.drop_grants(actor.portal_id, account)
            self._uow.audit.add(
                actor.portal_id, actor_id=actor.id, subject_id=None, what="access ended: stand_in", at=now
            )

    async def administrators(self, portal_id: int) -> Sequence[Employee]:
        """Return who is told about the application on a portal."""
        everybody = await self._uow.employees.of_portal(portal_id)
        return [each for each in everybody if each.role is Role.ADMIN and not each.is_disabled]


def host_of(endpoint: str) -> str:
    """Return the name in an address, with a port that is not the usual one."""
    return endpoint.partition("://")[2].partition("/")[0].lower()


def _is_none_of(proof: Proof, installation: Installation) -> bool:
    """Whether it is not theirs to change: what is there, administrators change, and a colleague what is of their own.

    Whose tenant it is, only an administrator has to say.
    """
    if proof.is_admin or installation.state is InstallationState.ASLEEP:
        return False
    is_own = installation.trouble is Trouble.NO_ADMINISTRATOR and installation.installed_by == proof.account
    return installation.state is InstallationState.WAITING or not is_own


def _latest(one: datetime | None, other: datetime) -> datetime:
    return other if one is None or one < other else one


def _state_of(trouble: Trouble | None) -> InstallationState:
    return InstallationState.ACTIVE if trouble is None else InstallationState.TROUBLED
