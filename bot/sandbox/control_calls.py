"""The control calls themselves: each reads its request, asks the world, a messenger or the service, and answers."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from aiohttp import web

from bot.sandbox import control_view as view
from bot.sandbox.companies import MAIN
from bot.sandbox.control_http import (
    RAW_LIMIT,
    Problem,
    count_query,
    day_query,
    files_field,
    instant_field,
    read_body,
    read_fields,
    seconds_field,
    text_field,
    whole_field,
)
from bot.sandbox.control_service import Service, Timing
from bot.sandbox.control_watch import Watch
from bot.sandbox.portal.emulator import PortalEmulator
from bot.sandbox.served import elsewhere
from bot.sandbox.world import ChannelName, FaultName, HasMiniApp, Messenger, SandboxPerson, World


@dataclass(slots=True)
class Calls:
    """The handlers of `/sandbox/api/...`."""

    world: World
    messengers: Mapping[ChannelName, Messenger]
    service: Service
    watch: Watch
    timing: Timing
    portals: Mapping[str, PortalEmulator] = field(default_factory=dict)
    _clock_lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def state(self, _request: web.Request) -> web.Response:
        """Tell the time and the people."""
        people = [view.person(each, await self.service.person_state(each.key)) for each in self.world.people]
        return view.answer({"now": self.world.clock.now().isoformat(), "people": people})

    async def move_clock(self, request: web.Request) -> web.Response:
        """Move the clock forward and answer when everything that fell due is done; `running` lets it go on."""
        fields = await read_fields(request, {"now", "running"})
        target = instant_field(fields, "now")
        if target is None:
            raise Problem(400, "bad_field", '"now" is required.')
        back = Problem(409, "clock_back", "The clock only moves forward.")
        async with self._clock_lock:
            if target < self.world.clock.now():
                raise back
            try:
                await self.service.advance(target)
            except ValueError:
                raise back from None
            if fields.get("running") is True:
                self.world.run_clock()
        self.world.changed.set()
        return view.answer({"now": self.world.clock.now().isoformat()})

    async def say(self, request: web.Request) -> web.Response:
        """Let a person write to the bot, or with `forward` pass somebody else's words on."""
        messenger, person = self._chat(request)
        fields = await read_fields(
            request, {"text", "at", "update_id", "event_id", "forward", "files", "reply_to"}, RAW_LIMIT
        )
        files = files_field(fields)
        update_id, event_id = whole_field(fields, "update_id"), whole_field(fields, "event_id")
        message_id = await messenger.say(
            person,
            text_field(fields, "text") if fields.get("text") or not files else "",
            at=instant_field(fields, "at"),
            event_id=update_id if event_id is None else event_id,
            is_forwarded=fields.get("forward") is True,
            files=files,
            reply_to=whole_field(fields, "reply_to"),
        )
        self.world.changed.set()
        return view.answer({"id": message_id})

    async def messages(self, request: web.Request) -> web.Response:
        """Show a chat; `full=1` adds what the page draws with, `last=N` leaves out what is older."""
        messenger, person = self._chat(request)
        shown, last = messenger.shown(person), count_query(request, "last")
        if last is not None:
            shown = shown[-last:] if last else []
        draw = view.full_message if request.query.get("full") == "1" else view.message
        return view.answer([draw(each) for each in shown])

    async def file(self, request: web.Request) -> web.Response:
        """Send the reader to the bytes of a file that the chat shows."""
        messenger, person = self._chat(request)
        wanted = request.match_info["file"]
        for shown in reversed(messenger.shown(person)):
            for each in shown.files:
                if view.file_id(each) == wanted:
                    raise web.HTTPFound(each.url)
        raise Problem(404, "unknown_file", "The chat shows no such file.")

    async def press(self, request: web.Request) -> web.Response:
        """Let a person press a button of a message, by its text or by its place."""
        messenger, person = self._chat(request)
        fields = await read_fields(request, {"message_id", "button", "index"})
        message_id = whole_field(fields, "message_id")
        if message_id is None:
            raise Problem(400, "bad_field", '"message_id" is required.')
        index = whole_field(fields, "index")
        await messenger.press(person, message_id, text_field(fields, "button") if index is None else index)
        self.world.changed.set()
        return view.answer({"ok": True})

    async def commands(self, request: web.Request) -> web.Response:
        """List the commands that the person's menu offers: as the messenger tells, else as they were last set."""
        messenger, person = self._chat(request)
        if isinstance(messenger, view.HasMenu):
            return view.answer(messenger.menu(person))
        return view.answer(view.menu(self.world.calls(), person.locale))

    async def raw(self, request: web.Request) -> web.Response:
        """Deliver a body to the service as the messenger would deliver it."""
        body = await read_body(request, RAW_LIMIT)
        content_type = request.headers.get("Content-Type", "application/octet-stream")
        return view.answer({"status": await self._messenger(request).raw(body, content_type)})

    async def order_fault(self, request: web.Request) -> web.Response:
        """Put a fault in force."""
        fields = await read_fields(request, {"channel", "portal", "fault", "count", "seconds", "person", "method"})
        channel, fault, person = fields.get("channel"), fields.get("fault"), fields.get("person")
        if channel not in tuple(self.messengers):
            raise Problem(400, "bad_field", '"channel" must be one of ' + ", ".join(self.messengers) + ".")
        if fault not in get_args(FaultName):
            raise Problem(400, "bad_field", '"fault" must be one of ' + ", ".join(get_args(FaultName)) + ".")
        if person is not None and (not isinstance(person, str) or self.world.person(person) is None):
            raise Problem(400, "bad_field", '"person" must be the key of a person of the sandbox.')
        method = fields.get("method")
        if method is not None and (not isinstance(method, str) or not method):
            raise Problem(400, "bad_field", '"method" must be the name of a method of the messenger.')
        count, seconds = whole_field(fields, "count", low=1, high=1_000_000), seconds_field(fields, "seconds")
        if count is not None and seconds is not None:
            raise Problem(400, "bad_field", 'Give "count" or "seconds", not both.')
        portal = fields.get("portal")
        if portal is not None and portal not in [each.key for each in self.world.companies]:
            raise Problem(400, "bad_field", '"portal" must be the key of a portal of the sandbox.')
        if fault == "renamed":
            # A portal moves once, and at once: its old address sends callers on from now on.
            if (moved := self.portals.get(portal or MAIN)) is not None:
                await moved.rename()
            return view.answer({"ok": True})
        self.world.faults.order(
            channel, cast("FaultName", fault), count=count, seconds=seconds, person=person, method=method, portal=portal
        )
        return view.answer({"ok": True})

    async def lift_faults(self, _request: web.Request) -> web.Response:
        """Lift every fault."""
        self.world.faults.clear()
        return view.answer({"ok": True})

    async def hours(self, request: web.Request) -> web.Response:
        """Show a person's derived sessions."""
        person = self._person(request)
        first, last = day_query(request, "from_day"), day_query(request, "to_day")
        if first is not None and last is not None and first > last:
            raise Problem(400, "bad_field", '"from_day" must not lie after "to_day".')
        return view.answer(await self.service.hours(person.key, first, last))

    async def sign_in_link(self, request: web.Request) -> web.Response:
        """Make a fresh sign-in link of the web application for a person; `?key=1` makes a key of the API as well."""
        person, wanted = self._person(request), request.query.get("key", "")
        if wanted not in {"", "0", "1"}:
            raise Problem(400, "bad_field", '"key" must be 1.')
        if self.service.web is None:
            raise Problem(404, "not_found", "There is no web application here.")
        return view.answer(await self.service.web(person.key, wanted == "1"))

    async def mini_app(self, request: web.Request) -> web.Response:
        """Tell where the button beside the field in Telegram leads, with what Telegram signs for the person."""
        person = self._person(request)
        telegram = self.messengers["telegram"]
        found = telegram.mini_app(person) if isinstance(telegram, HasMiniApp) else None
        if found is None:
            raise Problem(409, "no_mini_app", "The bot has set no button that opens a page yet.")
        return view.answer({"url": elsewhere(found, request.host)})

    async def open_application(self, request: web.Request) -> web.Response:
        """Lead to the web application as a person, by a fresh sign-in link."""
        person = self._person(request)
        if self.service.web is None:
            raise Problem(404, "not_found", "There is no web application here.")
        found = await self.service.web(person.key, False)
        return web.Response(status=303, headers={"Location": found["url"], "Cache-Control": "no-store"})

    async def requests(self, request: web.Request) -> web.Response:
        """Show the approval requests, of `portal` alone where it is given."""
        found, wanted = await self.service.requests(), request.query.get("portal")
        return view.answer([each for each in found if not wanted or each.get("portal") == wanted])

    async def calls(self, request: web.Request) -> web.Response:
        """Show what the emulators were asked, oldest first; `last=N` leaves out what is older, `polls=0` every poll."""
        last = count_query(request, "last")
        journal = list(self.world.calls())
        if request.query.get("polls") == "0":
            journal = [each for each in journal if not view.is_poll(each)]
        if last is not None:
            journal = journal[-last:] if last else []
        return view.answer([view.call(each) for each in journal])

    async def settle(self, _request: web.Request) -> web.Response:
        """Wait until nothing waits any more; `inbox` counts also what a messenger holds, and a job that is due."""
        started = time.monotonic()
        calm = 0
        while True:
            inbox, outbox = await self.service.backlog()
            inbox += sum(messenger.undelivered() for messenger in self.messengers.values())
            # Seen empty once may be the moment between two steps; seen empty twice is rest.
            calm = calm + 1 if inbox == outbox == 0 else 0
            seconds = time.monotonic() - started
            if calm > 1 or seconds >= self.timing.settle_limit:
                return view.answer({"inbox": inbox, "outbox": outbox, "seconds": round(seconds, 3)})
            await asyncio.sleep(self.timing.settle_pause)

    async def events(self, request: web.Request) -> web.Response:
        """Wait for news after version `since`; answer with what the page needs to know what to fetch."""
        version = await self.watch.other_than(count_query(request, "since"))
        clock = self.world.clock
        return view.answer(
            {
                "version": version,
                "now": clock.now().isoformat(),
                "standing": clock.is_standing,
                "undelivered": {name: each.undelivered() for name, each in self.messengers.items()},
                "heads": {person.key: self._heads(person) for person in self.world.people},
            }
        )

    async def unknown(self, _request: web.Request) -> web.StreamResponse:
        """Refuse a call that does not exist."""
        raise Problem(404, "unknown_call", "There is no such call, or not with this method.")

    def _heads(self, person: SandboxPerson) -> dict[str, Any]:
        """Count the bot's messages in each of a person's chats, so that a page knows what is unread."""
        return {
            name: sum(shown.author == "bot" for shown in messenger.shown(person))
            for name, messenger in self.messengers.items()
        }

    def _messenger(self, request: web.Request) -> Messenger:
        """Return the messenger that the address names."""
        messenger = self.messengers.get(cast("ChannelName", request.match_info["channel"]))
        if messenger is None:
            raise Problem(404, "unknown_channel", "The channels are " + " and ".join(self.messengers) + ".")
        return messenger

    def _person(self, request: web.Request) -> SandboxPerson:
        """Return the person that the address names."""
        person = self.world.person(request.match_info["person"])
        if person is None:
            raise Problem(404, "unknown_person", "The people are " + ", ".join(p.key for p in self.world.people) + ".")
        return person

    def _chat(self, request: web.Request) -> tuple[Messenger, SandboxPerson]:
        """Return the messenger and the person that the address names."""
        return self._messenger(request), self._person(request)
