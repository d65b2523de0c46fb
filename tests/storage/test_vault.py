"""The vault keeps values, and secrets so that the file alone does not give them away."""

import pytest

from storage import Database, WrongKey
from storage.engines.engine import Read
from storage.sql import service
from storage.vault import Box
from tests.storage.given import KEY, Opener

NEW = "N" * 40
SECRET = "a token that must not be read"


async def raw(storage: Database, name: str) -> str:
    """Return what is really in the database."""
    ((row,),) = await storage._engine.read([Read(service.GET_VALUE, {"name": name})])
    return str(row[0])


async def test_plain_value(storage: Database) -> None:
    """A value is read as it was put last; an unknown name is none."""
    await storage.vault.put("a", "1")
    await storage.vault.put("a", "2")
    assert (await storage.vault.get("a"), await storage.vault.get("b")) == ("2", None)


async def test_secret(storage: Database) -> None:
    """A secret is read back, and is not in the database in plain."""
    await storage.vault.put("token", SECRET, is_secret=True)
    stored = await raw(storage, "token")
    assert (await storage.vault.get("token"), SECRET in stored, stored[:3]) == (SECRET, False, "v1:")


async def test_same_secret_twice(storage: Database) -> None:
    """The same secret is never encrypted to the same text."""
    await storage.vault.put("a", SECRET, is_secret=True)
    first = await raw(storage, "a")
    await storage.vault.put("a", SECRET, is_secret=True)
    assert first != await raw(storage, "a")


async def test_wrong_key(opened: Opener) -> None:
    """With another SECRET_KEY a secret does not open, and the error says so in a sentence without the secret."""
    await (await opened()).vault.put("token", SECRET, is_secret=True)
    other = await opened(secret_key="another key that is long enough too")
    with pytest.raises(WrongKey, match=r"'token'.*another SECRET_KEY"):
        await other.vault.get("token")


async def test_former_key(opened: Opener) -> None:
    """Behind a new key the former one still opens; sealed anew, the secret needs the new one alone."""
    await (await opened()).vault.put("token", SECRET, is_secret=True)
    await (await opened()).vault.put("plain", "1")
    both = await opened(secret_key=f"{NEW}, {KEY}")
    before = await raw(both, "token")
    assert await both.vault.get("token") == SECRET
    assert (await both.vault.reseal(), await both.vault.reseal()) == (1, 0)
    assert before != await raw(both, "token")
    new = await opened(secret_key=NEW)
    assert (await new.vault.get("token"), await new.vault.get("plain")) == (SECRET, "1")
    with pytest.raises(WrongKey):
        await (await opened()).vault.get("token")


async def test_sealing_anew_leaves_what_nobody_opens(opened: Opener) -> None:
    """A secret of a key that is not there any more stays as it is, and the others are sealed anew all the same."""
    lost = "one that nobody has kept, long enough"
    await (await opened(secret_key=lost)).vault.put("a", SECRET, is_secret=True)
    await (await opened()).vault.put("b", SECRET, is_secret=True)
    both = await opened(secret_key=f"{NEW}, {KEY}")
    assert await both.vault.reseal() == 1
    assert await (await opened(secret_key=lost)).vault.get("a") == SECRET


@pytest.mark.parametrize("form", ["", "plain", "v1:", "v1:00:", "v2:aa:bb"])
def test_what_is_no_secret(form: str) -> None:
    """Text of any other form does not open."""
    with pytest.raises(WrongKey):
        Box(KEY).open(form, "token")


def test_moved_and_changed() -> None:
    """A ciphertext that was put under another name, or changed by a letter, does not open."""
    box = Box(KEY)
    sealed = box.seal(SECRET, "a")
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    for form, name in ((sealed, "b"), (changed, "a"), (sealed[:-8], "a"), (sealed + "\n", "a")):
        with pytest.raises(WrongKey):
            box.open(form, name)
    assert box.open(sealed, "a") == SECRET
