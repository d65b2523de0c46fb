"""Sessions of the web application and one-time links ⇄ rows."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.people.session import Entrance, SignIn, WebSession
from storage import schema
from storage.part import Part
from storage.rows import clean, millis
from storage.shape import Shape
from storage.sql import access as sql

_SESSION = Shape(WebSession, schema.web_session)
_SIGN_IN = Shape(SignIn, schema.sign_in)
_ENTRANCE = Shape(Entrance, schema.entrance)


class WebSessions(Part):
    """Sessions and the links that begin them."""

    async def get(self, token_hash: str) -> WebSession | None:
        """Return the session of that hash, whatever became of it."""
        rows = await self._rows(sql.SESSION, {"token_hash": clean(token_hash)})
        return _SESSION.read(rows[0]) if rows else None

    async def by_id(self, portal_id: int, session_id: int) -> WebSession | None:
        """Return the session of that id, whatever became of it."""
        rows = await self._rows(sql.SESSION_BY_ID, {"portal_id": portal_id, "id": session_id})
        return _SESSION.read(rows[0]) if rows else None

    async def of(self, portal_id: int, employee_id: int) -> Sequence[WebSession]:
        """Return a person's sessions that were not ended, newest first."""
        rows = await self._rows(sql.SESSIONS_OF, {"portal_id": portal_id, "employee_id": employee_id})
        return [_SESSION.read(each) for each in rows]

    async def sign_in(self, either_hash: str) -> SignIn | None:
        """Return what is opened by a link's or a code's hash, used ones excluded."""
        rows = await self._rows(sql.SIGN_IN, {"either_hash": clean(either_hash)})
        return _SIGN_IN.read(rows[0]) if rows else None

    def add(self, session: WebSession) -> None:
        """Note a new session."""
        self._note(sql.ADD_SESSION, _SESSION.values(session))

    def seen(self, session: WebSession, at: datetime) -> None:
        """Note that it is used."""
        self._note(sql.SEEN, {**_key(session), "seen_at": millis(at)})

    def end(self, session: WebSession, at: datetime) -> None:
        """Note that it is over."""
        self._note(sql.END_SESSION, {**_key(session), "ended_at": millis(at)})

    def end_all(self, portal_id: int, employee_id: int, at: datetime) -> None:
        """Note that all sessions of a person are over, and that their links open nothing."""
        values = {"the_portal_id": portal_id, "the_employee_id": employee_id}
        self._note(sql.END_SESSIONS, {**values, "ended_at": millis(at)})
        self._note(sql.DROP_SIGN_INS, values)

    def end_of_portal(self, portal_id: int, at: datetime) -> None:
        """Note that all sessions of a portal are over, and that its links open nothing."""
        self._note(sql.END_SESSIONS_OF_PORTAL, {"the_portal_id": portal_id, "ended_at": millis(at)})
        self._note(sql.DROP_SIGN_INS_OF_PORTAL, {"the_portal_id": portal_id})

    def offer(self, sign_in: SignIn) -> None:
        """Note a one-time way in; earlier ones of the person stop working."""
        values = {"the_portal_id": sign_in.portal_id, "the_employee_id": sign_in.employee_id}
        self._note(sql.DROP_SIGN_INS, values)
        self._note(sql.ADD_SIGN_IN, _SIGN_IN.values(sign_in))

    def use(self, sign_in: SignIn, at: datetime) -> None:
        """Note that it was used; a Conflict when somebody was faster."""
        self._note(sql.USE_SIGN_IN, {"the_token_hash": sign_in.token_hash, "used_at": millis(at)}, 1)

    async def entrance(self, mark_hash: str) -> Entrance | None:
        """Return what is known of that hash, whether it was used or not."""
        rows = await self._rows(sql.ENTRANCE, {"mark_hash": clean(mark_hash)})
        return _ENTRANCE.read(rows[0]) if rows else None

    def keep_entrance(self, entrance: Entrance) -> None:
        """Note what opens a session once; a Conflict when it is known already."""
        self._note(sql.ADD_ENTRANCE, _ENTRANCE.values(entrance))

    def use_entrance(self, entrance: Entrance, at: datetime) -> None:
        """Note that it was used; a Conflict when somebody was faster."""
        self._note(sql.USE_ENTRANCE, {"the_mark_hash": entrance.mark_hash, "used_at": millis(at)}, 1)

    def burn_entrances(self, session: WebSession, at: datetime) -> None:
        """Note that nothing opens that session any more."""
        self._note(sql.BURN_ENTRANCES, {"the_session_id": session.id, "used_at": millis(at)})


def _key(session: WebSession) -> dict[str, int]:
    return {"the_portal_id": session.portal_id, "the_id": session.id}
