"""A mistake on the command line or in the settings is one sentence on standard error and an exit code."""

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from storage.migrate import migrate
from storage.schema import HEAD

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"
HOOK = "https://company.bitrix24.ru/rest/1/s3cr3tc0de/"
LOCAL_HOOK = "http://127.0.0.1:9/rest/1/s3cr3tc0de/"
KEY = "k" * 40
KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")
WRONG = 2
FAILED = 1


def run(folder: Path, *arguments: str, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the program in an empty folder with these settings alone."""
    inherited = {name: value for name, value in os.environ.items() if name in KEPT}
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        cwd=folder,
        env={**inherited, **environ},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """The exit code is as promised; standard error is one sentence that names what is wrong."""
    assert "Traceback" not in done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("smena: ")]
    assert 1 == len(said), done.stderr
    assert [] == [word for word in words if word not in said[0]], said[0]
    assert code == done.returncode
    assert "s3cr3tc0de" not in done.stderr
    assert TOKEN not in done.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"DATABASE_URL": "mysql://host/smena"}, ("DATABASE_URL",)),
        ({"DATABASE_URL": "smena.db"}, ("DATABASE_URL",)),
        ({"PORT": "abc"}, ("PORT",)),
        ({"PORT": "99999"}, ("PORT",)),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_MODE": "webhook", "SECRET_KEY": KEY}, ("TELEGRAM_MODE", "PUBLIC_URL")),
        ({"BITRIX24_WEBHOOK_URL": HOOK, "BITRIX24_MODE": "webhook", "SECRET_KEY": KEY}, ("BITRIX24_MODE",)),
        ({"SECRET_KEY": "short"}, ("SECRET_KEY", "32")),
        ({"TELEGRAM_BOT_TOKEN": TOKEN}, ("SECRET_KEY", "python3 -c")),
        ({"TELEGRAM_BOT_TOKN": TOKEN}, ("TELEGRAM_BOT_TOKN", "did you mean TELEGRAM_BOT_TOKEN?")),
        ({"SECRET_KEY": "put-at-least-32-random-characters-here"}, ("SECRET_KEY", "example", "python3 -c")),
        ({"BITRIX24_WEBHOOK_URL": "https://company.bitrix24.ru/rest/1/"}, ("BITRIX24_WEBHOOK_URL", "no code")),
        ({"BITRIX24_WEBHOOK_URL": HOOK}, ("SECRET_KEY",)),
        ({"TELEGRAM_BOT_TOKEN": "nonsense", "SECRET_KEY": KEY}, ("TELEGRAM_BOT_TOKEN",)),
        ({"BITRIX24_WEBHOOK_URL": LOCAL_HOOK, "SECRET_KEY": KEY}, ("BITRIX24_WEBHOOK_URL",)),
        ({"BITRIX24_WEBHOOK_URL": "https://company.bitrix24.ru/", "SECRET_KEY": KEY}, ("BITRIX24_WEBHOOK_URL",)),
        ({"BITRIX24_CLIENT_ID": "local.1", "SECRET_KEY": KEY}, ("BITRIX24_CLIENT_ID",)),
        ({"PUBLIC_URL": "smena.example.com"}, ("PUBLIC_URL",)),
        ({"LOG_LEVEL": "loud"}, ("LOG_LEVEL",)),
        ({"LOG_FORMAT": "xml"}, ("LOG_FORMAT",)),
        ({"ALLOW_LOCAL_PORTALS": "perhaps"}, ("ALLOW_LOCAL_PORTALS",)),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)  # fmt: skip
def test_wrong_setting(tmp_path: Path, settings: dict[str, str], words: tuple[str, ...]) -> None:
    """Each wrong setting is named, with exit code 2, and no secret is repeated."""
    assert_one_sentence(run(tmp_path, "serve", **settings), WRONG, *words)


@pytest.mark.parametrize("command", ["serve", "sandbox", "check", "migrate", "backup x", "restore x"])
def test_every_command_minds_the_settings(tmp_path: Path, command: str) -> None:
    """Whatever is started: a wrong setting is told first."""
    assert_one_sentence(run(tmp_path, *command.split(), PORT="abc"), WRONG, "PORT")


@pytest.mark.parametrize(
    "arguments",
    [
        "dance",
        "serve now",
        "sandbox --port abc",
        "sandbox --port 99999",
        "sandbox --clock yesterday",
        "backup",
        "hours",
        "hours --zone Mars/Olympus",
        "hours --zone ../../etc/passwd",
        "understand --locale de --zone UTC --now 2026-07-13",
        "understand --locale ru --zone UTC --now noon",
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: str) -> None:
    """Wrong usage ends with code 2 and a hint how to use it."""
    done = run(tmp_path, *arguments.split())
    assert WRONG == done.returncode
    assert done.stderr.startswith("usage:")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "{}",
        '{"kind": "dance", "at": "2026-07-13T09:00:00+03:00", "id": "1"}',
        '{"kind": "in", "at": "noon", "id": "1"}',
        '{"kind": "in", "at": 5, "id": "1"}',
        '{"kind": "in", "at": "0001-01-01T00:00:00+03:00", "id": "1"}',
        '{"kind": "in", "at": "9999-12-31T23:59:59-03:00", "id": "1"}',
        "[" * 100_000,
        "9" * 5_000,
    ],
    ids=["cut", "list", "empty", "kind", "time", "number", "first year", "last year", "deep", "digits"],
)
def test_bad_punch(tmp_path: Path, line: str) -> None:
    """A line that is no punch ends `hours` with a sentence that names the line."""
    good = '{"kind": "in", "at": "2026-07-13T09:00:00+03:00", "id": "1"}'
    done = run(tmp_path, "hours", "--zone", "Europe/Moscow", stdin=f"{good}\n{line}\n")
    assert_one_sentence(done, FAILED, "2")


def test_newer_database(tmp_path: Path) -> None:
    """A database of a newer version is left alone."""
    url = f"sqlite:///{tmp_path / 'newer.db'}"
    assert 0 == run(tmp_path, "migrate", DATABASE_URL=url).returncode
    with sqlite3.connect(tmp_path / "newer.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in ("migrate", "sandbox --port 0"):
        assert_one_sentence(run(tmp_path, *command.split(), DATABASE_URL=url), FAILED, "newer")
    done = run(tmp_path, "check", DATABASE_URL=url)
    assert (FAILED, True) == (done.returncode, "FAIL database: at revision 9999, which is newer" in done.stdout)


async def test_check_tells_of_a_migration_that_waits(tmp_path: Path) -> None:
    """Whoever upgrades learns before the start what it will do to the database, and makes a backup."""
    url = f"sqlite:///{tmp_path / 'older.db'}"
    await migrate(url, "0001")
    done = run(tmp_path, "check", DATABASE_URL=url)
    expected = f"ok   database: reachable, at revision 0001; the next start brings it to {HEAD}: back up before"
    assert (0, True) == (done.returncode, expected in done.stdout), done.stdout
    assert_one_sentence(
        run(tmp_path, "backup", "b.gz", DATABASE_URL=url), FAILED, "0001", HEAD, "version that it is of"
    )


def test_unwritable_folder(tmp_path: Path) -> None:
    """A data folder that cannot be made or written is named: below a file, where not even root may write."""
    (tmp_path / "file").write_text("x", encoding="ascii")
    assert_one_sentence(run(tmp_path, "sandbox", "--port", "0", "--data-dir", "file/data"), FAILED, "file")
    below = f"sqlite:///{tmp_path / 'file' / 'x.db'}"
    for command in ("migrate", "sandbox --port 0"):
        assert_one_sentence(run(tmp_path, *command.split(), DATABASE_URL=below), FAILED, "file")
    assert_one_sentence(run(tmp_path, "backup", "out", DATABASE_URL=below), FAILED)
    if os.geteuid() != 0:  # root may write into a read-only folder too
        (tmp_path / "closed").mkdir(mode=0o500)
        me = f"uid {os.geteuid()}"
        assert_one_sentence(run(tmp_path, "sandbox", "--port", "0", "--data-dir", "closed"), FAILED, "closed", me)
        inside = f"sqlite:///{tmp_path / 'closed' / 'x.db'}"
        assert_one_sentence(run(tmp_path, "migrate", DATABASE_URL=inside), FAILED, "closed", me)


def test_database_that_is_none(tmp_path: Path) -> None:
    """A file that is no database is left alone and named."""
    (tmp_path / "text.db").write_text("this is no database, but long enough to look at " * 100, encoding="ascii")
    url = f"sqlite:///{tmp_path / 'text.db'}"
    assert_one_sentence(run(tmp_path, "migrate", DATABASE_URL=url), FAILED, "text.db")
    assert_one_sentence(run(tmp_path, "sandbox", "--port", "0", DATABASE_URL=url), FAILED, "text.db")


def test_taken_port(tmp_path: Path) -> None:
    """A port that is taken is told, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(tmp_path, "sandbox", "--port", port, "--data-dir", str(tmp_path / "data"))
        assert_one_sentence(done, FAILED, "port")


def test_restore(tmp_path: Path) -> None:
    """`restore` refuses what is no backup, what is not there, and a database that is not empty."""
    url = f"sqlite:///{tmp_path / 'some.db'}"
    (tmp_path / "junk").write_bytes(b"\x00\xff" * 500)
    assert_one_sentence(run(tmp_path, "restore", "nowhere", DATABASE_URL=url), FAILED, "nowhere")
    assert_one_sentence(run(tmp_path, "restore", "junk", DATABASE_URL=url), FAILED, "backup")


def test_check_tells_of_former_secrets(tmp_path: Path) -> None:
    """`check` says that former secrets are still listed, and shows none of them."""
    url = f"sqlite:///{tmp_path / 'some.db'}"
    done = run(tmp_path, "check", DATABASE_URL=url, SECRET_KEY=f"{'n' * 40},{'o' * 40}")
    assert 0 == done.returncode, done.stdout
    assert "former ones" in done.stdout
    assert "nnnn" not in done.stdout + done.stderr
    assert "former" not in run(tmp_path, "check", DATABASE_URL=url, SECRET_KEY="n" * 40).stdout


def test_check_names_what_cannot_be_reached(tmp_path: Path) -> None:
    """`check` prints one line each and fails when something cannot be reached; no secret is shown."""
    done = run(
        tmp_path,
        "check",
        DATABASE_URL="postgresql://postgres:s3cr3tc0de@127.0.0.1:9/smena",
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL="http://127.0.0.1:9",
        BITRIX24_WEBHOOK_URL=LOCAL_HOOK,
        ALLOW_LOCAL_PORTALS="true",
        SECRET_KEY=KEY,
    )
    assert FAILED == done.returncode
    assert "Traceback" not in done.stderr + done.stdout
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert 3 == len(failed), done.stdout
    for messenger in ("bitrix24: nothing answers", "telegram: 127.0.0.1 does not answer"):
        assert [each for each in failed if messenger in each and "may this machine get out" in each], failed
    assert [] == [word for word in ("NO_ANSWER", "ClientConnector", "ssl") if word in done.stdout]
    assert "s3cr3tc0de" not in done.stdout + done.stderr
    assert TOKEN not in done.stdout + done.stderr


def test_check_tells_of_names_that_mean_nothing(tmp_path: Path) -> None:
    """What begins as a setting of ours and is none may be another program's: it is told, and no mistake."""
    done = run(tmp_path, "check", TELEGRAM_API_ID="12345")
    assert (0, True) == (done.returncode, "TELEGRAM_API_ID" in done.stdout.splitlines()[0]), done.stdout
    assert "12345" not in done.stdout
