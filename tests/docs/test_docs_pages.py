"""The documents hold together: links lead somewhere, named files exist, nothing names a machine."""

import re
import struct
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users|mnt)/|[A-Z]:\\")
WRITTEN = {".md", ".py", ".toml", ".yaml", ".cfg", ".txt", ".po", ".pot", ".js", ".css", ".html", ".json", ".tsv", ""}
WRITTEN_BY_HAND = ("bot", "handlers", "storage", "locales", "docs", "benchmarks", "tests", ".ci")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_there_are_documents() -> None:
    """The documents that a stranger looks for are there."""
    wanted = {"README.md", "README.ru.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"}
    assert set() == wanted - {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    """A relative link names a file, and its anchor a heading of that file."""
    broken = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and anchor not in anchors(found)):
            broken.append(target)
    assert [] == broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_a_document_names_exist(page: Path) -> None:
    """A path in backticks is a file or folder of the repository."""
    if page.name == "CHANGELOG.md":
        return  # tells of the past as well
    named = re.findall(r"`((?:bot|handlers|storage|locales|tests|docs)/[\w./*-]*)`", page.read_text(encoding="utf-8"))
    promised = {"tests/issues/", "data/"}
    missing = [name for name in named if not _exists(name) and not any(name.startswith(each) for each in promised)]
    assert [] == missing


def _exists(name: str) -> bool:
    return any(ROOT.glob(name)) if "*" in name else (ROOT / name).exists()


def test_no_file_names_a_machine() -> None:
    """Neither documents nor code hold an absolute path of somebody's machine."""
    files = [path for folder in WRITTEN_BY_HAND for path in (ROOT / folder).rglob("*")]
    # In a second work tree .git is a file.
    files += [path for path in ROOT.iterdir() if path.name not in {".env", ".git"}]
    here = Path(__file__)
    named = [
        str(path.relative_to(ROOT))
        for path in files
        if path.is_file()
        and path.suffix in WRITTEN
        and path != here
        and MACHINE.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert [] == named


def test_constraints_hold_versions_and_no_address() -> None:
    """Every line pins one version; none says where it comes from."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split("\n")
    assert [] == [line for line in lines if line and not re.fullmatch(r"[a-z0-9][a-z0-9.\-]*==[\w.]+", line)]


def test_readmes_are_both_originals_of_one_thing() -> None:
    """The two READMEs have the same sections, commands and links, each to its own pictures and pages."""
    english, russian = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ru.md"))
    assert len(re.findall("^## ", english, re.MULTILINE)) == len(re.findall("^## ", russian, re.MULTILINE))

    def links(text: str) -> set[str]:
        return {each.replace("ru.png", "png").replace(".ru.md", ".md") for each in LINK.findall(text)}

    assert links(english) == links(russian)
    for text in (english, russian):
        assert {"make run", "make test"} == set(re.findall(r"^(make \w+)", text, re.MULTILINE))
        assert {"imbot", "im", "user_brief", "department"} <= set(re.findall(r"`(\w+)`", text))


@pytest.mark.parametrize("name", ["sandbox.png", "sandbox.ru.png", "approval.png", "approval.ru.png"])
def test_picture_is_light_and_of_a_desk(name: str) -> None:
    """A picture of the sandbox page is a PNG of 1360 by 860 and at most 250 KB."""
    picture = (ROOT / "docs" / "images" / name).read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert (1360, 860) == struct.unpack(">II", picture[16:24])
    assert len(picture) <= 250 * 1024


def test_architecture_shows_the_layers_that_are_checked() -> None:
    """The picture of the layers is the contract of import-linter, line by line."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each.get("containers") == ["bot"])
    blocks = re.findall(r"```\n(.*?)\n```", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), re.DOTALL)
    assert "\n".join(layers) in blocks


def test_every_dependency_has_its_reason() -> None:
    """A package of pyproject.toml is in the list of dependencies, and has a comment in its line."""
    reasons = (ROOT / "docs" / "adr" / "0014-dependencies.md").read_text(encoding="utf-8")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = [re.split(r"[<>=\[]", each, maxsplit=1)[0] for each in settings["project"]["dependencies"]]
    for group in settings["dependency-groups"].values():
        names += [re.split(r"[<>=\[]", each, maxsplit=1)[0] for each in group if isinstance(each, str)]
    short = {name: name.removeprefix("pytest") if name.startswith("pytest-") else name for name in names}
    assert [] == [name for name, said in short.items() if said not in reasons]


def test_changelog_tells_of_the_present_version() -> None:
    """The version that the program has is told of in the changelog, which is kept in the usual form."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "## [Unreleased]" in text
    assert settings["project"]["version"] in text


def test_decisions_have_the_same_form_and_stand_in_the_list() -> None:
    """A decision says its context, the decision and the consequences, on half a page."""
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    assert [f"{number:04}" for number in range(1, len(decisions) + 1)] == [each.name[:4] for each in decisions]
    for each in decisions:
        text = each.read_text(encoding="utf-8")
        assert ["Context", "Decision", "Consequences"] == re.findall(r"^## (\w+)", text, re.MULTILINE)
        assert f"({each.name})" in listed
        assert text.count("\n") <= 60
