"""In which company a message of an account of several acts, and how what it is told says of which company it is.

A press, an answer to a card and a link act in the company of the card or the link; free words in the one that was
chosen last. Whoever belongs to one company pays nothing for this: the row of the account tells it, and is read anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.actions import Action, UnknownAction
from bot.dispatch.turn import Turn
from bot.domain.people.employee import Employee, Identity
from bot.domain.portal import Portal
from bot.messages import Button, Incoming, IncomingKind, Keyboard, Say, State
from bot.ports import UnitOfWork
from bot.services.people.companies import LONG_SILENT, Companies, Company, title_of
from bot.services.people.linking import Linking
from bot.services.wiring import Services
from bot.text import lines, t, verbatim

COMPANIES = "company"
"""The slot of what concerns the account and no company of it: such messages name none."""
_LIVE = frozenset({"check_in", "check_out", "break_start", "break_end"})
_LIVE_COMMANDS = frozenset({"checkin", "checkout", "break", "back"})


@dataclass(frozen=True, slots=True)
class WhichCompany(State):
    """We asked in which company a mark was meant."""

    said: str = ""
    said_at: float = 0.0

    @property
    def slot(self) -> str:
        """It is no company's."""
        return COMPANIES


@dataclass(frozen=True, slots=True)
class CompanyPressed(Action, code="cmp"):
    """That company."""

    place: int
    """The portal's id."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message as it acts: in which company, who it is there, and the companies of an account that has several."""

    incoming: Incoming
    employee: Employee
    companies: Sequence[Company] = ()
    is_clear: bool = True
    """Whether the message itself says which company it is about, or one did not long ago."""
    chosen: int | None = None
    """The portal in which free words act from now on, where the message says so."""


async def in_its_company(incoming: Incoming, employee: Employee, services: Services, now: datetime) -> Spoken:
    """Return a message of an account as it acts in one of its companies."""
    own = employee.owning(incoming.channel, incoming.realm, incoming.sender.account)
    if own is None or own.chosen_id is None:
        return Spoken(incoming, employee)
    its = services.get(Companies)
    companies = await its.settled(await its.of(incoming.channel, incoming.sender.account))
    if len(companies) < 2:
        return Spoken(incoming, companies[0].employee if companies else employee)
    first = companies[0].identity
    meant = await _meant(incoming, companies, services, now)
    company = meant.company or _chosen(companies, first.chosen_id)
    is_fresh = first.spoken_at is not None and now - first.spoken_at <= LONG_SILENT
    for each in companies:
        if not each.identity.is_reachable:  # whoever writes can be written to, of whichever company it is
            services.uow.employees.set_reachable(each.employee, each.identity, is_reachable=True)
    known = await services.uow.employees.get(company.portal.id, company.employee.id) or company.employee
    spoken = replace(meant.incoming, realm=company.identity.realm)
    chosen = company.portal.id if meant.is_choice else None
    return Spoken(spoken, known, companies, meant.company is not None or is_fresh, chosen)


async def found_again(incoming: Incoming, services: Services) -> Employee | None:
    """Return who an account is whose first company is gone, its person erased: the next company comes first."""
    if incoming.realm:
        return None
    its = services.get(Companies)
    companies = await its.settled(await its.of(incoming.channel, incoming.sender.account))
    return companies[0].employee if companies else None


def _chosen(companies: Sequence[Company], portal_id: int | None) -> Company:
    """Return where free words act: in the chosen company, or in another where that one sleeps or shut them out."""
    last = next((each for each in companies if each.portal.id == portal_id), companies[0])
    return last if last.is_open else next((each for each in companies if each.is_open), last)


@dataclass(frozen=True, slots=True)
class _Meant:
    """A message, and the company that it names itself, if it does."""

    incoming: Incoming
    company: Company | None = None
    is_choice: bool = False


async def _meant(incoming: Incoming, companies: Sequence[Company], services: Services, now: datetime) -> _Meant:
    """Return which company a message names: by its button, by the card that it is about, by a link, by an answer."""
    by_id = {each.portal.id: each for each in companies}
    is_press, uow = incoming.kind is IncomingKind.PRESS, services.uow
    if is_press and (picked := by_id.get(_pressed(incoming.data))) is not None:
        asked = await _asked(incoming, companies, uow)
        return _Meant(incoming if asked is None else _said_then(incoming, *asked, uow, now), picked, is_choice=True)
    if about := incoming.message if is_press else incoming.reply_to:
        portal_id = await uow.dialogs.company_of(incoming.channel, incoming.conversation, about)
        if portal_id is None or portal_id in by_id:
            return _Meant(incoming, companies[0] if portal_id is None else by_id[portal_id])
        # The card is of a company that the account has left: it does nothing in any other.
        return _Meant(replace(incoming, data="", reply_to=""))
    if incoming.kind is not IncomingKind.TEXT:
        return _Meant(incoming)
    command, _, token = incoming.text.strip().partition(" ")
    if command == "/start" and token:
        return _Meant(incoming, by_id.get(await services.get(Linking).portal_of(token.strip(), now)))
    if (asked := await _asked(incoming, companies, uow)) is not None:
        named_one = Companies.called(companies, incoming.text)
        if named_one is not None:
            return _Meant(_said_then(incoming, *asked, uow, now), named_one, is_choice=True)
    return _Meant(incoming)


def _pressed(data: str) -> int:
    try:
        action = Action.unpack(data)
    except UnknownAction:
        return 0
    return action.place if isinstance(action, CompanyPressed) else 0


async def _asked(
    incoming: Incoming, companies: Sequence[Company], uow: UnitOfWork
) -> tuple[Company, WhichCompany] | None:
    """Return the open question in which company something was meant, and in whose chat it stands."""
    for each in companies:
        state = await uow.dialogs.get(incoming.channel, each.identity.realm, incoming.conversation)
        if isinstance(state, WhichCompany):
            return each, state
    return None


def _said_then(incoming: Incoming, asked_in: Company, state: WhichCompany, uow: UnitOfWork, now: datetime) -> Incoming:
    """Return what was said before it was asked about, as if it had come only now: it counts for when it was said."""
    realm = asked_in.identity.realm
    uow.dialogs.put(asked_in.portal.id, incoming.channel, realm, incoming.conversation, None)
    to = replace(incoming, realm=realm).answered(asked_in.portal.id, asked_in.employee.locale, asked_in.employee.zone)
    uow.outbox.strip(to, COMPANIES, at=now)
    said_at = datetime.fromtimestamp(state.said_at, UTC)
    return replace(incoming, kind=IncomingKind.TEXT, text=state.said, data="", message="", reply_to="", sent_at=said_at)


def asks_which(spoken: Spoken, turn: Turn) -> Say | None:
    """Return the question in which company a mark is meant; None where that is clear, or it is no live mark."""
    usable = [each for each in spoken.companies if each.is_open]
    if spoken.is_clear or len(usable) < 2 or not _is_live(turn):
        return None
    return Say(t("In which company?"), company_buttons(usable), slot=COMPANIES)


def company_buttons(companies: Sequence[Company]) -> Keyboard:
    """Return a button for each company; where two are called alike, their addresses tell them apart."""
    names = [each.title for each in companies]
    shown = [
        verbatim(each.title if names.count(each.title) == 1 else f"{each.title} ({each.portal.key})")
        for each in companies
    ]
    return Keyboard.of(
        *(Button(name, CompanyPressed(each.portal.id)) for name, each in zip(shown, companies, strict=True))
    )


def _is_live(turn: Turn) -> bool:
    if turn.message.kind is not IncomingKind.TEXT:
        return False
    command, _, rest = turn.message.text.strip().removeprefix("/").partition(" ")
    if turn.message.text.lstrip().startswith("/"):
        return command.casefold() in _LIVE_COMMANDS and not rest.strip()
    understood = turn.understood
    if understood.ambiguous:
        return any(each.intent in _LIVE for each in understood.ambiguous)
    return understood.intent in _LIVE and "at" not in understood.slots


def named(say: Say, identity: Identity | None, portal: Portal) -> Say:
    """Return a message as an account of several companies reads it: with the company's name above."""
    if identity is None or not identity.is_shared or say.slot == COMPANIES:
        return say
    return replace(say, text=lines(t("🏢 {company}", company=title_of(portal)), say.text))
