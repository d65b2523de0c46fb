"""The sections of the application: each stands in the bars of whoever may see it, and leads to a page of theirs."""

import re
from datetime import UTC, datetime

import pytest

from bot.domain.people.employee import Role
from bot.i18n import Translator
from bot.web.render import NameTaken, render_page
from bot.web.words import SECTIONS
from tests.pages.site import Site
from tests.people import Company

ON_PHONE = ["/", "/approvals", "/hours"]
"""Beside them there is room for “More” alone."""


def _addresses(html: str, start: str, end: str) -> list[str]:
    part = html[html.index(start) :]
    return re.findall(r'<a href="([^"]+)"', part[: part.index(end)])


@pytest.mark.parametrize("role", Role)
async def test_what_stands_in_the_bars_leads_somewhere(site: Site, company: Company, role: Role) -> None:
    """Nobody is shown a section that would be refused; what the phone's bar has no room for is behind “More”."""
    person = await company.hire("Кто-то Один", "bitrix24", role=role)
    html = (await site.get(person, "/")).html
    top = _addresses(html, '<nav aria-label="Разделы"', "</nav>")
    phone = _addresses(html, '<nav class="phone"', "<details")
    more = _addresses(html, '<details name="more"', "</details>")
    assert ON_PHONE == phone
    assert "/me" in more
    assert set(top) <= {*phone, *more}
    assert '<form method="post" action="/me/sign-out">' in html[html.index('<details name="more"') :]
    for path in {*top, *phone, *more}:
        assert 200 == (await site.get(person, path)).status, path


def test_every_section_has_a_letter_of_its_own() -> None:
    """After `g` a letter leads to one section alone."""
    letters = [each.hotkey for each in SECTIONS if each.is_in_bar]
    assert len(letters) == len(set(letters))


async def test_a_name_that_every_page_has_is_taken() -> None:
    """A value under such a name would show something else, or nothing, without a word: it is named at once."""
    words = Translator("ru", "UTC", datetime.now(UTC))
    for own in ({"framed_by": "x"}, {"day": 1}):
        with pytest.raises(NameTaken, match=next(iter(own))):
            await render_page("refused.html", words, {"framed_by": ""}, own)
