"""Which page is whose: typed by hand from the table of rights; the program lists the pages, and none is forgotten."""

import re

import pytest

from bot.domain.people.employee import Role
from bot.web.pages import PAGES
from tests.pages.site import Site
from tests.people import Company

EVERYBODY, LEADS, ALL_HOURS, CLOSERS, PAPERS = "ELAM", "LAM", "LAM", "AM", "AM"
"""E employee, L lead, A accountant, M administrator."""
EXPECTED = {
    "GET /": EVERYBODY,
    "POST /day/{mark}": EVERYBODY,
    "GET /approvals": EVERYBODY,
    "GET /approvals/news": EVERYBODY,
    "POST /approvals/batch": EVERYBODY,  # each request in it is asked for by itself
    "POST /approvals/batch/decisions": EVERYBODY,
    "GET /approvals/new": EVERYBODY,
    "GET /approvals/new/my-time/{kind}": EVERYBODY,
    "POST /approvals/new/my-time/{kind}": EVERYBODY,
    "POST /approvals/new/my-time/{kind}/preview": EVERYBODY,
    "GET /approvals/new/{template}": EVERYBODY,  # of those that one may start
    "POST /approvals/new/{template}": EVERYBODY,
    "POST /approvals/new/{template}/preview": EVERYBODY,
    "GET /approvals/{id}/files/{n}": EVERYBODY,  # of those that one may see
    "GET /approvals/{id}/sheet.pdf": EVERYBODY,  # of those that one may see
    "GET /approvals/{id}/resubmission": EVERYBODY,  # of one's own
    "POST /approvals/{id}/resubmission": EVERYBODY,
    "POST /approvals/{id}/resubmission/preview": EVERYBODY,
    "GET /approvals/{id}": EVERYBODY,  # of those that one may see
    "POST /approvals/{id}/decision": EVERYBODY,  # in a seat that one holds
    "POST /approvals/{id}/undo": EVERYBODY,
    "POST /approvals/{id}/withdrawal": EVERYBODY,
    "POST /approvals/{id}/delegation": EVERYBODY,
    "POST /approvals/{id}/holder": "M",
    "POST /approvals/{id}/effects/{n}/retry": "M",
    "POST /approvals/{id}/say/{deed}": EVERYBODY,
    "GET /hours": EVERYBODY,
    "POST /hours/confirm": EVERYBODY,
    "GET /hours/team": ALL_HOURS,
    "POST /hours/approve": "LM",
    "GET /hours/months": CLOSERS,
    "POST /hours/close": CLOSERS,
    "POST /hours/reopen": CLOSERS,
    "POST /files": EVERYBODY,
    "GET /settings": PAPERS,
    "GET /settings/organisation": PAPERS,
    "POST /settings/organisation": PAPERS,
    "GET /settings/hours": "M",
    "POST /settings/hours": "M",
    "GET /settings/notifications": "M",
    "POST /settings/notifications": "M",
    "GET /settings/templates": "M",
    "POST /settings/templates/-/new": "M",
    "POST /settings/templates/-/import": "M",
    "GET /settings/templates/{key}": "M",
    "GET /settings/templates/{key}/file": "M",
    "GET /settings/templates/{key}/versions/{n}": "M",
    "GET /settings/templates/{key}/versions/{n}/file": "M",
    "POST /settings/templates/{key}/draft": "M",
    "POST /settings/templates/{key}/check": "M",
    "POST /settings/templates/{key}/publish": "M",
    "POST /settings/templates/{key}/simulate": "M",
    "POST /settings/templates/{key}/examples": "M",
    "POST /settings/templates/{key}/examples/{id}/drop": "M",
    "POST /settings/templates/{key}/group": "M",
    "POST /settings/templates/{key}/start": "M",
    "POST /settings/templates/{key}/stop": "M",
    "POST /settings/templates/{key}/copy": "M",
    "GET /leave": EVERYBODY,  # one's own, of those below, of all
    "GET /leave/team": ALL_HOURS,
    "POST /leave/{id}/{deed}": EVERYBODY,  # one's own is asked for; that of others whoever leads them changes
    "GET /people": EVERYBODY,
    "GET /people/{id}": EVERYBODY,  # colleagues: at work, away, and never why
    "POST /people/{id}/role": "M",
    "POST /people/{id}/access": "M",
    "POST /people/{id}/number": "AM",
    "POST /people/{id}/hired": "AM",
    "POST /people/{id}/schedule": "LM",
    "POST /people/{id}/substitute": EVERYBODY,  # of one's own, or of those one leads
    "POST /people/{id}/substitute/end": EVERYBODY,
    "POST /people/{id}/unlink": "M",
    "POST /people/{id}/invitation": "M",
    "POST /people/{id}/sign-out": "M",
    "GET /statistics/hours": ALL_HOURS,
    "POST /statistics/hours": ALL_HOURS,
    "GET /statistics/approvals": ALL_HOURS,
    "POST /statistics/approvals": ALL_HOURS,
    "GET /settings/calendar": PAPERS,
    "POST /settings/calendar/{deed}": PAPERS,
    "GET /settings/connection": "M",
    "POST /settings/connection/telegram": "M",
    "POST /settings/people-read": "M",
    "GET /settings/health": "M",
    "POST /settings/health/{deed}": "M",
    "GET /settings/audit": "M",
    "GET /settings/rules": "M",
    "GET /settings/rules/{key}": "M",
    "GET /settings/rules/{key}/file": "M",
    "POST /settings/rules/{key}/draft": "M",
    "POST /settings/rules/{key}/check": "M",
    "POST /settings/rules/{key}/try": "M",
    "POST /settings/rules/{key}/publish": "M",
    "POST /settings/rules/{key}/stop": "M",
    "GET /settings/webhooks": "M",
    "POST /settings/webhooks": "M",
    "GET /settings/webhooks/{id}": "M",
    "POST /settings/webhooks/{id}/change": "M",
    "POST /settings/webhooks/{id}/rotation": "M",
    "POST /settings/webhooks/{id}/do/{deed}": "M",
    "POST /settings/webhooks/{id}/deliveries/{n}/retry": "M",
    "GET /settings/keys": "M",
    "POST /settings/keys": "M",
    "POST /settings/keys/{id}/revoke": "M",
    "POST /settings/keys/origins/add": "M",
    "POST /settings/keys/origins/remove": "M",
    "POST /me/keys": EVERYBODY,
    "POST /me/keys/{id}/revoke": EVERYBODY,
    "GET /me": EVERYBODY,
    "POST /me/notifications": EVERYBODY,
    "POST /me/channel": EVERYBODY,
    "POST /me/letters": EVERYBODY,
    "POST /me/substitute": EVERYBODY,
    "POST /me/substitute/{id}/end": EVERYBODY,
    "POST /me/language": EVERYBODY,
    "POST /me/zone": EVERYBODY,
    "POST /me/sign-out": EVERYBODY,
    "POST /me/sign-out-everywhere": EVERYBODY,
    "POST /me/sessions/{id}/end": EVERYBODY,
}
ROLES = {"E": Role.EMPLOYEE, "L": Role.LEAD, "A": Role.ACCOUNTANT, "M": Role.ADMIN}


def test_every_page_has_a_line() -> None:
    """A page that is not expected is a failed test."""
    assert set(EXPECTED) == {f"{each.method} {each.path}" for each in PAGES}


@pytest.mark.parametrize("letter", ROLES)
async def test_a_page_is_refused_to_whom_it_is_not_for(site: Site, company: Company, letter: str) -> None:
    """Whoever may not gets a refusal, and not a page; whoever may is never refused for their role."""
    boss = await company.hire("Ольга Смирнова", "bitrix24", role=Role.ADMIN)
    person = await company.hire("Кто-то Один", "bitrix24", role=ROLES[letter], lead=boss)
    fields = {"first": "2026-06-01", "last": "2026-06-30", "reason": "Так", "items": "1.0", "verdict": "approve"}
    for each in PAGES:
        key, path = f"{each.method} {each.path}", re.sub(r"\{\w+\}", "1", each.path)
        if key in {"POST /me/sign-out", "POST /me/sign-out-everywhere"}:
            continue
        read = await (site.get(person, path) if each.method == "GET" else site.post(person, path, fields))
        assert (letter not in EXPECTED[key]) == (read.status == 403), (key, read.status)
