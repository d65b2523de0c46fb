"""What a webhook with full detail is told: the object as it stands, as a key of the portal would be shown it."""

from collections.abc import Mapping
from typing import Any

from bot.api.admission import reader_of
from bot.api.operation import Answer, Call, Operation
from bot.api.operations.people import PERSON
from bot.api.operations.requests import REQUEST
from bot.clock import Clock
from bot.domain.automation.happening import Happening
from bot.domain.automation.webhook import Webhook
from bot.domain.errors import Refusal
from bot.domain.people.api_key import ApiKey, Scope
from bot.ports.undertaking import Supply, Undertake

_SHOWN: Mapping[str, tuple[Operation, str]] = {"request": (REQUEST, "request_id"), "person": (PERSON, "person_id")}


async def in_full(do: Undertake, clock: Clock, hook: Webhook, happening: Happening) -> dict[str, Any]:
    """Return the object that a happening is about; nothing where there is none to be shown any more."""
    kind, _, number = happening.about.partition(":")
    shown = _SHOWN.get(kind)
    if shown is None:
        return {}
    operation, name = shown
    now = clock.now()
    key = ApiKey(hook.id, hook.portal_id, None, hook.name, "", "", frozenset(Scope), now, hook.created_by, now)

    async def work(services: Supply) -> dict[str, Any]:
        reader = await reader_of(key, services)
        if reader is None:
            return {}
        call = Call(reader, operation, now, "", {name: number}, operation.query(), reader.portal.locale)
        try:
            done = await operation.call(call, None, services)
        except Refusal:
            return {}
        form = done.form if isinstance(done, Answer) else None
        return {} if form is None else {"object": form.model_dump(mode="json")}

    return await do(work, now)
