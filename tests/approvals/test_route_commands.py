"""`route check` and `route play` as commands: lines, exit codes, one sentence for a mistake."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.domain.approvals.play import BadPlay, Player, play
from tests.approvals.playing import EVERYBODY, ROUTES, route, stage, track, user

ROOT = Path(__file__).resolve().parent.parent.parent
FAILED, WRONG = 1, 2
START = {"at": "2026-01-05T10:00", "do": "start", "by": 40}


def run(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program."""
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "route", *map(str, arguments)],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def written(folder: Path, name: str, form: Any) -> Path:
    """Write JSON, or a text as it is, to a file."""
    path = folder / name
    path.write_text(form if isinstance(form, str) else json.dumps(form), encoding="utf-8")
    return path


def lines(*events: Any) -> str:
    """Return events as lines."""
    return "".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in events)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, str, Path]:
    """Return what `route play` is given."""
    return (
        written(tmp_path, "route.json", route(stage(track(user(1))))),
        "--people",
        written(tmp_path, "p.json", EVERYBODY),
    )


def test_check() -> None:
    """A valid route is read aloud, in the language that is asked for."""
    done = run("check", ROUTES / "leave.json", "--locale", "ru")
    found = json.loads(done.stdout)
    assert (0, True, ["ok", "sentences", "warnings"]) == (done.returncode, found["ok"], list(found))
    assert "«head»" in found["sentences"][0]


def test_check_of_a_wrong_route(tmp_path: Path) -> None:
    """What is wrong is told by path, code and sentence, with exit code 1."""
    done = run("check", written(tmp_path, "route.json", route(stage(track([])))))
    found = json.loads(done.stdout)
    assert (FAILED, False, "stages[0].tracks[0].approvers") == (
        done.returncode,
        found["ok"],
        found["faults"][0]["path"],
    )
    assert ["path", "code", "sentence"] == list(found["faults"][0])


def test_play(files: tuple[object, ...]) -> None:
    """Each event gives one line; empty lines give none; `new` begins another request."""
    approve = {"at": "2026-01-05T10:01", "do": "approve", "by": 1}
    done = run("play", *files, stdin="\ufeff" + lines(START, "", approve, {"do": "new"}, START))
    found = [json.loads(each) for each in done.stdout.splitlines()]
    assert 0 == done.returncode, done.stderr
    assert ["pending", "approved", None, "pending"] == [each.get("state") for each in found]
    assert {"new": True} == found[2]


def test_play_answers_at_once(files: tuple[object, ...]) -> None:
    """A line comes as soon as its event was read, so that somebody can wait for it."""
    command = [sys.executable, str(ROOT / "main.py"), "route", "play", *map(str, files), "--zone", "UTC"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as playing:
        assert playing.stdin is not None
        assert playing.stdout is not None
        playing.stdin.write(lines(START))
        playing.stdin.flush()
        assert "2026-01-07T10:00:00+00:00" == json.loads(playing.stdout.readline())["due"]
        playing.stdin.close()
        assert 0 == playing.wait(60)


BAD_LINES = [
    ("{", "line 2 is not JSON"),
    ("[]", "line 2 is not a JSON object"),
    ('{"do": "NaN", "at": NaN}', "line 2 is not JSON"),
    ('{"do": "dance", "at": "2026-01-05T10:00"}', "do must be one of"),
    ('{"do": ["tick"], "at": "2026-01-05T10:00"}', "do must be one of"),
    ('{"do": "tick"}', "at must be an instant"),
    ('{"do": "tick", "at": "9999-12-31T23:59"}', "at must be an instant"),
    ('{"do": "approve", "at": "2026-01-05T10:00", "by": true}', "by must be an id"),
    ('{"do": "approve", "at": "2026-01-05T10:00", "by": 1, "track": 1}', "track must be"),
    ('{"do": "approve", "at": "2026-01-05T10:00", "by": 1, "reason": 1}', "reason must be"),
    ('{"do": "change", "at": "2026-01-05T10:00", "subject": []}', "subject must be"),
    ('{"do": "new", "route": {}}', "line 2: the route is not valid: schema: unknown_schema"),
    ('{"do": "new", "people": []}', "line 2: the people cannot be read: PEOPLE must be an object"),
    ('{"do": "new", "people": {"people": [{}]}}', "people[0].id must be an id"),
]


@pytest.mark.parametrize(("line", "words"), BAD_LINES)
def test_bad_lines(line: str, words: str) -> None:
    """A line that cannot be played ends it with one sentence that names it; what came before was told."""
    told: list[str] = []
    with pytest.raises(BadPlay) as bad:
        play([json.dumps(START), line], told.append, Player(route(stage(track(user(1)))), EVERYBODY))
    assert (1, True, False) == (len(told), words in str(bad.value), "\n" in str(bad.value))


def test_a_bad_line_of_the_command(files: tuple[object, ...]) -> None:
    """The command ends with exit code 1 and the sentence alone."""
    done = run("play", *files, stdin=lines(START, "{"))
    assert (FAILED, 1, "smena: line 2 is not JSON\n") == (done.returncode, len(done.stdout.splitlines()), done.stderr)


BAD_FILES: list[tuple[Any, Any, str]] = [
    (route(), EVERYBODY, "the route is not valid: stages: too_few"),
    (route(stage(track(user(1)))), {"people": [{"id": 1}, {"id": 1}]}, "people[1].id: 1 is there twice"),
    (route(stage(track(user(1)))), {"people": [{"id": 1, "away": [["x", "y"]]}]}, "people[0].away"),
    (route(stage(track(user(1)))), {"people": [{"id": 1, "away": [["2026-01-05"]]}]}, "people[0].away"),
    (route(stage(track(user(1)))), {"people": [{"id": 1, "active": 1}]}, "people[0].active"),
    (route(stage(track(user(1)))), {"people": [], "departments": {}}, "departments must be a list"),
    (route(stage(track(user(1)))), {"people": [], "working_hours": {"days": []}}, "working_hours.days"),
    (route(stage(track(user(1)))), {"people": [], "groups": {"g": [None]}}, "groups.g must be an id"),
]


@pytest.mark.parametrize(("form", "people", "words"), BAD_FILES)
def test_bad_files(form: Any, people: Any, words: str) -> None:
    """A route or a company that cannot be is told in one sentence."""
    with pytest.raises(BadPlay) as bad:
        Player(form, people)
    assert (True, False) == (words in str(bad.value), "\n" in str(bad.value))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A file that cannot be read is a wrong use."""
    done = run("check", tmp_path / "none.json")
    assert (WRONG, 1, "") == (done.returncode, len(done.stderr.splitlines()), done.stdout)
    assert "none.json" in done.stderr
