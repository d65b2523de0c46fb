"""What a portal tells the application of: its handlers of events, bound as they are needed, and no others of ours.

An update or a removal of the application takes all handlers away, so they are compared and mended at each start and
whenever it changes what is needed. Everything here may be repeated: "it is bound already" is what was wanted.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

import structlog

from bot.channels.bitrix24.client import BATCH_LIMIT, Call, Client
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.values import flag, items, mapping, text
from bot.domain.automation.watching import Family

LIFE_CYCLE: Final = ("ONAPPUPDATE", "ONAPPUNINSTALL", "ONAPPPAYMENT")
"""The installation itself is told to the address in the application's card."""
PEOPLE: Final = ("ONUSERADD",)
TABS: Final = ("CRM_DEAL_DETAIL_TAB", "CRM_LEAD_DETAIL_TAB", "TASK_VIEW_TAB")
PAGE: Final = "/bitrix24/app"
"""Where the application's page is."""
TAB: Final = "Smena"
"""What a tab is called."""
_KINDS: Final[Mapping[str, str]] = {"deal": "ONCRMDEAL", "lead": "ONCRMLEAD", "task": "ONTASK"}
_DYNAMIC: Final = "ONCRMDYNAMICITEM"
_DOES: Final = ("ADD", "UPDATE", "DELETE")
_REPORTED: Final = frozenset({"ERROR_EVENT_NOT_FOUND", "INSUFFICIENT_SCOPE", "ACCESS_DENIED", "INSUFFICIENT_RIGHTS"})

log = structlog.get_logger(__name__)


def events_of(families: Collection[Family]) -> frozenset[str]:
    """Return the events by which a portal tells of its life with the application, of newcomers, and of families."""
    found = {*LIFE_CYCLE, *PEOPLE}
    for family in families:
        kind, _, type_id = family.partition(":")
        begin, end = (_DYNAMIC, f"_{type_id}") if type_id else (_KINDS[kind], "")
        found |= {f"{begin}{does}{end}" for does in _DOES}
    return frozenset(found)


class Binding:
    """The handlers of the application on one portal."""

    def __init__(self, client: Client, address: str, realm: str, page: str = "") -> None:
        """Have events delivered to `address`, and `page` opened in the tabs of cards."""
        self._page = page
        self._is_placed = not page
        self._client = client
        self._address = address
        self._realm = realm
        self._lacking: set[str] = set()
        """Events that this portal does not have, or gives us no right to: they are asked for once."""

    async def bring_up_to_date(self, families: Collection[Family]) -> None:
        """Bind what is needed and not there, and take away what is ours and not needed any more.

        Handlers at other addresses are our former ones, for an application sees its own alone.
        """
        wanted = events_of(families) - self._lacking
        rows = [mapping(each) for each in items((await self._client.call("event.get", {})).result)]
        online = [each for each in rows if not flag(each.get("offline"))]
        bound = {text(each.get("event")).upper() for each in online if text(each.get("handler")) == self._address}
        stray = [
            {"event": text(each.get("event")), "handler": text(each.get("handler"))}
            for each in online
            if text(each.get("handler")) != self._address or text(each.get("event")).upper() not in wanted
        ]
        calls: dict[str, Call] = {
            f"b{event}": ("event.bind", {"event": event, "handler": self._address}) for event in sorted(wanted - bound)
        }
        calls |= {f"u{place}": ("event.unbind", each) for place, each in enumerate(stray)}
        lacking = await self._run(calls)
        self._lacking.update(lacking)
        if calls:
            log.info(
                "bitrix24.events_bound",
                realm=self._realm,
                bound=len(wanted - bound) - len(lacking),
                unbound=len(stray),
                lacking=lacking,
            )

    async def place(self) -> None:
        """Put the application's page into the tabs of deals, leads and tasks, once; without the right there is none."""
        if self._is_placed:
            return
        self._is_placed = True
        try:
            rows = [mapping(each) for each in items((await self._client.call("placement.get", {})).result)]
            there = {text(each.get("placement")).upper() for each in rows if text(each.get("handler")) == self._page}
            calls: dict[str, Call] = {
                each.lower(): ("placement.bind", {"PLACEMENT": each, "HANDLER": self._page, "TITLE": TAB})
                for each in TABS
                if each not in there
            }
            answer = await self._client.run(calls) if calls else None
        except RestError as error:
            log.info("bitrix24.tabs_not_placed", realm=self._realm, code=error.code)
            return
        if answer is not None:
            refused = {name: error.code for name, error in answer.errors.items()}
            log.info("bitrix24.tabs_placed", realm=self._realm, placed=len(calls) - len(refused), refused=refused)

    async def _run(self, calls: Mapping[str, Call]) -> list[str]:
        """Run the calls; return the events that the portal does not have, or gives us no right to."""
        lacking: list[str] = []
        names = list(calls)
        for at in range(0, len(names), BATCH_LIMIT):
            answer = await self._client.run({name: calls[name] for name in names[at : at + BATCH_LIMIT]})
            for name, error in answer.errors.items():
                if _is_known(error) or name.startswith("u"):
                    continue
                if error.code not in _REPORTED:
                    raise error
                lacking.append(_event(calls[name][1]))
        return lacking


def _event(form: Mapping[str, Any]) -> str:
    return text(form.get("event"))


def _is_known(error: RestError) -> bool:
    """Whether it is refused because it is bound already."""
    return "ALREADY" in error.code or "BINDED" in error.code
