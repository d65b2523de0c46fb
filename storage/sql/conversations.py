"""Statements about dialogs, one-time links and the slots of conversations."""

from typing import Any

from sqlalchemy import delete, select, update

from storage.engines.statement import Statement, flag, number, text_of, whole, word
from storage.schema import account_message, dialog, identity, link, outbox, slot

GET_DIALOG = Statement(
    "dialog",
    lambda _: select(dialog.c.state).where(
        dialog.c.channel == text_of("channel"),
        dialog.c.realm == text_of("realm"),
        dialog.c.conversation == text_of("conversation"),
        dialog.c.expires_at > number("now"),
    ),
)
END_DIALOG = Statement(
    "end dialog",
    lambda _: delete(dialog).where(
        dialog.c.channel == text_of("channel"),
        dialog.c.realm == text_of("realm"),
        dialog.c.conversation == text_of("conversation"),
    ),
    rank=60,
    lock="conversation",
)


def _put_dialog(insert: Any) -> Any:
    statement = insert(dialog)
    changed = {name: statement.excluded[name] for name in ("portal_id", "state", "expires_at")}
    return statement.on_conflict_do_update(index_elements=["channel", "realm", "conversation"], set_=changed)


PUT_DIALOG = Statement("put dialog", _put_dialog, rank=61, lock="conversation")

GET_LINK = Statement(
    "link",
    lambda _: select(*link.c).where(link.c.token_hash == text_of("token_hash"), link.c.used_at.is_(None)),
)
DROP_LINKS = Statement(
    "drop earlier links",
    lambda _: delete(link).where(
        link.c.employee_id == number("employee_id"), link.c.channel == text_of("channel"), link.c.used_at.is_(None)
    ),
    rank=70,
)
DROP_CODES = Statement(
    "drop earlier codes",
    lambda _: delete(link).where(
        link.c.account == text_of("account"),
        link.c.realm == text_of("realm"),
        link.c.channel == text_of("channel"),
        link.c.employee_id.is_(None),
        link.c.used_at.is_(None),
    ),
    rank=70,
)
LINK_LIVES = Statement(
    "link that lives",
    lambda _: select(link.c.token_hash).where(
        link.c.account == text_of("account"),
        link.c.realm == text_of("realm"),
        link.c.channel == text_of("channel"),
        link.c.employee_id.is_(None),
        link.c.used_at.is_(None),
        link.c.expires_at > number("now"),
    ),
)
ADD_LINK = Statement("add link", lambda insert: insert(link), rank=71)
USE_LINK = Statement(
    "use link",
    lambda _: (
        update(link)
        .where(link.c.token_hash == text_of("the_token_hash"), link.c.used_at.is_(None))
        .values(used_at=number("now"))
    ),
    rank=72,
    lock="the_token_hash",
    key="the_token_hash",
)

_THE_CONVERSATION = (
    slot.c.channel == text_of("channel"),
    slot.c.realm == text_of("realm"),
    slot.c.conversation == text_of("conversation"),
)
_THE_SLOT = (*_THE_CONVERSATION, slot.c.slot == text_of("slot"))
GET_SLOT = Statement("slot", lambda _: select(slot.c.message).where(*_THE_SLOT))
SLOT_OF = Statement(
    "slot of a message",
    lambda _: (
        select(slot.c.slot, slot.c.outbox_id, slot.c.has_buttons)
        .where(*_THE_CONVERSATION, slot.c.message == text_of("message"))
        .order_by(slot.c.outbox_id.desc())
        .limit(whole(1))
    ),
)
ASKED_ABOUT = Statement(
    "asked about a slot",
    lambda _: (
        select(slot.c.slot, slot.c.outbox_id)
        .where(*_THE_CONVERSATION, slot.c.slot.like(text_of("like")), slot.c.has_buttons == flag("yes"))
        .order_by(slot.c.outbox_id.desc())
        .limit(whole(1))
    ),
)
"""What was asked last about what stands in a slot, and is not answered."""
NEWER_SHOWN = Statement(
    "newer shown", lambda _: select(slot.c.outbox_id).where(*_THE_SLOT, slot.c.outbox_id > number("the_id"))
)
"""The slot where it shows what was said later than the message."""


def _strip(insert: Any, *conditions: Any) -> Any:
    """Queue an edit of the message that holds the slot now, unless it has no buttons."""
    constants: dict[str, Any] = {
        "turn": word(""),
        "slot": word(""),
        "edit": flag("yes"),
        "only_if_shown": flag("yes"),
        "created_at": number("created_at"),
        "state": word("waiting"),
        "stored_at": number("now"),
        "due_at": number("now"),
        "leased_until": whole(0),
        "worker": word(""),
        "tries": whole(0),
        "error": word(""),
        "receipt": word(""),
    }
    source = {
        "id": number("cleanup_id"),
        "portal_id": slot.c.portal_id,
        "channel": slot.c.channel,
        "realm": slot.c.realm,
        "conversation": slot.c.conversation,
        "account": text_of("account"),
        "lane": text_of("lane"),
        "locale": slot.c.locale,
        "zone": slot.c.zone,
        "say": slot.c.said,
        "shown_as": slot.c.message,
        **constants,
    }
    chosen = select(*(value.label(f"its_{name}") for name, value in source.items())).where(
        *_THE_SLOT, slot.c.has_buttons.is_(True), *conditions
    )
    return insert(outbox).from_select(list(source), chosen)


STRIP_FORMER = Statement("strip former", lambda insert: _strip(insert, slot.c.message != text_of("message")), rank=82)
"""The message that takes the slot is not concerned."""
STRIP_SLOT = Statement("strip slot", _strip, rank=82)
UNBUTTON_SLOT = Statement(
    "unbutton slot",
    lambda _: update(slot).where(*_THE_SLOT).values(has_buttons=flag("no")),
    rank=83,
    lock="conversation",
)


def _remember_former(insert: Any) -> Any:
    columns = [each.name for each in slot.c]
    values: dict[str, Any] = {each: slot.c[each] for each in columns}
    values |= {"slot": text_of("former").concat(slot.c.message), "has_buttons": flag("no")}
    chosen = select(*(value.label(f"its_{name}") for name, value in values.items())).where(
        *_THE_SLOT, slot.c.message != text_of("message")
    )
    return insert(slot).from_select(columns, chosen).on_conflict_do_nothing()


REMEMBER_FORMER = Statement("remember former", _remember_former, rank=82)
"""The message that stood in the slot is known still, whatever takes its place."""


def _take_slot(insert: Any) -> Any:
    statement = insert(slot)
    names = ("portal_id", "message", "outbox_id", "locale", "zone", "said", "has_buttons")
    return statement.on_conflict_do_update(
        index_elements=["channel", "realm", "conversation", "slot"],
        set_={name: statement.excluded[name] for name in names},
    )


TAKE_SLOT = Statement("take slot", _take_slot, rank=83, lock="conversation")
CLEAR_SLOT = Statement(
    "clear slot",
    lambda _: delete(slot).where(*_THE_SLOT, slot.c.message == text_of("message")),
    rank=84,
    lock="conversation",
)

COMPANY_OF = Statement(
    "company of a message",
    lambda _: select(account_message.c.portal_id).where(
        account_message.c.channel == text_of("channel"),
        account_message.c.conversation == text_of("conversation"),
        account_message.c.message == text_of("message"),
    ),
)


def _note_company(insert: Any) -> Any:
    source = {
        "channel": identity.c.channel,
        "conversation": text_of("conversation"),
        "message": text_of("message"),
        "portal_id": identity.c.portal_id,
        "employee_id": identity.c.employee_id,
        "noted_at": number("noted_at"),
    }
    chosen = select(*(value.label(f"its_{name}") for name, value in source.items())).where(
        identity.c.channel == text_of("channel"),
        identity.c.realm == text_of("the_realm"),
        identity.c.account == text_of("account"),
    )
    statement = insert(account_message).from_select(list(source), chosen)
    return statement.on_conflict_do_update(
        index_elements=["channel", "conversation", "message"], set_={"noted_at": statement.excluded.noted_at}
    )


NOTE_COMPANY = Statement("note company of a message", _note_company, rank=85)
"""A message to an account in a further company says whose a press under it is, whatever slot it has."""


def _of_chat(table: Any) -> tuple[Any, ...]:
    return (
        table.c.channel == text_of("channel"),
        table.c.realm == text_of("realm"),
        table.c.conversation == text_of("conversation"),
    )


LEAVE_SLOTS = Statement("leave slots", lambda _: delete(slot).where(*_of_chat(slot)), rank=86, many=True)
LEAVE_DIALOG = Statement("leave dialog", lambda _: delete(dialog).where(*_of_chat(dialog)), rank=86, many=True)
MOVE_SLOTS = Statement(
    "move slots", lambda _: update(slot).where(*_of_chat(slot)).values(realm=word("")), rank=87, many=True
)
MOVE_DIALOG = Statement(
    "move dialog", lambda _: update(dialog).where(*_of_chat(dialog)).values(realm=word("")), rank=87, many=True
)
"""What an account of one company still has in its chat comes into the place of what the company before it left."""
FORGET_SHOWN = Statement(
    "forget what is shown in a realm",
    lambda _: delete(slot).where(slot.c.channel == text_of("channel"), slot.c.realm == text_of("realm")),
    rank=86,
    many=True,
)
SHOWN_IN_REALM = Statement(
    "shown in a realm",
    lambda _: (
        select(slot.c.conversation, slot.c.slot, slot.c.said, slot.c.has_buttons)
        .where(slot.c.channel == text_of("channel"), slot.c.realm == text_of("realm"))
        .order_by(slot.c.outbox_id)
    ),
)
