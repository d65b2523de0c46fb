"""Settings on pages: each section for whom it is for, options set as chat sets them, and what is wrong said kindly."""

import pytest

from bot.domain.options import DIGEST_AT, OPTIONS, ORGANISATION, SMALL_CHANGE
from bot.domain.people.employee import Role
from bot.web.settings import PARTS
from tests.pages.site import Site
from tests.people import Company, Person


async def test_the_index_lists_what_the_reader_may_open(site: Site, company: Company, olga: Person) -> None:
    """An administrator sees each section, an accountant those of papers; each of them opens."""
    accountant = await company.hire("Вера Счёт", "bitrix24", role=Role.ACCOUNTANT)
    index = await site.get(olga, "/settings")
    assert all(f'href="{each.path}"' in index.html for each in PARTS)
    theirs = await site.get(accountant, "/settings")
    assert 'href="/settings/organisation"' in theirs.html
    assert 'href="/settings/hours"' not in theirs.html
    for each in PARTS:
        assert 200 == (await site.get(olga, each.path)).status, each.path
        seen = (await site.get(accountant, each.path)).status
        assert (200 if f'href="{each.path}"' in theirs.html else 403) == seen, each.path


async def test_every_option_has_a_page(site: Site, olga: Person) -> None:
    """No option can be set in chat alone."""
    pages = [(await site.get(olga, f"/settings/{each}")).html for each in ("organisation", "hours", "notifications")]
    for key in OPTIONS:
        assert 1 == sum(f'id="option-{key.replace(".", "-")}"' in each for each in pages), key


async def test_an_option_is_set_as_in_chat(site: Site, olga: Person) -> None:
    """What is written counts for chat too, on record, and is read back with what it was."""
    read = await site.post(olga, "/settings/notifications", {"key": DIGEST_AT.key, "said": "9:30"})
    assert "9:30" in read.text
    assert "Раньше: 10:00" in read.text
    assert "9:30" in await olga.says("настройки портала")
    again = await site.post(olga, "/settings/notifications", {"key": DIGEST_AT.key, "said": "9.30"})
    assert "Так и есть: 9:30" in again.text


async def test_a_wrong_value_stays_in_its_field(site: Site, olga: Person) -> None:
    """Nothing is changed, and the sentence says what to write."""
    read = await site.post(olga, "/settings/hours", {"key": SMALL_CHANGE.key, "said": "много"})
    assert 422 == read.status
    assert "минут" in read.text
    assert 'value="много"' in read.html


@pytest.mark.parametrize("key", ["nothing", "digest_at"])
async def test_an_option_of_another_page_is_none_of_this(site: Site, olga: Person, key: str) -> None:
    """An option is set where it stands, under the right of that page."""
    assert 404 == (await site.post(olga, "/settings/organisation", {"key": key, "said": "10:00"})).status


async def test_an_accountant_keeps_the_papers(site: Site, company: Company, olga: Person) -> None:
    """The organisation is theirs; the letters of form T-13 are not."""
    accountant = await company.hire("Вера Счёт", "bitrix24", role=Role.ACCOUNTANT)
    read = await site.post(accountant, "/settings/organisation", {"key": ORGANISATION.key, "said": "ООО «Ромашка»"})
    assert "ООО «Ромашка»" in read.text
    assert "Буквы формы" not in read.text
    refused = await site.post(accountant, "/settings/organisation", {"key": "t13_codes.sick", "said": "Б"})
    assert 403 == refused.status
