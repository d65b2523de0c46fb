"""Every page: its address, its view, the right it takes, and which page shows why something was not done."""

from dataclasses import dataclass
from typing import Any

from bot.bodies import MOST
from bot.domain.rights import Right
from bot.web.template_pages import template_pages
from bot.web.views import (
    approvals,
    asking_templates,
    asking_time,
    card,
    hours,
    leave,
    me,
    overview,
    people,
    person,
    statistics,
)
from bot.web.views.settings import audit, calendar, connection, health, index, keys, options, rules, webhooks

MOST_FIELDS = 400
"""Fields that a form may have."""
_LARGE, _MANY = 4 * 1024 * 1024, 10 * MOST_FIELDS
"""What a template of a megabyte takes, each letter of it written as several; and one with many stages."""

View = Any
"""A function of a visit, a form perhaps, and services; it answers with a page, or tells where to go on."""


@dataclass(frozen=True, slots=True)
class Route:
    """A page, or what is sent from one."""

    method: str
    path: str
    view: View
    right: Right | None = None
    again: View | None = None
    """Shows why what was sent was not done, with what was typed."""
    takes_files: bool = False
    admits: View | None = None
    """Refuses, before files are taken, whoever may not send them there."""
    is_secret: bool = False
    """What is sent is shown to nobody again, also where the session has ended."""
    back: str = ""
    """The page's address where it is not the route's own; whoever asks for what is only sent is led there."""
    most_bytes: int = MOST
    most_fields: int = MOST_FIELDS


def _section(path: str, right: Right, shows: View, sets: View) -> tuple[Route, Route]:
    """A page whose forms are sent to its own address."""
    return Route("GET", path, shows, right=right), Route("POST", path, sets, right=right, again=shows)


_NEW, _MY_TIME, _CHANGED = "/approvals/new/{template}", "/approvals/new/my-time/{kind}", "/approvals/{id}/resubmission"
_TEMPLATES = "/settings/templates"


def _templates() -> tuple[Route, ...]:
    """Templates: the list, each with its versions, and what is done with it."""
    rules = Right.KEEP_RULES

    def shows(path: str, view: View) -> Route:
        return Route("GET", f"{_TEMPLATES}{path}", view, right=rules)

    def sends(path: str, view: View, again: View, back: str) -> Route:
        return Route("POST", f"{_TEMPLATES}{path}", view, rules, again, back=back, most_bytes=_LARGE, most_fields=_MANY)

    return template_pages(shows, sends)


def _about(deed: str, view: View, right: Right | None = None) -> tuple[Route, ...]:
    """Return what is sent from the page of a person."""
    return (Route("POST", f"/people/{{id}}/{deed}", view, right, again=person.person, back="/people/{id}"),)


def _of_rule(deed: str, view: View) -> Route:
    """What is sent from the page of a rule."""
    path = f"/settings/rules/{{key}}/{deed}"
    return Route("POST", path, view, right=Right.KEEP_RULES, again=rules.rule, back="/settings/rules/{key}")


def _integrations() -> tuple[Route, ...]:
    """Webhooks, and keys of programs."""
    right = Right.INTEGRATE
    hook, of_hook, of_keys = "/settings/webhooks/{id}", webhooks.webhook, keys.keys
    return (
        Route("GET", "/settings/webhooks", webhooks.webhooks, right),
        Route("POST", "/settings/webhooks", webhooks.add, right, webhooks.webhooks),
        Route("GET", hook, of_hook, right),
        Route("POST", f"{hook}/change", webhooks.change, right, of_hook, back=hook),
        Route("POST", f"{hook}/rotation", webhooks.rotate, right, of_hook, back=hook),
        Route("POST", f"{hook}/do/{{deed}}", webhooks.do, right, of_hook, back=hook),
        Route("POST", f"{hook}/deliveries/{{n}}/retry", webhooks.repeat, right, of_hook, back=hook),
        Route("GET", "/settings/keys", of_keys, right),
        Route("POST", "/settings/keys", keys.make, right, of_keys),
        Route("POST", "/settings/keys/{id}/revoke", keys.revoke, right, of_keys, back="/settings/keys"),
        Route("POST", "/settings/keys/origins/add", keys.allow, right, of_keys, back="/settings/keys"),
        Route("POST", "/settings/keys/origins/remove", keys.disallow, right, of_keys, back="/settings/keys"),
    )


PAGES = (
    Route("GET", "/", overview.overview),
    Route("POST", "/day/{mark}", overview.mark, again=overview.overview, back="/"),
    Route("GET", "/approvals", approvals.approvals),
    Route("GET", "/approvals/news", approvals.news),
    Route("POST", "/approvals/batch", approvals.look, again=approvals.approvals, back="/approvals"),
    Route("POST", "/approvals/batch/decisions", approvals.decide_batch, again=approvals.approvals, back="/approvals"),
    Route("GET", "/approvals/new", asking_templates.new),
    Route("GET", "/approvals/new/my-time/{kind}", asking_time.form),
    Route("POST", "/approvals/new/my-time/{kind}", asking_time.send, again=asking_time.form, back=_MY_TIME),
    Route("POST", "/approvals/new/my-time/{kind}/preview", asking_time.look, again=asking_time.form, back=_MY_TIME),
    Route("GET", "/approvals/new/{template}", asking_templates.form),
    Route("POST", "/approvals/new/{template}", asking_templates.send, again=asking_templates.form, back=_NEW),
    Route(
        "POST",
        "/approvals/new/{template}/preview",
        asking_templates.look,
        again=asking_templates.form,
        takes_files=True,
        admits=asking_templates.admits,
        back=_NEW,
    ),
    Route("GET", "/approvals/{id}", card.card),
    Route("GET", "/approvals/{id}/resubmission", asking_templates.form),
    Route("POST", "/approvals/{id}/resubmission", asking_templates.send, again=asking_templates.form, back=_CHANGED),
    Route(
        "POST",
        "/approvals/{id}/resubmission/preview",
        asking_templates.look,
        again=asking_templates.form,
        takes_files=True,
        admits=asking_templates.admits,
        back=_CHANGED,
    ),
    Route("GET", "/approvals/{id}/files/{n}", card.file),
    Route("GET", "/approvals/{id}/sheet.pdf", card.sheet),
    Route("POST", "/approvals/{id}/decision", card.decide, again=card.card, back="/approvals/{id}"),
    Route("POST", "/approvals/{id}/undo", card.undo, again=card.card, back="/approvals/{id}"),
    Route("POST", "/approvals/{id}/withdrawal", card.withdraw, again=card.card, back="/approvals/{id}"),
    Route("POST", "/approvals/{id}/delegation", card.delegate, again=card.card, back="/approvals/{id}"),
    Route(
        "POST",
        "/approvals/{id}/holder",
        card.replace_holder,
        right=Right.REPLACE_HOLDER,
        again=card.card,
        back="/approvals/{id}",
    ),
    Route(
        "POST",
        "/approvals/{id}/effects/{n}/retry",
        card.retry,
        right=Right.RESEND,
        again=card.card,
        back="/approvals/{id}",
    ),
    Route("POST", "/approvals/{id}/say/{deed}", card.say, again=card.card, back="/approvals/{id}"),
    Route("GET", "/hours", hours.hours),
    Route("POST", "/hours/confirm", hours.confirm, again=hours.hours, back="/hours"),
    Route("GET", "/hours/team", hours.team, right=Right.SEE_HOURS),
    Route("POST", "/hours/approve", hours.approve, right=Right.APPROVE_PERIODS, again=hours.team, back="/hours/team"),
    Route("GET", "/hours/months", hours.months, right=Right.CLOSE_PERIODS),
    Route("POST", "/hours/close", hours.close, right=Right.CLOSE_PERIODS, again=hours.months, back="/hours/months"),
    Route("POST", "/hours/reopen", hours.reopen, right=Right.CLOSE_PERIODS, again=hours.months, back="/hours/months"),
    Route("POST", "/files", hours.file, again=hours.file_refused, back="/hours"),
    *_templates(),
    Route("GET", "/settings", index.index, right=Right.KEEP_CALENDAR),
    *_section("/settings/organisation", Right.KEEP_ORGANISATION, options.organisation, options.set_organisation),
    *_section("/settings/hours", Right.KEEP_OPTIONS, options.hours, options.set_hours),
    *_section("/settings/notifications", Right.KEEP_OPTIONS, options.notifications, options.set_notifications),
    Route("GET", "/leave", leave.leave),
    Route("GET", "/leave/team", leave.team, right=Right.SEE_BALANCES),
    Route("POST", "/leave/{id}/{deed}", leave.change, again=leave.leave, back="/leave"),
    Route("GET", "/people", people.people),
    Route("GET", "/people/{id}", person.person),
    *_about("role", person.set_role, Right.GIVE_ROLES),
    *_about("access", person.set_access, Right.GIVE_ACCESS),
    *_about("number", person.set_number, Right.KEEP_PERSONNEL),
    *_about("hired", person.set_hired, Right.KEEP_PERSONNEL),
    *_about("schedule", person.set_schedule, Right.GIVE_SCHEDULES),
    *_about("substitute", person.name_substitute),
    *_about("substitute/end", person.end_substitute),
    *_about("unlink", person.unlink, Right.GIVE_ACCESS),
    *_about("invitation", person.invite, Right.GIVE_ACCESS),
    *_about("sign-out", person.sign_out, Right.GIVE_ACCESS),
    Route("GET", "/statistics/hours", statistics.hours, right=Right.SEE_HOURS),
    Route("POST", "/statistics/hours", statistics.hours_file, right=Right.SEE_HOURS, again=statistics.hours),
    Route("GET", "/statistics/approvals", statistics.approvals, right=Right.SEE_HOURS),
    Route(
        "POST", "/statistics/approvals", statistics.approvals_file, right=Right.SEE_HOURS, again=statistics.approvals
    ),
    Route("GET", "/settings/calendar", calendar.calendar, right=Right.KEEP_CALENDAR),
    Route(
        "POST",
        "/settings/calendar/{deed}",
        calendar.change,
        right=Right.KEEP_CALENDAR,
        again=calendar.calendar,
        back="/settings/calendar",
    ),
    *_integrations(),
    Route("GET", "/settings/connection", connection.connection, right=Right.INTRODUCE),
    Route(
        "POST",
        "/settings/connection/telegram",
        connection.bring_token,
        right=Right.INTRODUCE,
        again=connection.connection,
        back="/settings/connection",
        is_secret=True,
    ),
    Route("POST", "/settings/people-read", connection.read_people, right=Right.INTRODUCE, back="/settings"),
    Route("GET", "/settings/health", health.health, right=Right.RESEND),
    Route(
        "POST", "/settings/health/{deed}", health.mend, right=Right.RESEND, again=health.health, back="/settings/health"
    ),
    Route("GET", "/settings/audit", audit.audit, right=Right.SEE_RECORD),
    Route("GET", "/settings/rules", rules.rules, right=Right.KEEP_RULES),
    Route("GET", "/settings/rules/{key}", rules.rule, right=Right.KEEP_RULES),
    Route("GET", "/settings/rules/{key}/file", rules.file, right=Right.KEEP_RULES),
    _of_rule("draft", rules.draft),
    _of_rule("check", rules.look),
    _of_rule("try", rules.attempt),
    _of_rule("publish", rules.publish),
    _of_rule("stop", rules.stop),
    Route("GET", "/me", me.me),
    Route("POST", "/me/language", me.speak, again=me.me, back="/me"),
    Route("POST", "/me/zone", me.move, again=me.me, back="/me"),
    Route("POST", "/me/notifications", me.notify, again=me.me, back="/me"),
    Route("POST", "/me/channel", me.write_in, again=me.me, back="/me"),
    Route("POST", "/me/letters", me.use_letters, again=me.me, back="/me"),
    Route("POST", "/me/substitute", me.name_substitute, again=me.me, back="/me"),
    Route("POST", "/me/substitute/{id}/end", me.end_substitute, again=me.me, back="/me"),
    Route("POST", "/me/keys", keys.make_own, again=me.me, back="/me"),
    Route("POST", "/me/keys/{id}/revoke", keys.revoke_own, again=me.me, back="/me"),
    Route("POST", "/me/sign-out", me.sign_out, back="/me"),
    Route("POST", "/me/sign-out-everywhere", me.sign_out_everywhere, back="/me"),
    Route("POST", "/me/sessions/{id}/end", me.end_session, again=me.me, back="/me"),
)
