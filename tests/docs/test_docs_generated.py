"""The pages that the code knows best are fresh, and name everything there is."""

import ast
import importlib
import pkgutil
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from prometheus_client import Counter
from prometheus_client.metrics import MetricWrapperBase

import bot.domain
import bot.services
from bot import metrics
from bot.domain.errors import Refusal
from bot.services.unit_service import UnitService
from bot.settings import Settings
from bot.understanding import meaning
from docs import generate

DOCS = Path(generate.__file__).parent
MOSCOW = ZoneInfo("Europe/Moscow")
CONTRACT = {
    "DATABASE_URL": "sqlite:///data/smena.db",
    "HOST": "127.0.0.1",
    "PORT": "8080",
    "PUBLIC_URL": "",
    "SECRET_KEY": "",
    "TELEGRAM_BOT_TOKEN": "",
    "TELEGRAM_API_URL": "https://api.telegram.org",
    "TELEGRAM_MODE": "poll",
    "BITRIX24_MODE": "fetch",
    "BITRIX24_WEBHOOK_URL": "",
    "BITRIX24_CLIENT_ID": "",
    "BITRIX24_CLIENT_SECRET": "",
    "BITRIX24_OAUTH_HOSTS": "oauth.bitrix.info,oauth.bitrix24.tech",
    "ALLOW_LOCAL_PORTALS": "false",
    "TRUSTED_PROXIES": "",
    "API_RATE": "10/s",
    "REST_LOG_DIR": "",
    "LOG_LEVEL": "info",
    "LOG_FORMAT": "",
}
"""The names and defaults that deployments rely on."""


@pytest.mark.parametrize("path", generate.pages(), ids=lambda path: path.name)
def test_page_is_fresh(path: Path) -> None:
    """A page in the repository is what `python -m docs.generate` writes now."""
    assert generate.pages()[path] == path.read_text(encoding="utf-8")


def test_settings_page_names_every_setting_with_the_defaults_people_rely_on() -> None:
    """Every setting has one row with its default, and there is no row without a setting."""
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| (.*?) \|", generate.settings_page(), re.MULTILINE)
    assert {name: f"`{value}`" if value else "–" for name, value in CONTRACT.items()} == dict(rows)


def test_every_setting_is_described() -> None:
    """A setting without a description cannot be set by a stranger."""
    assert [] == [name for name, field in Settings.model_fields.items() if not field.description]


def test_refusals_have_codes_of_their_own_and_stand_on_the_page() -> None:
    """Every refusal that can be raised has its own code, and the page has its row."""
    codes = [kind.code for kind in generate.refusals()]
    assert sorted(set(codes)) == sorted(codes)
    assert Refusal.code not in codes
    page = (DOCS / "refusals.md").read_text(encoding="utf-8")
    assert [] == [code for code in codes if f"| `{code}` |" not in page]


def test_every_intent_that_is_answered_has_an_example() -> None:
    """What plain words can reach is shown to people."""
    routed = {intent for route in generate._routes() for intent in route.intents}
    assert routed == set(generate.EXAMPLES)


@pytest.mark.parametrize(
    ("intent", "locale", "words"),
    [
        (intent, locale, words.strip())
        for intent, both in generate.EXAMPLES.items()
        for locale, text in zip(("ru", "en"), both, strict=True)
        for words in text.split(";")
    ],
)
def test_example_means_what_it_is_shown_for(intent: str, locale: str, words: str) -> None:
    """An example in the documents is understood as its intent, with one reading."""
    now = datetime(2026, 7, 15, 15, 0, tzinfo=MOSCOW)
    meant = meaning(words, locale=locale, zone=MOSCOW, now=now)
    assert (intent, ()) == (meant.intent, meant.ambiguous)


def test_glossary_has_every_domain_class() -> None:
    """Each class of the domain that is no refusal is explained in both languages."""
    assert set() == _domain_classes() - _explained()


def test_glossary_has_every_service() -> None:
    """Each service that a handler may ask for is explained in both languages."""
    assert set() == {each.__name__ for each in _services()} - _explained()


def _services() -> set[type]:
    for info in pkgutil.walk_packages(bot.services.__path__, "bot.services."):
        importlib.import_module(info.name)
    found, left = set(), [UnitService]
    while left:
        found |= (more := set(left.pop().__subclasses__()))
        left += more
    return {each for each in found if each.__module__.startswith("bot.")}


def _explained() -> set[str]:
    explained = set()
    for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and all(cells) and re.search("[а-яё]", cells[2]):
            explained |= set(re.findall(r"`(\w+)`", cells[0]))
    return explained


def _domain_classes() -> set[str]:
    found = set()
    for info in pkgutil.walk_packages(bot.domain.__path__, "bot.domain."):
        module = importlib.import_module(info.name)
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        names = [node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
        found |= {name for name in names if not issubclass(getattr(module, name), Refusal)}
    return found


def test_operations_page_names_every_metric() -> None:
    """What /metrics shows is explained, with its labels."""
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    wanted = []
    for each in vars(metrics).values():
        if isinstance(each, MetricWrapperBase):
            name = f"{each._name}_total" if isinstance(each, Counter) else each._name
            labels = ",".join(each._labelnames)
            wanted.append(f"`{name}{{{labels}}}`" if labels else f"`{name}`")
    assert [] == [name for name in wanted if name not in page]
