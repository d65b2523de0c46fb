"""What goes over the wire is packed for who unpacks it, but for pages whose address somebody else may have written."""

import gzip
import re

from bot.web.origins import COOKIE
from tests.pages.site import Site
from tests.people import Person


async def _bytes(site: Site, person: Person, path: str, takes: str) -> tuple[bytes, str, str]:
    headers = {"Cookie": f"{COOKIE}={await site.token(person)}", "Accept-Encoding": takes}
    async with site.client.get(path, headers=headers, auto_decompress=False) as answer:
        return await answer.read(), answer.headers.get("Content-Encoding", ""), answer.headers["Vary"]


async def test_a_page_is_packed(site: Site, anna: Person) -> None:
    """It says so, and that another browser gets another one; unpacked it is the page."""
    packed, encoding, varies = await _bytes(site, anna, "/approvals", "br, gzip;q=0.8")
    plain, as_is, _ = await _bytes(site, anna, "/approvals", "identity")
    assert ("gzip", "") == (encoding, as_is)
    assert "Accept-Encoding" in varies
    assert "Cookie" in varies
    assert plain == gzip.decompress(packed)
    assert len(packed) < len(plain) / 2


async def test_a_page_at_an_address_that_others_may_have_written_is_not_packed(site: Site, anna: Person) -> None:
    """Its length must not tell what stands beside their words."""
    _, encoding, _ = await _bytes(site, anna, "/approvals?q=Anna", "gzip")
    assert encoding == ""


async def test_what_a_page_is_made_with_is_packed(site: Site, anna: Person) -> None:
    """Each file unpacks to what whoever refuses gzip is given."""
    html, _, _ = await _bytes(site, anna, "/", "identity")
    addresses = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html.decode()))
    assert addresses
    for each in addresses:
        packed, encoding, varies = await _bytes(site, anna, each, "gzip")
        plain, as_is, _ = await _bytes(site, anna, each, "gzip;q=0")
        assert ("gzip", "", "Accept-Encoding") == (encoding, as_is, varies)
        assert plain == gzip.decompress(packed)
