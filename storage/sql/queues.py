"""Statements about the inbox and the outbox: what waits, who has it on lease, what became of it.

A lane is free when its first waiting row is due and nobody has a row of the lane on lease. `tries` grows with each
lease, so it is also the token by which a late worker is told from the one that took over.
"""

from typing import Any

from sqlalchemy import BigInteger, Text, case, cast, delete, func, literal_column, or_, select, update

from storage.engines.statement import Statement, flag, number, text_of, whole, word
from storage.schema import attachment, employee, identity, inbox, outbox


def _free(table: Any, *conditions: Any) -> Any:
    """Return the ids of the first rows of free lanes, oldest first."""
    row, other, leased = table.alias("waiting_row"), table.alias("lane_row"), table.alias("leased")

    def same(them: Any) -> tuple[Any, ...]:
        return (them.c.state == word("waiting"), them.c.lane == row.c.lane)

    # Scalar sub-selects, not NOT EXISTS: PostgreSQL turns the latter into joins, which without statistics, as in a
    # young database, read the whole backlog for each row.
    first = select(func.min(other.c.id)).where(*same(other)).correlate(row).scalar_subquery()
    lease = select(func.max(leased.c.leased_until)).where(*same(leased)).correlate(row).scalar_subquery()
    return (
        select(row.c.id)
        .where(
            row.c.state == word("waiting"),
            row.c.due_at <= number("now"),
            row.c.leased_until <= number("now"),
            row.c.id == first,
            lease <= number("now"),
            *(condition(row) for condition in conditions),
        )
        .order_by(row.c.id)
        .limit(number("size"))
        .with_for_update(skip_locked=True, of=row)
    )


def _claim(table: Any, columns: tuple[Any, ...], *conditions: Any, until: Any) -> Any:
    # A table expression is worked out once; a plain sub-select with locks might be run again for each row.
    chosen = _free(table, *conditions).cte("chosen")
    return (
        update(table)
        .where(table.c.id.in_(select(chosen.c.id)))
        .values(leased_until=until, worker=text_of("worker"), tries=table.c.tries + 1)
        .returning(*columns)
    )


_GIVE_BACK: dict[str, Any] = {"leased_until": whole(0), "worker": word("")}


def _of_inbox(*guards: Any) -> Any:
    return update(inbox).where(inbox.c.id == number("the_id"), inbox.c.state == word("waiting"), *guards)


_TOKEN = inbox.c.tries == number("token")


def _into_inbox(insert: Any, **differs: Any) -> Any:
    """Return what stores an event that nobody works on; one that is known stays as it is."""
    row = {
        "id": number("id"),
        "channel": text_of("channel"),
        "realm": text_of("realm"),
        "event_id": text_of("event_id"),
        "body": text_of("body"),
        "stored_at": number("now"),
        "leased_until": whole(0),
        "worker": word(""),
        "tries": whole(0),
    }
    statement = insert(inbox).values(**row, **differs)
    return statement.on_conflict_do_nothing(index_elements=["channel", "realm", "event_id"])


def _add_inbox(insert: Any) -> Any:
    known = (
        select(word("e:").concat(cast(identity.c.employee_id, Text())))
        .where(
            identity.c.channel == text_of("channel"),
            identity.c.realm == text_of("realm"),
            identity.c.account == text_of("account"),
        )
        .scalar_subquery()
    )
    lane = func.coalesce(known, text_of("own_lane"))
    return _into_inbox(insert, lane=lane, state=word("waiting"), due_at=number("due_at"), reason=word(""))


def _told_inbox(insert: Any) -> Any:
    answered = {"state": word("done"), "due_at": number("now"), "reason": word("album answered")}
    return _into_inbox(insert, lane=text_of("lane"), **answered)


INBOX_TOLD = Statement("answered in inbox", _told_inbox, rank=92, lock="event_id")
"""That an album was answered, as an event of its own that waits for nothing."""
INBOX_AFTER = Statement(
    "from a row of inbox on",
    lambda _: (
        select(inbox.c.id, inbox.c.body, inbox.c.tries, inbox.c.stored_at)
        .where(inbox.c.state == word("waiting"), inbox.c.lane == text_of("lane"), inbox.c.id >= number("the_id"))
        .order_by(inbox.c.id)
        .limit(number("size"))
    ),
)
"""A row, and what waits behind it in its lane, oldest first."""
INBOX_ADD = Statement("add to inbox", _add_inbox, rank=90, lock="event_id", key="id")
INBOX_KNOWS = Statement(
    "known in inbox",
    lambda _: select(inbox.c.id).where(
        inbox.c.channel == text_of("channel"),
        inbox.c.realm == text_of("realm"),
        inbox.c.event_id == text_of("event_id"),
    ),
)
INBOX_CLAIM = Statement(
    "claim from inbox",
    lambda _: _claim(inbox, (inbox.c.id, inbox.c.body, inbox.c.lane, inbox.c.tries), until=number("until")),
    rank=95,
    gives=True,
)
INBOX_DONE = Statement(
    "done in inbox",
    lambda _: _of_inbox(_TOKEN).values(state=word("done"), body=word("{}"), reason=text_of("outcome"), **_GIVE_BACK),
    rank=91,
    lock="the_id",
    key="the_id",
)
INBOX_FAIL = Statement(
    "fail in inbox",
    lambda _: _of_inbox(_TOKEN).values(state=word("failed"), reason=text_of("reason"), **_GIVE_BACK),
    rank=92,
    lock="the_id",
)
INBOX_POSTPONE = Statement(
    "postpone in inbox",
    lambda _: _of_inbox(_TOKEN).values(due_at=number("due_at"), **_GIVE_BACK),
    rank=93,
    lock="the_id",
)
INBOX_MOVE = Statement(
    "move lane in inbox",
    lambda _: (
        update(inbox)
        .where(inbox.c.lane == text_of("own_lane"), inbox.c.state == word("waiting"))
        .values(lane=text_of("lane"))
    ),
    rank=96,
    many=True,
)


_AGAIN: dict[str, Any] = {"state": word("waiting"), "due_at": number("now"), "tries": whole(0), **_GIVE_BACK}


def _failed_turn(*guards: Any) -> tuple[Any, ...]:
    """Say which turns failed on a portal: those of its people, and what arrived from it."""
    its = select(word("e:").concat(cast(employee.c.id, Text()))).where(employee.c.portal_id == number("the_portal_id"))
    return (inbox.c.state == word("failed"), or_(inbox.c.realm == text_of("the_realm"), inbox.c.lane.in_(its)), *guards)


INBOX_FAILED_OF = Statement(
    "failed turns of a portal", lambda _: select(func.count()).select_from(inbox).where(*_failed_turn())
)
INBOX_RETRY_OF = Statement(
    "retry turns of a portal", lambda _: update(inbox).where(*_failed_turn()).values(_AGAIN), rank=94, many=True
)
OUTBOX_FAILED_OF = Statement(
    "failed messages of a portal",
    lambda _: (
        select(func.count())
        .select_from(outbox)
        .where(outbox.c.state == word("failed"), outbox.c.portal_id == number("the_portal_id"))
    ),
)
OUTBOX_RETRY_OF = Statement(
    "retry messages of a portal",
    lambda _: (
        update(outbox)
        .where(outbox.c.state == word("failed"), outbox.c.portal_id == number("the_portal_id"))
        .values(_AGAIN)
    ),
    rank=82,
    many=True,
)

OUTBOX_ADD = Statement("add to outbox", lambda insert: insert(outbox), rank=80)
_OUTGOING = (
    outbox.c.id,
    outbox.c.portal_id,
    outbox.c.channel,
    outbox.c.realm,
    outbox.c.conversation,
    outbox.c.locale,
    outbox.c.zone,
    outbox.c.turn,
    outbox.c.say,
    outbox.c.slot,
    outbox.c.edit,
    outbox.c.only_if_shown,
    outbox.c.shown_as,
    outbox.c.created_at,
    outbox.c.tries,
    outbox.c.stored_at,
    outbox.c.attachment_id,
    outbox.c.account,
)
_ASIDE = outbox.alias("aside")


def _stood_aside(of: Any, *conditions: Any) -> tuple[Any, ...]:
    """Say which older messages for the slot of a message stand aside; `of` is (its lane, its slot, its id)."""
    lane, slot, the_id = of
    waits = _ASIDE.c.state == word("waiting")
    return (waits, _ASIDE.c.lane == lane.concat(word("#")).concat(slot), _ASIDE.c.id < the_id, *conditions)


# As text, for SQLAlchemy names no table in SQLite's RETURNING, where the names would then be those of the inner one.
_OVERTAKES = literal_column(
    "(SELECT count(*) FROM outbox AS aside WHERE aside.state = 'waiting'"
    " AND aside.lane = outbox.lane || '#' || outbox.slot AND aside.id < outbox.id)",
    BigInteger(),
)


def _claim_outbox(*conditions: Any) -> Any:
    return _claim(
        outbox,
        (*_OUTGOING, outbox.c.lane, _OVERTAKES),
        lambda row: row.c.channel == text_of("channel"),
        *conditions,
        until=case((outbox.c.attachment_id.is_(None), number("until")), else_=number("until_for_files")),
    )


OUTBOX_CLAIM = Statement("claim from outbox", lambda _: _claim_outbox(), rank=95, gives=True)
OUTBOX_CLAIM_OF = Statement(
    "claim from outbox of a realm",
    lambda _: _claim_outbox(lambda row: row.c.realm == text_of("the_realm")),
    rank=95,
    gives=True,
)


def _realms_waiting(_: Any) -> Any:
    """Step from realm to realm through the index, for what waits in between may be very much."""

    def least(*conditions: Any) -> Any:
        its = (outbox.c.state == word("waiting"), outbox.c.channel == text_of("channel"))
        return select(func.min(outbox.c.realm).label("realm")).where(*its, *conditions)

    chosen = least().cte("chosen_realm", recursive=True)
    after = least(outbox.c.realm > chosen.c.realm).correlate(chosen).scalar_subquery()
    chosen = chosen.union_all(select(after).where(chosen.c.realm.is_not(None)))
    return select(chosen.c.realm).where(chosen.c.realm.is_not(None))


OUTBOX_REALMS = Statement("realms in outbox", _realms_waiting)


NEWER_IN_SLOT = Statement(
    "newer in a slot",
    lambda _: (
        select(outbox.c.id)
        .where(
            outbox.c.state == word("waiting"),
            outbox.c.lane == text_of("lane"),
            outbox.c.id > number("the_id"),
            outbox.c.slot == text_of("slot"),
            outbox.c.edit == flag("no"),
        )
        .limit(whole(1))
    ),
)
"""A message that waits in the same chat for the same place."""


def _of_outbox(*guards: Any) -> Any:
    return update(outbox).where(outbox.c.id == number("the_id"), outbox.c.state == word("waiting"), *guards)


OUTBOX_SENT = Statement(
    "sent from outbox",
    lambda _: _of_outbox().values(state=word("sent"), say=word("{}"), receipt=text_of("receipt"), **_GIVE_BACK),
    rank=81,
    lock="the_id",
)
OUTBOX_DROP = Statement(
    "drop from outbox",
    lambda _: _of_outbox().values(state=word("dropped"), say=word("{}"), error=text_of("error"), **_GIVE_BACK),
    rank=81,
    lock="the_id",
)
OUTBOX_FAIL = Statement(
    "fail in outbox",
    lambda _: _of_outbox().values(state=word("failed"), error=text_of("error"), **_GIVE_BACK),
    rank=81,
    lock="the_id",
)
OUTBOX_LATER = Statement(
    "send later",
    lambda _: _of_outbox().values(due_at=number("due_at"), error=text_of("error"), **_GIVE_BACK),
    rank=81,
    lock="the_id",
)
OUTBOX_ASIDE = Statement(
    "set aside in outbox",
    lambda _: _of_outbox().values(
        lane=text_of("aside"),
        due_at=number("due_at"),
        error=text_of("error"),
        # An answer that cannot be shown in place is sent anew; a change of what is shown stays one.
        edit=case((outbox.c.only_if_shown.is_(True), outbox.c.edit), else_=flag("no")),
        **_GIVE_BACK,
    ),
    rank=81,
    lock="the_id",
)
"""It waits in a lane of its own, so that its conversation goes on; what is for the same slot still overtakes it."""


def _older(*conditions: Any) -> tuple[Any, ...]:
    place = (text_of("lane"), text_of("slot"), number("than_id"))
    return _stood_aside(place, _ASIDE.c.leased_until <= number("now"), *conditions)


OUTBOX_ANEW = Statement(
    "send anew from outbox",
    lambda _: _of_outbox(select(_ASIDE.c.id).where(*_older(_ASIDE.c.edit.is_(False))).exists()).values(
        edit=flag("no"), only_if_shown=flag("no")
    ),
    rank=80,
)
"""The message takes the place of an older one that never came, so it is a message and no change of one."""
OUTBOX_OVERTAKE = Statement(
    "overtake in outbox",
    lambda _: (
        update(outbox)
        .where(outbox.c.id.in_(select(_ASIDE.c.id).where(*_older())))
        .values(state=word("dropped"), say=word("{}"), error=word("overtaken"), **_GIVE_BACK)
    ),
    rank=81,
    many=True,
)
STANDS_ASIDE = Statement(
    "stands aside in outbox",
    lambda _: (
        select(_ASIDE.c.id).where(*_stood_aside((text_of("lane"), text_of("slot"), number("than_id")))).limit(whole(1))
    ),
)
OUTBOX_NOT_YET = Statement(
    "not yet from outbox",
    lambda _: _of_outbox().values(due_at=number("due_at"), tries=outbox.c.tries - 1, **_GIVE_BACK),
    rank=81,
    lock="the_id",
)
"""Handed back untried."""
OUTBOX_RECOVER = Statement(
    "recover outbox",
    lambda _: (
        update(outbox)
        .where(
            outbox.c.state == word("waiting"),
            outbox.c.channel == text_of("channel"),
            outbox.c.realm == text_of("the_realm"),
            outbox.c.leased_until <= number("now"),
            outbox.c.due_at > number("now"),
            outbox.c.error != word("rate_limit"),
        )
        .values(
            lane=outbox.c.channel.concat(word(":"))
            .concat(outbox.c.realm)
            .concat(word(":"))
            .concat(outbox.c.conversation),
            due_at=number("now"),
        )
    ),
    many=True,
)
"""What could not be sent while a realm was away waits no longer, and in its order."""
ATTACHMENT_ADD = Statement("add attachment", lambda insert: insert(attachment), rank=79)
GET_ATTACHMENT = Statement(
    "attachment",
    lambda _: select(attachment.c.name, attachment.c.content, attachment.c.kind).where(
        attachment.c.id == number("the_id")
    ),
)


def _drop_attachment(_: Any) -> Any:
    its_file = select(outbox.c.attachment_id).where(outbox.c.id == number("the_id"), outbox.c.state == word("sent"))
    return delete(attachment).where(attachment.c.id == its_file.scalar_subquery())


ATTACHMENT_DROP = Statement("drop attachment", _drop_attachment, rank=85, lock="the_id")
"""The file of a message that was sent; one that failed keeps its file for a retry."""


def _release(table: Any, *conditions: Any) -> Any:
    return update(table).where(table.c.state == word("waiting"), table.c.leased_until > whole(0), *conditions)


INBOX_RELEASE = Statement("release inbox", lambda _: _release(inbox).values(_GIVE_BACK))
OUTBOX_RELEASE = Statement("release outbox", lambda _: _release(outbox).values(_GIVE_BACK))
INBOX_RELEASE_OWN = Statement(
    "release own inbox", lambda _: _release(inbox, inbox.c.worker == text_of("the_worker")).values(_GIVE_BACK)
)
OUTBOX_RELEASE_OWN = Statement(
    "release own outbox", lambda _: _release(outbox, outbox.c.worker == text_of("the_worker")).values(_GIVE_BACK)
)

INBOX_WAITING = Statement(
    "inbox backlog", lambda _: select(func.count(), func.min(inbox.c.stored_at)).where(inbox.c.state == word("waiting"))
)
INBOX_FAILED = Statement(
    "failed in inbox", lambda _: select(func.count()).select_from(inbox).where(inbox.c.state == word("failed"))
)
OUTBOX_WAITING = Statement(
    "outbox backlog",
    lambda _: select(func.count(), func.min(outbox.c.stored_at)).where(outbox.c.state == word("waiting")),
)
OUTBOX_FAILED = Statement(
    "failed in outbox", lambda _: select(func.count()).select_from(outbox).where(outbox.c.state == word("failed"))
)
