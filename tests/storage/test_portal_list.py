"""`main.py portals`: a line a portal, from the database alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from bot.domain.installation import Installation, InstallationState, Trouble
from bot.domain.portal import Portal
from bot.portal_list import portal_lines
from bot.ports.connections import HEARD
from main import main
from storage import Database, open_storage
from tests.migrated import begin_migrated
from tests.storage.given import NOW, PORTAL, given, person

APPLICATION = Portal(200, "0123456789abcdef", "Бета")
INSTALLED = Installation(
    APPLICATION.id, InstallationState.ACTIVE, "t0ken", "oauth.bitrix.info", "https://beta.bitrix24.com/rest/",
    frozenset({"imbot", "im"}), "L", "1", "1", NOW,
)  # fmt: skip


async def test_a_line_a_portal(storage: Database) -> None:
    """Key, host, the application, people who may write, when it answered last; a tenant that left sleeps."""
    await given(storage, person(10), replace(person(11), is_disabled=True))
    async with storage.unit_of_work() as uow:
        uow.portals.add(APPLICATION)
        uow.portals.add(Portal(300, "gone.example", is_active=False))
        await uow.commit()
    async with storage.unit_of_work() as uow:
        uow.installations.put(INSTALLED)
        await uow.commit()
    await storage.vault.put(HEARD.format(key=PORTAL.key), datetime(2026, 7, 13, 6, 5, tzinfo=UTC).isoformat())
    lines = [line.split() for line in await portal_lines(storage)]
    assert [
        [APPLICATION.key, "beta.bitrix24.com", "active", "0", "never"],
        ["gone.example", "gone.example", "asleep", "0", "never"],
        [PORTAL.key, PORTAL.key, "webhook", "1", "2026-07-13", "06:05", "UTC"],
    ] == lines
    troubled = replace(INSTALLED, state=InstallationState.TROUBLED, trouble=Trouble.GRANT_LOST, trouble_since=NOW)
    async with storage.unit_of_work() as uow:
        uow.installations.mark(troubled)
        await uow.commit()
    assert any("troubled:invalid_grant" in line for line in await portal_lines(storage))


@pytest.fixture
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'smena.db'}")
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("_place")
def test_without_a_database(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It is one sentence, and nothing is made by looking."""
    assert 1 == main(["portals"])
    assert "there is no database of this version" in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())


async def test_beside_the_service(tmp_path: Path) -> None:
    """It reads a database that the service has open."""
    await begin_migrated(tmp_path / "d.db")
    service = await open_storage(f"sqlite:///{tmp_path}/d.db", secret_key="k" * 40)
    await service.start()
    await given(service, person(10))
    beside = await open_storage(f"sqlite:///{tmp_path}/d.db", secret_key="k" * 40)
    await beside.start()
    assert 1 == len(await portal_lines(beside))
    await beside.close()
    await service.close()
