"""Setting a portal up without a shell: how far it is, a Telegram bot's token, and the people read at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.installation import Installation, InstallationState, missing_rights
from bot.domain.outage import Outage
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.messages import DeliveryError
from bot.ports import UnitOfWork
from bot.ports.premises import STARTING, BotStanding, PortalStanding
from bot.services.premises import Premises
from bot.services.unit_service import UnitService
from bot.text import t

_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")


class TokenRefused(Refusal):
    """A token that opens no bot."""

    code = "token_refused"

    def __init__(self) -> None:
        """Say where a right one is."""
        super().__init__(
            t(
                "Telegram does not know this token. Please copy it once more from @BotFather, all of it: it looks like "
                "123456789:AAE… What was connected before stays so."
            )
        )


class TelegramOutOfReach(Refusal):
    """The token could not be tried."""

    code = "telegram_out_of_reach"

    def __init__(self) -> None:
        """Ask for it once more."""
        super().__init__(t("Telegram does not answer now, so nothing was changed. Please try again in a minute."))


class TokenByOperator(Refusal):
    """The token is not this portal's to bring."""

    code = "token_by_operator"

    def __init__(self) -> None:
        """Say who can."""
        super().__init__(
            t("The Telegram bot of this service is connected by whoever runs it: the setting is TELEGRAM_BOT_TOKEN.")
        )


class Step(StrEnum):
    """What there is to do until people can work with the bot."""

    PORTAL = "portal"
    RIGHTS = "rights"
    BOT = "bot"
    MESSENGER = "messenger"
    PEOPLE = "people"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class SetUpState:
    """How far a portal is."""

    host: str
    installation: Installation | None
    """The application on it; None where it is served by an incoming webhook."""
    standing: PortalStanding | None
    rights: Sequence[str] | None
    """None where nobody can tell now."""
    bot: BotStanding | None
    may_bring_token: bool
    people: int
    templates: int

    @property
    def missing(self) -> Sequence[str]:
        """The rights that the bot cannot do without and does not have."""
        return () if self.rights is None else missing_rights(frozenset(self.rights))

    def is_done(self, step: Step) -> bool:
        """Whether nothing is left to do about a step."""
        match step:
            case Step.PORTAL:
                return self.standing is not None and (self.standing.outage is None or self._is_coming)
            case Step.RIGHTS:
                return self.rights is not None and not self.missing
            case Step.BOT:
                return self.standing is not None and self.standing.outage is None
            case Step.MESSENGER:
                return self.bot is not None and self.bot.is_connected and self.bot.error is None
            case Step.PEOPLE:
                return self.people > 1
            case Step.TEMPLATE:
                return self.templates > 0

    @property
    def left(self) -> Sequence[Step]:
        """The steps that are left."""
        return [each for each in Step if not self.is_done(each)]

    @property
    def _is_coming(self) -> bool:
        return self.standing is not None and self.standing.heard_at is not None


@dataclass(frozen=True, slots=True)
class Care:
    """What went wrong on a portal and waits for an administrator."""

    outage: Outage | None
    bot_trouble: str | None
    """Why Telegram does not work, in one word as `Channel.health` has it; None where it does."""
    errands: int
    messages: int


class SetUp(UnitService):
    """Looks how far a portal is, and does what a page can do about it."""

    def __init__(self, uow: UnitOfWork, premises: Premises) -> None:
        """Work in `uow`; `premises` is the running service."""
        super().__init__(uow)
        self._premises = premises

    async def look(self, actor: Employee, portal: Portal) -> SetUpState:
        """Return how far a portal is; only whoever sets it up may see it."""
        check(actor, Right.INTRODUCE)
        installation = await self._uow.installations.of(portal.id)
        if installation is not None and installation.state is InstallationState.ASLEEP:
            installation = None
        portals = self._premises.portals
        standing = portals.standing(portal.key) if portals else None
        rights: Sequence[str] | None = None
        if installation is not None:
            rights = sorted(installation.scope)
        elif portals is not None:
            rights = await portals.rights(portal.key)
        everybody = await self._uow.employees.of_portal(portal.id)
        templates = await self._uow.templates.of_portal(portal.id)
        return SetUpState(
            host=_host(portal, installation),
            installation=installation,
            standing=standing,
            rights=rights,
            bot=self._premises.token.standing() if self._premises.token else None,
            may_bring_token=await self._may_bring(portal),
            people=sum(not each.is_disabled for each in everybody),
            templates=sum(each.is_on for each in templates),
        )

    async def care(self, actor: Employee, portal: Portal) -> Care:
        """Return what an administrator should look at; nobody is asked for it but us."""
        check(actor, Right.RESEND)
        standing = self._premises.portals.standing(portal.key) if self._premises.portals else None
        bot = self._premises.token.standing() if self._premises.token else None
        return Care(
            outage=standing.outage if standing else None,
            bot_trouble=(bot.why or "server") if bot and bot.error and bot.error != STARTING else None,
            errands=len(await self._uow.errands.failed(portal.id)),
            messages=sum(await self._uow.failures.of(portal)),
        )

    async def bring_token(self, actor: Employee, portal: Portal, said: str, now: datetime) -> str:
        """Connect the Telegram bot of a token, tried first; return its name. A refused one changes nothing."""
        check(actor, Right.INTRODUCE)
        token = said.strip()
        if self._premises.token is None or not await self._may_bring(portal):
            raise TokenByOperator
        if not _TOKEN.fullmatch(token):
            raise TokenRefused
        try:
            name = await self._premises.token.connect(token, portal.id)
        except DeliveryError as error:
            if error.kind == "credentials":
                raise TokenRefused from None
            raise TelegramOutOfReach from None
        self._uow.audit.add(portal.id, actor_id=actor.id, subject_id=None, what=f"telegram token kept: @{name}", at=now)
        return name

    def read_people(self, actor: Employee, portal: Portal) -> bool:
        """Have the people of a portal read at once; False where that is not possible from here."""
        check(actor, Right.INTRODUCE)
        return self._premises.portals is not None and self._premises.portals.read_people(portal.key)

    async def _may_bring(self, portal: Portal) -> bool:
        """Whether the token is the portal's to bring: nobody gave one, and the bot would be no other company's."""
        token = self._premises.token
        if token is None or token.standing().is_given:
            return False
        return [portal.id] == [each.id for each in await self._uow.portals.active()]


def _host(portal: Portal, installation: Installation | None) -> str:
    if installation is None:
        return portal.key
    return installation.client_endpoint.partition("://")[2].partition("/")[0]
