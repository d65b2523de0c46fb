"""Webhooks: where programs are told what happens."""

from bot.api.operation import Answer, Call, Operation, number_of
from bot.api.schemas.base import Listed, text_id, utc, utc_or_none
from bot.api.schemas.webhooks import (
    Deliveries,
    DeliveryForm,
    HookChange,
    HookForm,
    Hooks,
    HookType,
    MadeHook,
    NewHook,
)
from bot.domain.automation.happening import HappeningType
from bot.domain.automation.webhook import HookDelivery, Webhook
from bot.domain.errors import NotAllowed
from bot.domain.people.api_key import Scope
from bot.services.automation.webhooks import (
    BadHook,
    HookNameTaken,
    NotToBeRepeated,
    TooManyHooks,
    UnknownDelivery,
    UnknownHook,
    Webhooks,
)
from bot.services.automation.webhooks import NewHook as Made

HOOKS = Operation("GET", "/webhooks", Scope.WEBHOOKS, answers=Hooks, refuses=(NotAllowed,))


@HOOKS.run
async def list_webhooks(call: Call, webhooks: Webhooks) -> Hooks:
    """List the webhooks, by name."""
    return Hooks(items=[hook_form(each) for each in await webhooks.of(call.person)], next=None)


ADD = Operation(
    "POST",
    "/webhooks",
    Scope.WEBHOOKS,
    answers=MadeHook,
    body=NewHook,
    status=201,
    refuses=(NotAllowed, BadHook, HookNameTaken, TooManyHooks),
)


@ADD.run
async def add_webhook(call: Call, body: NewHook, webhooks: Webhooks) -> Answer:
    """Add a webhook; its secret is shown this once."""
    types = _types(body.types)
    made = await webhooks.make(call.person, body.name, body.url, types, call.now, detail=body.detail)
    return _made(made)


CHANGE = Operation(
    "PATCH",
    "/webhooks/{hook_id}",
    Scope.WEBHOOKS,
    answers=HookForm,
    body=HookChange,
    wants_match=True,
    refuses=(NotAllowed, UnknownHook, BadHook, HookNameTaken),
)


@CHANGE.run
async def change_webhook(call: Call, body: HookChange, webhooks: Webhooks) -> Answer:
    """Change a webhook, or switch it off and on; what waited while it was off is told then."""
    hook = await _hook(call, webhooks)
    call.check_version(hook.version, lambda: hook_form(hook))
    types = None if body.types is None else _types(body.types)
    after = await webhooks.change(
        call.person, hook, call.now,
        name=body.name, url=body.url, types=types, detail=body.detail, is_on=body.is_on,
    )  # fmt: skip
    return Answer(hook_form(after), version=after.version)


REMOVE = Operation("DELETE", "/webhooks/{hook_id}", Scope.WEBHOOKS, status=204, refuses=(NotAllowed, UnknownHook))


@REMOVE.run
async def delete_webhook(call: Call, webhooks: Webhooks) -> Answer:
    """Delete a webhook, with all that waits for it."""
    await webhooks.remove(call.person, await _hook(call, webhooks), call.now)
    return Answer(status=204)


TEST = Operation(
    "POST",
    "/webhooks/{hook_id}/test",
    Scope.WEBHOOKS,
    answers=DeliveryForm,
    status=202,
    refuses=(NotAllowed, UnknownHook, BadHook),
)


@TEST.run
async def test_webhook(call: Call, webhooks: Webhooks) -> Answer:
    """Send a webhook a message of the type `webhook.test`."""
    hook = await _hook(call, webhooks)
    return Answer(delivery_form(await webhooks.test(call.person, hook, call.now)))


ROTATE = Operation(
    "POST",
    "/webhooks/{hook_id}/rotation",
    Scope.WEBHOOKS,
    answers=MadeHook,
    refuses=(NotAllowed, UnknownHook),
)


@ROTATE.run
async def rotate_webhook(call: Call, webhooks: Webhooks) -> Answer:
    """Give a webhook a new secret; for 24 hours messages carry both signatures."""
    return _made(await webhooks.rotate(call.person, await _hook(call, webhooks), call.now))


DELIVERIES = Operation(
    "GET",
    "/webhooks/{hook_id}/deliveries",
    Scope.WEBHOOKS,
    answers=Deliveries,
    query=Listed,
    refuses=(NotAllowed, UnknownHook),
)


@DELIVERIES.run
async def list_deliveries(call: Call, query: Listed, webhooks: Webhooks) -> Deliveries:
    """List the messages of the last seven days to a webhook, newest first."""
    hook, key = await _hook(call, webhooks), call.after()
    found = await webhooks.deliveries(call.person, hook, None if key is None else int(key[0]), query.limit + 1)
    rows, after = call.next(found, lambda each: [each.happening_id])
    return Deliveries(items=[delivery_form(each) for each in rows], next=after)


RETRY = Operation(
    "POST",
    "/webhooks/{hook_id}/deliveries/{delivery_id}/retry",
    Scope.WEBHOOKS,
    answers=DeliveryForm,
    status=202,
    refuses=(NotAllowed, UnknownHook, UnknownDelivery, NotToBeRepeated),
)


@RETRY.run
async def retry_delivery(call: Call, webhooks: Webhooks) -> Answer:
    """Send a message that failed again, under the id that it had."""
    hook = await _hook(call, webhooks)
    return Answer(delivery_form(await webhooks.repeat(call.person, hook, call.id("delivery_id"), call.now)))


async def _hook(call: Call, webhooks: Webhooks) -> Webhook:
    return await webhooks.get(call.person, number_of(call.path["hook_id"]))


def _types(types: list[HookType]) -> list[HappeningType]:
    return [HappeningType(each.value) for each in types]


def _made(made: Made) -> Answer:
    form = hook_form(made.hook)
    return Answer(MadeHook(webhook=form, secret=made.secret), kept=MadeHook(webhook=form, secret=None))


def hook_form(hook: Webhook) -> HookForm:
    """Return a webhook as it is answered."""
    return HookForm(
        id=text_id(hook.id),
        name=hook.name,
        url=hook.url,
        types=[HookType(each.value) for each in sorted(hook.types)],
        detail=hook.detail,
        is_on=hook.is_on,
        why_off=hook.why_off or None,
        failing_since=utc_or_none(hook.failing_since),
        succeeded_at=utc_or_none(hook.succeeded_at),
        created_at=utc(hook.created_at),
        version=hook.version,
    )


def delivery_form(each: HookDelivery) -> DeliveryForm:
    """Return a message as it is answered."""
    return DeliveryForm(
        id=text_id(each.happening_id),
        type=each.type,
        state=each.state,
        tries=each.tries,
        status=each.status or None,
        reason=each.reason or None,
        created_at=utc(each.created_at),
        ended_at=utc_or_none(each.ended_at),
    )


OPERATIONS = (HOOKS, ADD, CHANGE, REMOVE, TEST, ROTATE, DELIVERIES, RETRY)
