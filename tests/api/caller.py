"""A company and the API before it: people make keys as they do on their pages, and programs call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from bot.api.cursors import Cursors
from bot.api.door import Door
from bot.api.limits import Limits
from bot.api.routes import api_routes
from bot.derived import Derived
from bot.dispatch.turn import Occasion
from bot.domain.people.api_key import Scope, usable_scopes
from bot.domain.people.employee import Role
from bot.server import counted, problems
from bot.services.people.keys import Keys
from bot.uploads import Places
from bot.web.origins import token_of
from tests.people import Company, Person

BASE = "/api/v1"


@dataclass
class Answered:
    """An answer."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.body["code"])

    @property
    def tag(self) -> str:
        """The version that came with it."""
        return self.headers["ETag"]


class Program:
    """A program with a key."""

    def __init__(self, client: Any, token: str) -> None:
        """Call by `client`."""
        self._client = client
        self.token = token

    async def call(
        self, verb: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, raw: bytes | None = None
    ) -> Answered:
        """Make a call; `raw` are the bytes of the body where they are no JSON of ours."""
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        more: dict[str, Any] = {} if body is None else {"json": body}
        if isinstance(body, FormData):
            more = {"data": body}
        if raw is not None:
            more = {"data": raw}
        async with self._client.request(verb, BASE + path, headers=sent, **more) as answer:
            content = await answer.read()
            is_json = "json" in answer.headers.get("Content-Type", "")
            shown = await answer.json(content_type=None) if content and is_json else content
            return Answered(answer.status, shown, answer.headers.copy())

    async def get(self, path: str, **headers: str) -> Answered:
        """Read something."""
        return await self.call("GET", path, headers=headers)

    async def post(self, path: str, body: Any = None, **headers: str) -> Answered:
        """Do something."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.call("POST", path, {} if body is None else body, headers=named)


class ApiCompany(Company):
    """A company with the API before it."""

    client: Any
    door: Door
    places: Places
    ticks: float = 0.0

    async def serve(self, *, rate: float = 0.0) -> "ApiCompany":
        """Answer programs; `rate` calls a second of each key, by a clock that tests move."""

        async def do(work: Any, now: datetime, *, turn: str = "") -> Any:
            return await self.undertaking(work, Occasion(now, id=turn))

        limits, self.places = Limits(rate, lambda: self.ticks), Places()
        self.door = Door(
            do, Cursors(Derived("s" * 40)), limits, self.clock, session_of=token_of, is_strict=True, places=self.places
        )  # fmt: skip
        app = web.Application(middlewares=[counted, problems])
        app.add_routes(api_routes(self.door))
        self.client = TestClient(TestServer(app))
        await self.client.start_server()
        return self

    async def close(self) -> None:
        """Close the doors, then the database."""
        if hasattr(self, "client"):
            await self.door.close()
            await self.client.close()
        await super().close()

    async def key_of(self, person: Person, scopes: Iterable[Scope] | None = None, **how: Any) -> Program:
        """Have a person make a key, as they do on their page: of all that is of use to them, unless told otherwise."""
        employee = await person.employee()
        chosen = usable_scopes(employee) if scopes is None else frozenset(scopes)
        if how.get("is_service"):
            chosen = frozenset(Scope) - {Scope.ME, Scope.REQUESTS_DECIDE} if scopes is None else chosen
        made = await self.does(
            lambda services: services.get(Keys).make(employee, "Payroll", chosen, self.clock.now(), **how)
        )
        return Program(self.client, made.token)

    async def does(self, work: Any) -> Any:
        """Do a use case as a page does."""
        return await self.undertaking(work, Occasion(self.clock.now()))


@dataclass
class Cast:
    """Who is in the company."""

    company: ApiCompany
    olga: Person
    """The administrator."""
    sergey: Person
    """A lead."""
    anna: Person
    """Whom he leads."""
    boris: Person
    """Whom he does not."""
    vera: Person
    """The accountant."""


async def cast_of(folder: Path, *, rate: float = 0.0, url: str = "") -> Cast:
    """Open a company of five with the API before it."""
    company = ApiCompany(folder, url=url)
    await company.open()
    await company.serve(rate=rate)
    olga = await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN)
    sergey = await company.hire("Сергей Орлов", "telegram", role=Role.LEAD, lead=olga)
    anna = await company.hire("Анна Ким", "telegram", lead=sergey)
    boris = await company.hire("Борис Лебедев", "telegram", lead=olga)
    vera = await company.hire("Вера Белова", "telegram", role=Role.ACCOUNTANT, lead=olga)
    return Cast(company, olga, sergey, anna, boris, vera)
