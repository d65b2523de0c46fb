"""The case table is a promise: every row is proven by a test that cites it, and nothing else is cited."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = ROOT / "docs" / "rules.md"
LAST = 81
NEVER_A_ROW = frozenset({35, 47, 50, 51, 53, 57, 59, 60, 63, 69})
"""Numbers that the table leaves out."""
NOT_BUILT = frozenset({71})
"""Rows of what is not built: deputies of a lead on leave. The page says so."""
ROWS = frozenset(range(1, LAST + 1)) - NEVER_A_ROW - NOT_BUILT
LESSONS = range(1, 26)
_CITED = re.compile(r"\bcases? (\d+(?:(?:, and |, | and | to |–)\d+)*)")
_NAMED = re.compile(r"^test_case_(\d+(?:_and_\d+)*)")


def numbers(text: str) -> set[int]:
    """Return the numbers of “22”, “15 and 17”, “1, 5, 7” and “13 to 16”."""
    found: set[int] = set()
    for part in re.split(r", and |, | and |_and_", text):
        first, *last = (int(each) for each in re.split(r" to |–", part))
        found |= set(range(first, (last or [first])[0] + 1))
    return found


@cache
def told_in(path: Path) -> tuple[tuple[str, str], ...]:
    """Return the names and docstrings of the tests in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [each for each in ast.walk(tree) if isinstance(each, kinds) and each.name.startswith("test_")]
    return tuple((each.name, " ".join((ast.get_docstring(each) or "").split())) for each in found)


@cache
def citations() -> dict[int, tuple[str, ...]]:
    """Return the tests that cite each row, in their name or their docstring."""
    found: dict[int, tuple[str, ...]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if path == Path(__file__):
            continue
        for name, told in told_in(path):
            for row in _rows_in(name, told):
                found[row] = (*found.get(row, ()), f"{path.relative_to(ROOT)}::{name}")
    return found


def _rows_in(name: str, told: str) -> set[int]:
    named = _NAMED.match(name)
    cited = [numbers(each) for each in _CITED.findall(told)]
    return set().union(numbers(named[1]) if named else set(), *cited)


def table(heading: str) -> Iterator[list[str]]:
    """Yield the rows of the first table below a heading of the page, as cells."""
    section = RULES.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    for line in section.splitlines():
        cells = [each.strip() for each in line.strip("|").split("|")]
        if line.startswith("|") and cells[0].isdigit():
            yield cells


@pytest.mark.parametrize("row", sorted(ROWS))
def test_row_is_proven(row: int) -> None:
    """Some test says that it proves the row."""
    assert citations().get(row), f"no test cites case {row}"


def test_no_test_cites_what_is_no_row() -> None:
    """A number that a test cites is a row of the table, so a slip of the pen is seen."""
    assert {} == {row: where for row, where in citations().items() if row not in ROWS}


def test_page_has_every_row() -> None:
    """The page has the rows that are proven, each once and in order; those that are not built stand apart."""
    assert sorted(ROWS) == [int(cells[0]) for cells in table("Cases of working time")]
    assert sorted(NOT_BUILT) == [int(cells[0]) for cells in table("Cases that are not built")]


def route_rows() -> set[int]:
    """Return the numbers of the cases of approvals on the page: of “E01–E05”, “E06, E07, E09” and the like."""
    section = RULES.read_text(encoding="utf-8").split("\n## Cases of approvals\n")[1].split("\n## ")[0]
    found: set[int] = set()
    for cell in re.findall(r"^\| (E[^|]+) \|", section, re.MULTILINE):
        for first, last in re.findall(r"E(\d\d)(?:–E(\d\d))?", cell):
            found |= set(range(int(first), int(last or first) + 1))
    return found


def test_cases_of_approvals_are_proven() -> None:
    """Each case of approvals on the page has a test that cites it, in its name or in its docstring."""
    cited: set[int] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for name, told in told_in(path):
            cited |= {int(each) for each in re.findall(r"_e(\d\d)(?=_|$)", name)}
            for first, last in re.findall(r"\bE(\d\d)(?:–E(\d\d))?", told):
                cited |= set(range(int(first), int(last or first) + 1))
    rows = route_rows()
    assert len(rows) > 50
    assert set() == rows - cited


def test_every_lesson_names_a_test_that_is_there() -> None:
    """What went wrong in other programs is held here by a test each, which the page names."""
    rows = list(table("Lessons of other programs"))
    assert list(LESSONS) == [int(cells[0]) for cells in rows]
    for number, _, held_by in rows:
        named = re.findall(r"`([\w/.]+)::(\w+)`", held_by)
        assert named, f"lesson {number} names no test"
        for file, name in named:
            assert name in dict(told_in(ROOT / file)), f"lesson {number}: {file} has no {name}"
