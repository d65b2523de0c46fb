"""The card of a request on a route: its words, and as buttons what a reader can do with it now and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.actions import Action
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.people.employee import Employee, Identity
from bot.ids import long, short
from bot.messages import NO_BUTTONS, Button, Keyboard, Say
from bot.services.approvals.courses import Standing
from bot.services.approvals.possible import may_withdraw
from bot.services.approvals.seals import Seals
from bot.text import Lines, t, tn
from bot.words.routed import card
from handlers.cards.requests import CardSlots, page_of

SLOTS = CardSlots("routed")
slot_of, request_of = SLOTS.of, SLOTS.request_in


@dataclass(frozen=True, slots=True)
class RoutedPressed(Action, code="ar1"):
    """A button of whoever is asked: which seat, what, which round, and the seal.

    a approve, r reject, b send back, n send back without a word, q ask, c comment, d hand over, u take back
    """

    seat: str
    what: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True)
class RoutedOwnPressed(Action, code="ao1"):
    """A button of whoever began it: w withdraw, s send again as it is, c say something to those who are asked."""

    request: str
    what: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True)
class RoutedFilesPressed(Action, code="af1"):
    """Send the files of a request, from the one at that place on."""

    request: str
    place: int
    seal: str


@dataclass(frozen=True, slots=True)
class RoutedChangePressed(Action, code="ao2"):
    """Whoever began it changes its fields before it is sent again."""

    request: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True)
class RoutedAgainPressed(Action, code="ao3"):
    """Whoever asked for what has ended asks for it again, as a new request."""

    request: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True)
class RecordPressed(Action, code="ar4"):
    """The approval sheet (place -1), or the history from a line on."""

    request: str
    place: int

    def __post_init__(self) -> None:
        """Take no forged words for a request."""
        long(self.request)


def keyboard(standing: Standing, identity: Identity, reader: Employee, seals: Seals) -> Keyboard:
    """Offer what a reader can do now, and nothing else."""
    rows: list[tuple[Button, ...]] = []
    rows += _seat_rows(standing, identity, reader, seals)
    if reader.id == standing.request.initiator_id:
        rows += _own_rows(standing, identity, seals)
    if standing.request.present_files:
        rows.append((files_button(standing.request, 0, identity, seals),))
    if not standing.request.is_open:
        rows.append((sheet_button(standing.request),))
    page = page_of(standing.request.id) if standing.request.seat_of(reader.id) is not None else ""
    return Keyboard(tuple(rows), page) if rows else NO_BUTTONS


def sheet_button(request: RoutedRequest) -> Button:
    """Return the button that sends the approval sheet."""
    return Button(t("📄 Sheet"), RecordPressed(short(request.id), -1))


def seat_press(seat_id: int, what: str, round_: int, identity: Identity, seals: Seals) -> RoutedPressed:
    """Return the sealed press of a seat for an account."""
    seal = seals.of(seat_id, what, round_, identity.channel, identity.account)
    return RoutedPressed(short(seat_id), what, round_, seal)


def _seat_rows(standing: Standing, identity: Identity, reader: Employee, seals: Seals) -> list[tuple[Button, ...]]:
    request = standing.request
    mark = request.seat_of(reader.id)
    track = None if mark is None else standing.track(mark.track)

    def press(seat_id: int, what: str) -> RoutedPressed:
        return seat_press(seat_id, what, request.round, identity, seals)

    rows: list[tuple[Button, ...]] = []
    if mark is not None and track is not None:
        rows.append(
            (
                Button(t("✅ Approve"), press(mark.id, "a"), style="success"),
                Button(t("❌ Reject"), press(mark.id, "r"), style="danger"),
            )
        )
        seat = standing.seat(mark)
        can_give = seat is not None and seat.delegations_left > 0
        scope = standing.template.route.policy.delegation.scope
        more = []
        if "return" in track.actions:
            back = t("↩️ Send back (last round: rejects)") if standing.is_last_round else t("↩️ Send back")
            more.append(Button(back, press(mark.id, "b")))
        if "delegate" in track.actions and can_give and scope != "none":
            more.append(Button(t("➡️ Hand over"), press(mark.id, "d")))
        if "ask" in track.actions:
            more.append(Button(t("❓ Ask"), press(mark.id, "q")))
        if "comment" in track.actions:
            more.append(Button(t("💬 Comment"), press(mark.id, "c")))
        rows += [tuple(more[at : at + 2]) for at in range(0, len(more), 2)]
    if (back_mark := standing.undoable(reader)) is not None:
        rows.append((Button(t("↩️ Take back"), press(back_mark.id, "u")),))
    return rows


def _own_rows(standing: Standing, identity: Identity, seals: Seals) -> list[tuple[Button, ...]]:
    request = standing.request
    if not request.is_open:
        if request.state == "approved":
            return []
        seal = seals.of(request.id, "own g", request.round, identity.channel, identity.account)
        return [(Button(t("🔁 Ask again"), RoutedAgainPressed(short(request.id), request.round, seal)),)]

    rows: list[tuple[Button, ...]] = []
    if standing.running.status == "rework":
        seal = seals.of(request.id, "own f", request.round, identity.channel, identity.account)
        change = RoutedChangePressed(short(request.id), request.round, seal)
        rows.append(
            (
                Button(t("✏️ Change and send again"), change),
                Button(t("📨 Send as it is"), _own_press(request, "s", identity, seals)),
            )
        )
    if may_withdraw(standing):
        rows.append((Button(t("Withdraw"), withdraw_own(request, identity, seals)),))
    return rows


def files_button(request: RoutedRequest, place: int, identity: Identity, seals: Seals) -> Button:
    """Return the button that sends a request's files from a place on."""
    seal = seals.of(request.id, "files", 0, identity.channel, identity.account)
    count = len(request.present_files) - place
    words = tn("📎 {count} file", "📎 {count} files", count) if not place else t("📎 More: {count}", count=count)
    return Button(words, RoutedFilesPressed(short(request.id), place, seal))


def withdraw_own(request: RoutedRequest, identity: Identity, seals: Seals) -> RoutedOwnPressed:
    """Return the press by which the person who asked takes it back."""
    return _own_press(request, "w", identity, seals)


def answer_own(request: RoutedRequest, identity: Identity, seals: Seals) -> RoutedOwnPressed:
    """Return the press by which the person who asked answers a question."""
    return _own_press(request, "c", identity, seals)


def _own_press(request: RoutedRequest, what: str, identity: Identity, seals: Seals) -> RoutedOwnPressed:
    seal = seals.of(request.id, f"own {what}", request.round, identity.channel, identity.account)
    return RoutedOwnPressed(short(request.id), what, request.round, seal)


class CardTexts:
    """What a request's card says, once for all who read it in one language and by one clock."""

    def __init__(self, standing: Standing) -> None:
        """Tell of where a request stands."""
        self.standing = standing
        self._texts: dict[tuple[str, str], Lines] = {}

    def of(self, reader: Employee) -> Lines:
        """Return what a reader's card says."""
        found = self._texts.get((reader.locale, reader.zone))
        if found is None:
            found = self._texts[reader.locale, reader.zone] = card(self.standing, reader)
        return found


def maker(texts: CardTexts, person: Employee, seals: Seals, *, edit: bool = False) -> Callable[[Identity], Say]:
    """Return what makes a person's card for one of their accounts: its buttons are sealed for that account.

    With `edit`, it changes the card that is shown there, and is none where none is.
    """
    standing, text = texts.standing, texts.of(person)
    slot = slot_of(standing.request.id)

    def make(identity: Identity) -> Say:
        buttons = keyboard(standing, identity, person, seals)
        return Say(text, buttons, slot=slot, edit=edit, only_if_shown=edit)

    return make
