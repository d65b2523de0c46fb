"""The conversation side of a unit of work: dialogs, one-time links, messages to send, and the audit trail."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.audited import Audited
from bot.ids import ID_BITS, new_id
from bot.messages import ASKED, Address, Replied, Say, State
from bot.ports import InChat, Link
from storage import schema
from storage.engines.engine import Reader, Write
from storage.message_json import attachment_values, say_text
from storage.part import Part
from storage.rows import Row, clean, compact, millis
from storage.shape import Form, Shape
from storage.sql import conversations, queues, service

Place = tuple[str, str, str]
Now = Callable[[], int]
_STRANGERS = Form(lambda portal_id: portal_id or None, lambda portal_id: portal_id or 0)
_AUDITED = Shape(Audited, schema.audit)
_LATEST = 2**62
_LINK = Shape(Link, schema.link, forms={"portal_id": _STRANGERS})


class Dialogs(Part):
    """The question each conversation waits on."""

    def __init__(self, engine: Reader, now: Now) -> None:
        """Read through `engine`; `now` tells the wall clock in milliseconds."""
        super().__init__(engine)
        self._now = now
        self._read: dict[Place, State | None] = {}
        self._noted: dict[Place, tuple[int, State | None]] = {}

    def remember(self, place: Place, rows: Sequence[Row]) -> State | None:
        """Keep a dialog that was read; one of a version that no longer exists is none."""
        state = State.from_json(json.loads(rows[0][0])) if rows else None
        self._read[place] = state
        return state

    async def get(self, channel: str, realm: str, conversation: str) -> State | None:
        """Return the open question; one that expired or that no longer exists in this version is None."""
        place = (channel, realm, conversation)
        if place in self._noted:
            return self._noted[place][1]
        if place in self._read:
            return self._read[place]
        values = {"channel": channel, "realm": realm, "conversation": conversation, "now": self._now()}
        rows = await self._rows(conversations.GET_DIALOG, values)
        return self.remember(place, rows)

    async def replied(self, channel: str, realm: str, conversation: str, message: str) -> Replied:
        """Return what is known of a message of the conversation that somebody answers."""
        place = {"channel": channel, "realm": realm, "conversation": conversation}
        rows = await self._rows(conversations.SLOT_OF, {**place, "message": clean(message)})
        if not rows:
            return Replied()
        slot, said, has_buttons = rows[0]
        about = {**place, "like": f"{ASKED}:{slot}:%", "yes": True}
        asked = await self._rows(conversations.ASKED_ABOUT, about)
        asked_slot, asked_id = asked[0] if asked else ("", said)
        return Replied(str(slot), self._age(said), bool(has_buttons), str(asked_slot), self._age(asked_id))

    async def company_of(self, channel: str, conversation: str, message: str) -> int | None:
        """Return of which portal a message to an account of several companies is; None: of its first one."""
        values = {"channel": channel, "conversation": conversation, "message": clean(message)}
        rows = await self._rows(conversations.COMPANY_OF, values)
        return int(rows[0][0]) if rows else None

    def _age(self, outbox_id: int) -> timedelta:
        """Return how long ago a message was queued, which its id tells."""
        return timedelta(milliseconds=max(self._now() - (outbox_id >> ID_BITS), 0))

    async def shown(self, channel: str, realm: str) -> Sequence[InChat]:
        """Return what stands in the chats of a realm, in the order in which it was said."""
        rows = await self._rows(conversations.SHOWN_IN_REALM, {"channel": channel, "realm": clean(realm)})
        return [
            InChat(conversation, name, Say.from_json(json.loads(said), slot=name), bool(has_buttons))
            for conversation, name, said, has_buttons in rows
        ]

    def forget_shown(self, channel: str, realm: str) -> None:
        """Note that nothing that stands in the chats of a realm can be changed any more."""
        self._note(conversations.FORGET_SHOWN, {"channel": channel, "realm": clean(realm)})

    def put(self, portal_id: int, channel: str, realm: str, conversation: str, state: State | None) -> None:
        """Note the question, or None to end the dialog."""
        self._noted[channel, realm, conversation] = (portal_id, state)

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()

    def writes(self) -> list[Write]:
        """Return what was noted; ending a dialog that is known not to be there needs no write."""
        noted = list(self._writes)
        for (channel, realm, conversation), (portal_id, state) in self._noted.items():
            values = {"channel": channel, "realm": realm, "conversation": conversation}
            if state is not None:
                text = compact(state.to_json())
                more = {
                    "portal_id": portal_id,
                    "state": text,
                    "expires_at": self._now() + int(state.lives.total_seconds() * 1000),
                }
                noted.append(Write(conversations.PUT_DIALOG, {**values, **more}))
            elif self._read.get((channel, realm, conversation), State) is not None:
                noted.append(Write(conversations.END_DIALOG, values))
        return noted


class Links(Part):
    """One-time links."""

    def __init__(self, engine: Reader, now: Now) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._now = now

    async def get(self, token_hash: str) -> Link | None:
        """Return the link, used ones excluded."""
        rows = await self._rows(conversations.GET_LINK, {"token_hash": clean(token_hash)})
        return _LINK.read(rows[0]) if rows else None

    def add(self, link: Link) -> None:
        """Note a link; earlier unused links of the same employee, or of the same account, stop working."""
        values = {**_LINK.values(link), "used_at": None}
        drop = conversations.DROP_LINKS if link.employee_id is not None else conversations.DROP_CODES
        self._writes += [Write(drop, values), Write(conversations.ADD_LINK, values)]

    async def lives(self, channel: str, realm: str, account: str, now: datetime) -> bool:
        """Return whether an unused link that names an account, and no employee, still opens."""
        values = {"channel": channel, "realm": clean(realm), "account": clean(account), "now": millis(now)}
        return bool(await self._rows(conversations.LINK_LIVES, values))

    def use(self, link: Link) -> None:
        """Note that the link opened; a Conflict when somebody was faster."""
        self._note(conversations.USE_LINK, {"the_token_hash": link.token_hash, "now": self._now()}, 1)


def lane_of(to: Address) -> str:
    """Return the lane of a conversation: its messages are sent one after another."""
    return f"{to.channel}:{to.realm}:{to.conversation}"


class Outbox(Part):
    """What must be sent, written in the same transaction as what caused it."""

    def __init__(self, engine: Reader, now: Now) -> None:
        """`now` tells the wall clock in milliseconds."""
        super().__init__(engine)
        self._now = now

    def add(self, to: Address, say: Say, *, turn: str = "", at: datetime) -> None:
        """Note a message, and its file."""
        now = self._now()
        attachment_id = None
        if say.file is not None:
            attachment_id = new_id()
            file = {"id": attachment_id, "portal_id": to.portal_id, **attachment_values(say.file)}
            self._note(queues.ATTACHMENT_ADD, file)
        values = {
            "id": new_id(),
            "portal_id": to.portal_id,
            "channel": to.channel,
            "realm": to.realm,
            "conversation": to.conversation,
            "account": to.account,
            "lane": lane_of(to),
            "locale": to.locale,
            "zone": to.zone,
            "turn": turn,
            "say": say_text(say),
            "slot": say.slot,
            "edit": say.edit,
            "only_if_shown": say.only_if_shown,
            "shown_as": None,
            "created_at": millis(at),
            "state": "waiting",
            "stored_at": now,
            "due_at": now,
            "leased_until": 0,
            "worker": "",
            "tries": 0,
            "error": "",
            "receipt": "",
            "attachment_id": attachment_id,
        }
        self._note(queues.OUTBOX_ADD, values)

    def strip(self, to: Address, slot: str, *, at: datetime) -> None:
        """Note that the message which is shown in a slot loses its buttons, where it has any."""
        values = {"channel": to.channel, "realm": to.realm, "conversation": to.conversation, "slot": slot}
        cleanup = {
            "account": to.account,
            "lane": lane_of(to),
            "cleanup_id": new_id(),
            "created_at": millis(at),
            "now": self._now(),
            "yes": True,
        }
        self._writes += [
            Write(conversations.STRIP_SLOT, {**values, **cleanup}),
            Write(conversations.UNBUTTON_SLOT, {**values, "no": False}),
        ]


class Audit(Part):
    """An append-only record of who changed what about whom."""

    def add(self, portal_id: int, *, actor_id: int | None, subject_id: int | None, what: str, at: datetime) -> None:
        """Note a change."""
        values = {
            "id": new_id(),
            "portal_id": portal_id,
            "actor_id": actor_id,
            "subject_id": subject_id,
            "what": clean(what),
            "at": millis(at),
        }
        self._note(service.ADD_AUDIT, values)

    async def page(
        self, portal_id: int, *, person_id: int | None, before: tuple[datetime, int] | None, size: int
    ) -> Sequence[Audited]:
        """Return the next changes before an instant and an id, the newest first: all, or those of one person."""
        at, row_id = (millis(before[0]), before[1]) if before else (_LATEST, 0)
        values = {"portal_id": portal_id, "at": at, "row_id": row_id, "size": size}
        if person_id is None:
            rows = await self._rows(service.AUDIT_PAGE, values)
        else:
            rows = await self._rows(service.AUDIT_PAGE_OF, {**values, "person_id": person_id})
        return [_AUDITED.read(each) for each in rows]
