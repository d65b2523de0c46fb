"""Lists of requests of both kinds ⇄ rows."""

import json
from collections.abc import Mapping, Sequence

from bot.domain.approvals.listed import ListedRequest, Wanted, Whose
from bot.domain.approvals.running import from_json
from bot.domain.people.employee import Employee
from bot.domain.rights import Reach
from bot.ids import ID_BITS
from storage.engines.statement import Statement
from storage.matters import read_matter
from storage.part import Part
from storage.rows import Row, clean, instant, millis
from storage.sql import request_lists as sql

_LISTS: Mapping[Whose, Statement] = {
    Whose.WAITING_FOR_ME: sql.WAITING,
    Whose.MINE: sql.MINE,
    Whose.DECIDED_BY_ME: sql.DECIDED,
    Whose.TEAM: sql.TEAM,
}
_SEEN: Mapping[Reach, Statement] = {
    Reach.NOBODY: sql.MINE,
    Reach.OWN: sql.SEEN,
    Reach.BELOW: sql.SEEN_BY_LEAD,
    Reach.ALL: sql.SEEN_BY_ALL,
}
_TEMPLATES: Mapping[Reach, Statement] = {Reach.BELOW: sql.TEMPLATES_OF_LEAD, Reach.ALL: sql.TEMPLATES_OF_ALL}
_ANSWERS = {"approved": "approve", "rejected": "reject"}
"""Ballots of built-in requests, as answers on routes are called."""
_LAST = 2**63 - 1


class RequestLists(Part):
    """Lists of requests, a page at a time."""

    async def page(
        self, reader: Employee, wanted: Wanted, reach: Reach, before: int | None, size: int, *, with_routed: bool
    ) -> Sequence[ListedRequest]:
        """Return a page of what a reader may see, newest first, behind the request of that id.

        `reach` tells about whom the reader sees requests, `with_routed` whether those on routes of everybody as well.
        """
        statement = _LISTS.get(wanted.whose) or (sql.ALL if with_routed else _SEEN[reach])
        if wanted.whose is Whose.TEAM and reach is Reach.ALL:
            statement = sql.ALL if with_routed else sql.SEEN_BY_ALL
        values = {
            "portal_id": reader.portal_id,
            "reader_id": reader.id,
            "before": _LAST if before is None else before,
            "since": 0 if wanted.since is None else millis(wanted.since) << ID_BITS,
            "state": clean(wanted.state),
            "kind": clean(wanted.kind),
            "template": clean(wanted.template),
            "person_id": wanted.person_id,
            "about": clean(wanted.about),
            "size": size,
        }
        return [_listed(each) for each in await self._rows(statement, values)]

    async def templates(self, reader: Employee, reach: Reach) -> Sequence[str]:
        """Return the keys of the templates by which requests run that a reader may see."""
        values = {"portal_id": reader.portal_id, "reader_id": reader.id}
        return sorted(key for (key,) in await self._rows(_TEMPLATES.get(reach, sql.TEMPLATES), values))


def _listed(row: Row) -> ListedRequest:
    (
        own, is_routed, kind, number, template, template_version, requester, subject, state, round_, version,
        created_at, due_at, ended_at, reason, payload, holders, answer,
    ) = row  # fmt: skip
    return ListedRequest(
        own,
        bool(is_routed),
        kind,
        number,
        template,
        template_version,
        requester,
        subject,
        state,
        round_,
        version,
        instant(created_at),
        None if due_at is None else instant(due_at),
        None if ended_at is None else instant(ended_at),
        reason,
        None if is_routed else read_matter(kind, payload),
        tuple(sorted(int(each) for each in holders.split(","))) if holders else (),
        from_json(json.loads(payload)) if is_routed else None,
        str(_ANSWERS.get(answer) or answer),
    )
