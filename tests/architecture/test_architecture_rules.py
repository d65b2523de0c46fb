"""The shape of the program: layers, docstrings, what is imported when, and what handlers may ask for."""

import ast
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.dispatch.router import RouteTable
from handlers import router

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = sorted(path for folder in ("bot", "handlers", "storage") for path in (ROOT / folder).rglob("*.py"))
HEAVY = ("aiogram", "alembic", "dateparser", "cryptography", "holidays", "selenium")


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """Return the path as people write it."""
    return str(path.relative_to(ROOT))


def test_layers_hold() -> None:
    """Every import contract of pyproject.toml is kept."""
    pytest.importorskip("importlinter", reason="import-linter is not installed")
    script = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(script), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr


def test_no_modules_stand_in_a_circle() -> None:
    """Nothing imports itself through others, types that are only named included: each can be read alone."""
    grimp = pytest.importorskip("grimp", reason="import-linter is not installed")
    graph = grimp.build_graph("bot", "handlers", "storage", cache_dir=None)
    left = {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}
    while free := [module for module, imports in left.items() if not imports & left.keys()]:
        for module in free:
            del left[module]
    assert {} == left


CHANNELS = frozenset({"bitrix24", "telegram"})
_MAY_NAME_THEM = ("bot/channels/", "bot/sandbox/", "bot/playground.py", "bot/settings.py")


def test_no_messenger_is_named_outside_its_channel() -> None:
    """What a messenger is, its channel says; others ask `bot.messengers`, or the service that hands it on."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in CODE
        if not name_of(path).startswith(_MAY_NAME_THEM) and "understanding" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value in CHANNELS
    ]
    assert [] == found


def test_nothing_is_committed_that_is_ignored() -> None:
    """What was built or belongs to one machine, such as a link called .venv, would replace the real thing elsewhere."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("no git, so nothing can be committed from here")
    listed = [git, "ls-files", "--cached", "--ignored", "--exclude-standard"]
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git work tree")
    assert "" == done.stdout


def test_nothing_prints() -> None:
    """What the program says goes through a channel, a log or a stream that was chosen."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "pprint"}
    ]
    assert [] == found


def test_nothing_logs_past_structlog() -> None:
    """Only `bot.logs`, which hands on what libraries tell, knows Python's own logging."""
    found = [
        name_of(path)
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import) and any(each.name.split(".")[0] == "logging" for each in node.names)
    ]
    assert ["bot/logs.py"] == found


def test_everything_public_says_what_it_is() -> None:
    """Every module and every public class, function and method has a docstring."""
    assert [] == [missing for path in [*CODE, ROOT / "main.py"] for missing in undocumented(path)]


def undocumented(path: Path) -> Iterator[str]:
    """Yield what lacks a docstring in a file."""
    if "versions" in path.parts:
        return
    module = tree(path)
    if not ast.get_docstring(module):
        yield name_of(path)
    for node in public(module):
        if not ast.get_docstring(node):
            yield f"{name_of(path)}:{node.lineno} {node.name}"


def public(within: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield public classes, functions and methods; what is inside a function is its own business."""
    for node in within.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


@pytest.mark.parametrize("start", ["bot.service", "main", "storage", "handlers", "bot.playground"])
def test_heavy_packages_wait_until_they_are_needed(start: str) -> None:
    """What takes seconds or a hundred megabytes to import is not imported before the server answers."""
    code = f"import {start}, json, sys; sys.stdout.write(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [] == json.loads(done.stdout)


def test_every_handler_gets_what_it_asks_for() -> None:
    """Each argument of each handler is a turn, a service or what matched; otherwise the program would not start."""
    assert RouteTable(router).commands


def test_the_emulators_know_nothing_of_the_service() -> None:
    """`bot.sandbox` imports itself and the clock, so that it cannot share the service's mistakes."""
    foreign = []
    for path in (ROOT / "bot" / "sandbox").rglob("*.py"):
        for node in ast.walk(tree(path)):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            ours = [name for name in names if name.split(".")[0] in {"bot", "handlers", "storage", "main"}]
            foreign += [
                f"{name_of(path)}: {name}" for name in ours if not name.startswith(("bot.sandbox", "bot.clock"))
            ]
    assert [] == foreign


def test_every_module_of_handlers_is_routed_or_shared() -> None:
    """A module of handlers that nothing imports would answer nobody."""
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "handlers").rglob("*.py")}
    alone = [
        name_of(path)
        for path in texts
        if path.stem != "__init__" and not any(path.stem in imported(other) for other in texts if other != path)
    ]
    assert [] == alone


def imported(path: Path) -> set[str]:
    """Return the modules of handlers that a file imports."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "handlers":
            found |= {*(node.module or "").split("."), *(each.name for each in node.names)}
    return found


def test_test_modules_have_names_of_their_own() -> None:
    """Two modules of one name, in whatever folders, are not run together."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [] == [name for name, times in names.items() if times > 1]
