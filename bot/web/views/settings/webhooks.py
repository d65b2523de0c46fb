"""Webhooks on pages: where programs are told what happens, how that went, and what is tried again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import ConfigDict

from bot.domain.automation.happening import SUBSCRIBABLE, HappeningType
from bot.domain.automation.webhook import DeliveryState, Detail, Webhook
from bot.services.automation.webhooks import HookChanged, Webhooks
from bot.text import DayTime, t
from bot.web.forms import Empty, Form
from bot.web.settings import SETTINGS, settings_page
from bot.web.visit import Go, NotFound, Page, Visit, number_in
from bot.words.integrations import TYPES, delivery_words, off_words

WEBHOOKS = f"{SETTINGS}/webhooks"
_SHOWN = 50
_FIELDS = {f"type_{each.value.replace('.', '_')}": each for each in SUBSCRIBABLE}
_STATES = {DeliveryState.DONE: "ok", DeliveryState.FAILED: "failed", DeliveryState.WAITING: "wait"}


class HookFields(Form):
    """A webhook; without ticks it is told of everything."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)
    name: str = ""
    url: str = ""
    full: str = ""
    version: str = ""

    @property
    def types(self) -> list[HappeningType]:
        """What it is to be told of."""
        given = self.model_extra or {}
        return [kind for field, kind in _FIELDS.items() if given.get(field)]

    @property
    def detail(self) -> Detail:
        """How much it is to be told."""
        return Detail.FULL if self.full else Detail.IDS


class Seen(Form):
    """A button, with the version that its page showed."""

    version: str = ""


async def webhooks(visit: Visit, webhooks: Webhooks) -> Page:
    """List the webhooks."""
    rows = [_row(each) for each in await webhooks.of(visit.reader)]
    values = {"rows": rows, "kinds": _kinds(visit, ()), "hook": None, "hook_typed": visit.typed}
    return settings_page(visit, "webhooks", "settings/webhooks.html", values)


async def add(visit: Visit, form: HookFields, webhooks: Webhooks) -> Page:
    """Add a webhook, and show its secret this once."""
    made = await webhooks.make(visit.reader, form.name, form.url, form.types, visit.now, detail=form.detail)
    return _secret(visit, made.hook, made.secret)


async def webhook(visit: Visit, webhooks: Webhooks) -> Page:
    """Show a webhook with the newest messages to it."""
    hook = await webhooks.get(visit.reader, visit.number("id"))
    before = number_in(visit.query.get("after", ""))
    if isinstance(visit.refused, HookChanged):  # what was typed is about what is no more
        visit = replace(visit, typed={})
    found = await webhooks.deliveries(visit.reader, hook, before, _SHOWN + 1)
    shown = found[:_SHOWN]
    values = {
        "hook": _row(hook),
        "hook_typed": visit.typed,
        "kinds": _kinds(visit, hook.types),
        "deliveries": [
            {
                "id": each.happening_id,
                "at": DayTime(each.created_at),
                "kind": TYPES[each.type],
                "type": each.type.value,
                "state": _STATES[each.state],
                "words": delivery_words(each),
                "tries": each.tries,
                "can_repeat": each.state is DeliveryState.FAILED,
            }
            for each in shown
        ],
        "next": f"{WEBHOOKS}/{hook.id}?after={shown[-1].happening_id}" if len(found) > len(shown) else None,
    }
    return settings_page(visit, "webhooks", "settings/webhook.html", values, t("Webhook “{name}”", name=hook.name))


async def change(visit: Visit, form: HookFields, webhooks: Webhooks) -> Go:
    """Change a webhook."""
    hook = await webhooks.get(visit.reader, visit.number("id"))
    await webhooks.change(
        visit.reader, hook, visit.now,
        name=form.name, url=form.url, types=form.types, detail=form.detail, seen=_seen(form.version),
    )  # fmt: skip
    return Go(f"{WEBHOOKS}/{hook.id}", t("Kept."))


async def rotate(visit: Visit, form: Seen, webhooks: Webhooks) -> Page:
    """Give a webhook a new secret, and show it this once."""
    hook = await webhooks.get(visit.reader, visit.number("id"))
    made = await webhooks.rotate(visit.reader, hook, visit.now, seen=_seen(form.version))
    return _secret(visit, made.hook, made.secret)


async def do(visit: Visit, form: Empty, webhooks: Webhooks) -> Go:
    """Try a webhook, switch it on or off, or delete it."""
    del form
    hook = await webhooks.get(visit.reader, visit.number("id"))
    here = f"{WEBHOOKS}/{hook.id}"
    match visit.path["deed"]:
        case "test":
            await webhooks.test(visit.reader, hook, visit.now)
            return Go(here, t("A test is on its way: below it says whether it arrived."))
        case "on":
            await webhooks.change(visit.reader, hook, visit.now, is_on=True)
            return Go(here, t("It is on. What waited is sent now."))
        case "off":
            await webhooks.change(visit.reader, hook, visit.now, is_on=False)
            return Go(here, t("It is off: nothing is sent, and what happens meanwhile is not kept for it."))
        case "delete":
            await webhooks.remove(visit.reader, hook, visit.now)
            return Go(WEBHOOKS, t("The webhook “{name}” is deleted.", name=hook.name))
        case _:
            raise NotFound


async def repeat(visit: Visit, form: Empty, webhooks: Webhooks) -> Go:
    """Send a message that failed again."""
    del form
    hook = await webhooks.get(visit.reader, visit.number("id"))
    await webhooks.repeat(visit.reader, hook, visit.number("n"), visit.now)
    return Go(f"{WEBHOOKS}/{hook.id}", t("It is sent again, under the number that it had."))


def _seen(said: str) -> int:
    found = number_in(said)
    return -1 if found is None else found


def _row(hook: Webhook) -> dict[str, Any]:
    is_failing = hook.failing_since is not None
    return {
        "id": hook.id,
        "version": hook.version,
        "name": hook.name,
        "url": hook.url,
        "is_on": hook.is_on,
        "is_full": hook.detail is Detail.FULL,
        "state": "withdrawn" if not hook.is_on else "failed" if is_failing else "ok",
        "words": off_words(hook.why_off) if not hook.is_on else t("not taken") if is_failing else t("on"),
        "since": DayTime(hook.failing_since) if hook.failing_since else None,
        "succeeded": DayTime(hook.succeeded_at) if hook.succeeded_at else None,
        "count": len(hook.types),
    }


def _kinds(visit: Visit, chosen: Sequence[HappeningType] | frozenset[HappeningType]) -> list[dict[str, Any]]:
    return [
        {
            "field": field,
            "type": kind.value,
            "words": TYPES[kind],
            "is_chosen": bool(visit.typed.get(field)) if visit.typed else kind in chosen,
        }
        for field, kind in _FIELDS.items()
    ]


def _secret(visit: Visit, hook: Webhook, secret: str) -> Page:
    values = {
        "secret": secret,
        "what": t("The secret of the webhook “{name}”", name=hook.name),
        "how": t("Your program checks the signature of each message with it; a former secret signs for 24 hours more."),
        "back": f"{WEBHOOKS}/{hook.id}",
    }
    return settings_page(visit, "webhooks", "settings/secret.html", values, t("Copy it now"))
