"""What the documents tell people to run, runs."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30.0


def environ() -> dict[str, str]:
    """Return an environment without anybody's settings."""
    kept = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")
    return {name: value for name, value in os.environ.items() if name in kept}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The sandbox as `make run` starts it with nothing configured, on a free port and in an empty folder."""
    command = [sys.executable, str(ROOT / "main.py"), "sandbox", "--port", "0", "--data-dir", str(tmp_path / "data")]
    with (tmp_path / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environ(), stdout=subprocess.PIPE, stderr=log, text=True, bufsize=1
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()


def printed(process: subprocess.Popen[str]) -> str:
    """Return the first line that the program prints."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    assert ready, "nothing was printed"
    return process.stdout.readline()


def test_sandbox_prints_its_page_answers_and_stops(running: subprocess.Popen[str], tmp_path: Path) -> None:
    """It prints the page's address, answers on /health and /sandbox, and SIGTERM ends it soon and without a fault."""
    address = re.search(r"http://127\.0\.0\.1:\d+/sandbox", printed(running))
    assert address is not None
    base = address.group().removesuffix("/sandbox")
    with urllib.request.urlopen(f"{base}/health", timeout=PATIENCE) as answer:
        assert "ok" == json.load(answer)["status"]
    with urllib.request.urlopen(address.group(), timeout=PATIENCE) as answer:
        assert b"<!doctype html>" in answer.read().lower()
    running.send_signal(signal.SIGTERM)
    assert 0 == running.wait(20)
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_can_be_ended_while_it_loads(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """A signal that comes before anything works is obeyed, by the first process of a container too.

    To that one the system delivers only signals that it handles; here the same is had by starting it with the signal
    ignored. It is sent once, as soon as the program begins to load its libraries.
    """
    ignoring = ["sh", "-c", f"trap '' {number.name.removeprefix('SIG')}; exec \"$@\"", "sh"]
    command = [sys.executable, "-X", "importtime", str(ROOT / "main.py"), "sandbox", "--port", "0"]
    process = subprocess.Popen(
        [*ignoring, *command, "--data-dir", str(tmp_path / "data")],
        cwd=tmp_path, env=environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if line.endswith(" asyncio\n"):
                process.send_signal(number)
                break
        printed_first, said = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert (code, "", True) == (process.returncode, printed_first, "Traceback" not in said)


def test_sandbox_keeps_its_files_in_the_folder_it_was_given(running: subprocess.Popen[str], tmp_path: Path) -> None:
    """The database and the sandbox's own secret are in the data folder, the secret for its owner's eyes alone."""
    printed(running)
    secret = tmp_path / "data" / "secret_key"
    assert 0o600 == secret.stat().st_mode & 0o777
    assert not (tmp_path / "smena.db").exists()


def test_make_names_what_the_documents_promise() -> None:
    """`make help` lists the targets that README and CONTRIBUTING name."""
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    pages = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    promised = set(re.findall(r"(?:^|`)make ([a-z]+)", pages, re.MULTILINE))
    assert set() == promised - set(re.findall(r"make (\w+)", shown))


def test_hours_reads_what_the_documents_show() -> None:
    """The line of the section on auditing is a punch that `hours` reads."""
    punches = [
        {"kind": "out", "at": "2026-11-23T17:30:00+03:00", "id": "2"},
        {"kind": "in", "at": "2026-11-23T06:00:00Z", "id": "1"},
    ]
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "hours", "--zone", "Europe/Moscow"],
        input="\n".join(json.dumps(each) for each in punches),
        capture_output=True,
        text=True,
        env=environ(),
        check=False,
    )
    assert (0, 30_600) == (done.returncode, json.loads(done.stdout)["worked_seconds"])


@pytest.mark.parametrize("named", ["serve", "sandbox", "check", "migrate", "backup", "restore", "understand", "hours"])
def test_command_line_has_what_people_rely_on(named: str) -> None:
    """Every command of the contract has its help."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), named, "--help"],
        capture_output=True,
        text=True,
        env=environ(),
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)


def test_container_is_what_the_documents_say() -> None:
    """Two stages on a slim image, unprivileged, reachable, with a health check and catalogues, no test packages."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert ["python:3.11-slim"] * 2 == re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    last = text[text.rindex("FROM") :]
    assert "USER smena" in last
    assert "HOST=0.0.0.0" in last
    assert "/health" in last[last.index("HEALTHCHECK") :]
    assert "pybabel -q compile -d locales" in text
    assert "--group" not in text
    assert 'CMD ["python", "main.py"]' == last.strip().splitlines()[-1]


def test_container_gets_all_that_the_program_runs_on() -> None:
    """The build takes the code, the catalogues and the pins, and nothing else."""
    allowed = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    wanted = {"bot", "handlers", "storage", "locales", "main.py", "pyproject.toml", "constraints.txt"}
    assert wanted == set(allowed)


def test_blueprint_sets_what_a_deployment_needs() -> None:
    """Render gets a web service with a health check, a database and the settings that have no default."""
    text = (ROOT / "render.yaml").read_text(encoding="utf-8")
    keys = set(re.findall(r"key: (\w+)", text))
    assert {"DATABASE_URL", "SECRET_KEY", "BITRIX24_WEBHOOK_URL", "TELEGRAM_BOT_TOKEN"} <= keys
    assert "healthCheckPath: /health" in text
    assert re.search(r"^databases:", text, re.MULTILINE)
