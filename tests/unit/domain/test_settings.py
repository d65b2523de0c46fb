"""Settings: the contract's names and defaults, and one sentence for each kind of mistake."""

import random
import re
import string
from pathlib import Path

import pytest

from bot.settings import BadSettings, Settings

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"
KEY = "k" * 32
HOOK = "https://company.bitrix24.ru/rest/1/s3cr3tc0de/"
WRONG = [
    ("DATABASE_URL", "mysql://host/smena"),
    ("DATABASE_URL", "smena.db"),
    ("PORT", "http"),
    ("PORT", "65536"),
    ("PORT", "-1"),
    ("PORT", "80.5"),
    ("PUBLIC_URL", "smena.example.com"),
    ("PUBLIC_URL", "http://smena.example.com"),
    ("PUBLIC_URL", "https://"),
    ("PUBLIC_URL", "https://["),
    ("SECRET_KEY", "short-key-of-ours"),
    ("TELEGRAM_BOT_TOKEN", "AAEabcdefghijklmnop"),
    ("TELEGRAM_BOT_TOKEN", "12345:AAEshort"),
    ("TELEGRAM_API_URL", "ftp://api.telegram.org"),
    ("TELEGRAM_API_URL", "api.telegram.org"),
    ("TELEGRAM_API_URL", "http://["),
    ("TELEGRAM_MODE", "push"),
    ("TELEGRAM_MODE", "webhook"),
    ("BITRIX24_MODE", "poll"),
    ("BITRIX24_MODE", "webhook"),
    ("BITRIX24_WEBHOOK_URL", "company.bitrix24.ru/rest/1/s3cr3tc0de/"),
    ("BITRIX24_WEBHOOK_URL", "http://company.bitrix24.ru/rest/1/s3cr3tc0de/"),
    ("BITRIX24_WEBHOOK_URL", "http://127.0.0.1:9000/rest/1/s3cr3tc0de/"),
    ("BITRIX24_WEBHOOK_URL", "https://company.bitrix24.ru/s3cr3tc0de/"),
    ("BITRIX24_WEBHOOK_URL", "https://[company/rest/1/s3cr3tc0de/"),
    ("BITRIX24_WEBHOOK_URL", "https://company.bitrix24.ru/rest/1/"),
    ("BITRIX24_WEBHOOK_URL", "https://company.bitrix24.ru/rest/1"),
    ("BITRIX24_WEBHOOK_URL", "https://company.bitrix24.ru/rest/s3cr3tc0de/"),
    ("BITRIX24_WEBHOOK_URL", "https://company.bitrix24.ru/rest/1/s3cr3tc0de/profile.json"),
    ("BITRIX24_CLIENT_ID", "local.123"),
    ("BITRIX24_CLIENT_SECRET", "s3cr3tc0de"),
    ("ALLOW_LOCAL_PORTALS", "maybe"),
    ("LOG_LEVEL", "loud"),
    ("LOG_FORMAT", "xml"),
]
SECRET = {"SECRET_KEY", "TELEGRAM_BOT_TOKEN", "BITRIX24_CLIENT_SECRET", "BITRIX24_WEBHOOK_URL"}


def read(**environ: str) -> Settings:
    """Read settings from this environment alone."""
    return Settings.from_environ(environ)


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_one_sentence_that_names_it(name: str, value: str) -> None:
    """The operator reads which setting it is and what to write, on one line."""
    with pytest.raises(BadSettings) as refused:
        read(**{name: value})
    said = str(refused.value)
    assert name in said
    assert "\n" not in said
    assert len(said) > len(name) + 10


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, value in WRONG if name in SECRET])
def test_a_wrong_secret_is_never_shown(name: str, value: str) -> None:
    """Error sentences end up in logs and screenshots."""
    with pytest.raises(BadSettings) as refused:
        read(**{name: value})
    assert value not in str(refused.value)
    assert "s3cr3tc0de" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["mysql", "postgres+asyncpg", "postgresql+psycopg", "sqlite+aiosqlite", "http"])
def test_the_database_s_password_is_never_shown(scheme: str) -> None:
    """A database address holds a password: a wrong one is named, not printed."""
    with pytest.raises(BadSettings) as refused:
        read(DATABASE_URL=f"{scheme}://smena:s3cr3tc0de@db.example.com/smena")
    assert "DATABASE_URL" in str(refused.value)
    assert "s3cr3tc0de" not in str(refused.value)


def test_a_mistake_elsewhere_shows_no_secret() -> None:
    """The sentence about two settings that do not fit says nothing of the good ones."""
    with pytest.raises(BadSettings) as refused:
        read(TELEGRAM_MODE="webhook", TELEGRAM_BOT_TOKEN=TOKEN, SECRET_KEY=KEY, BITRIX24_WEBHOOK_URL=HOOK)
    for secret in (TOKEN, KEY, HOOK, "s3cr3tc0de"):
        assert secret not in str(refused.value)


def test_several_mistakes_are_all_named() -> None:
    """One start tells everything that is wrong."""
    with pytest.raises(BadSettings) as refused:
        read(PORT="http", LOG_LEVEL="loud", SECRET_KEY="short")
    assert all(name in str(refused.value) for name in ("PORT", "LOG_LEVEL", "SECRET_KEY"))


def test_secrets_are_hidden_in_what_is_printed() -> None:
    """Settings can be logged by mistake without harm."""
    shown = repr(
        read(
            TELEGRAM_BOT_TOKEN=TOKEN,
            SECRET_KEY=KEY,
            BITRIX24_WEBHOOK_URL=HOOK,
        )
    )
    assert not any(secret in shown for secret in (TOKEN, KEY, "s3cr3tc0de"))


def test_defaults_are_those_of_the_contract() -> None:
    """With nothing set: embedded SQLite, loopback, polling, no messenger."""
    made = read()
    assert (made.database_url, made.host, made.port) == ("sqlite:///data/smena.db", "127.0.0.1", 8080)
    assert (made.telegram_mode, made.bitrix24_mode) == ("poll", "fetch")
    assert (made.public_url, made.telegram_api_url) == ("", "https://api.telegram.org")
    assert (made.allow_local_portals, made.log_level, made.log_format) == (False, "info", "")
    assert (made.has_telegram, made.has_bitrix24) == (False, False)


def test_only_the_given_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings read from a mapping know nothing of the process's own environment."""
    for name, value in {"PORT": "9999", "LOG_LEVEL": "error", "TELEGRAM_BOT_TOKEN": TOKEN}.items():
        monkeypatch.setenv(name, value)
    made = read()
    assert (made.port, made.log_level, made.has_telegram) == (8080, "info", False)


def test_without_a_mapping_the_process_s_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual way to start."""
    monkeypatch.setenv("PORT", "9999")
    assert Settings.from_environ().port == 9999


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("PORT", "0", "port", 0),
        ("DATABASE_URL", "postgres://u:p@h/n", "database_url", "postgres://u:p@h/n"),
        ("DATABASE_URL", "postgresql://u:p@h/n", "database_url", "postgresql://u:p@h/n"),
        ("DATABASE_URL", "sqlite:////var/lib/smena.db", "database_url", "sqlite:////var/lib/smena.db"),
        ("LOG_LEVEL", "DEBUG", "log_level", "debug"),
        ("ALLOW_LOCAL_PORTALS", "true", "allow_local_portals", True),
        ("PUBLIC_URL", "https://smena.example.com/", "public_url", "https://smena.example.com"),
        ("PUBLIC_URL", "http://127.0.0.1:8080", "public_url", "http://127.0.0.1:8080"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/", "telegram_api_url", "http://127.0.0.1:8081"),
        ("TELEGRAM_BOT_TOKEN", TOKEN, "has_telegram", True),
        ("BITRIX24_WEBHOOK_URL", HOOK, "has_bitrix24", True),
        ("PORT", "", "port", 8080),
        ("DATABASE_URL", "", "database_url", "sqlite:///data/smena.db"),
        ("UNHEARD_OF", "1", "port", 8080),
    ],
)
def test_a_good_value_is_taken(name: str, value: str, field: str, expected: object) -> None:
    """What is written is what is used; an empty value is none; foreign names are nobody's business."""
    assert getattr(read(**{name: value}), field) == expected


def test_what_goes_together_is_accepted_together() -> None:
    """The webhook modes with an address, a local portal where it is permitted."""
    made = read(
        PUBLIC_URL="https://smena.example.com",
        TELEGRAM_MODE="webhook",
        BITRIX24_MODE="webhook",
        BITRIX24_WEBHOOK_URL="http://127.0.0.1:9000/rest/1/code/",
        ALLOW_LOCAL_PORTALS="1",
    )
    assert (made.telegram_mode, made.bitrix24_mode, made.has_bitrix24) == ("webhook", "webhook", True)


def test_the_public_address_comes_from_render_where_none_is_set() -> None:
    """`RENDER_EXTERNAL_URL` is the default of `PUBLIC_URL` and no more than that."""
    render = "https://smena.onrender.com"
    assert read(RENDER_EXTERNAL_URL=render).public_url == render
    assert read(RENDER_EXTERNAL_URL=render, PUBLIC_URL="").public_url == render
    assert (
        read(RENDER_EXTERNAL_URL=render, PUBLIC_URL="https://own.example.com").public_url == "https://own.example.com"
    )
    assert read(RENDER_EXTERNAL_URL=render, TELEGRAM_MODE="webhook").telegram_mode == "webhook"


def test_the_environment_goes_over_the_file(tmp_path: Path) -> None:
    """`.env` gives what the environment does not; a missing file is none."""
    file = tmp_path / ".env"
    file.write_text("PORT=9000\nLOG_LEVEL=error\n", encoding="utf-8")
    made = Settings.from_environ({"PORT": "9001"}, file)
    assert (made.port, made.log_level) == (9001, "error")
    assert Settings.from_environ({}, tmp_path / "none").port == 8080


def documented(page: str) -> list[tuple[str, str]]:
    """Return the values that a page says where secrets belong."""
    text = (ROOT / page).read_text(encoding="utf-8")
    names = "SECRET_KEY|BITRIX24_WEBHOOK_URL|TELEGRAM_BOT_TOKEN"
    return re.findall(rf"^({names})=(\S+)$", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *documented("README.md"),
        *documented("README.ru.md"),
        ("SECRET_KEY", "put-at-least-32-random-characters-here"),
        ("SECRET_KEY", "change-me-change-me-change-me-change-me"),
        ("SECRET_KEY", "<at least thirty-two random characters>"),
        ("SECRET_KEY", "your-very-own-secret-key-that-is-long"),
        ("TELEGRAM_BOT_TOKEN", "123456789:AAE-the-token-that-BotFather-gave"),
        ("TELEGRAM_BOT_TOKEN", "123456789:your_token_from_BotFather_is_here"),
        ("BITRIX24_WEBHOOK_URL", "https://company.bitrix24.com/rest/1/abcdefghijklmnop/"),
        ("BITRIX24_WEBHOOK_URL", "https://company.bitrix24.ru/rest/1/code/"),
        ("BITRIX24_WEBHOOK_URL", "https://mine.bitrix24.ru/rest/1/xxxxxxxxxxxxxxxx/"),
    ],
)
def test_what_documents_say_in_a_secret_s_place_is_no_secret(name: str, value: str) -> None:
    """Everybody can read it; whoever copies the example is told so at once."""
    with pytest.raises(BadSettings, match=f"{name}.*example of the documents"):
        read(**{name: value})


def test_an_example_that_was_in_use_may_stand_behind_its_successor() -> None:
    """What it has encrypted can be read on: that is the way out for whoever copied it."""
    former = "put-at-least-32-random-characters-here"
    assert read(SECRET_KEY=f"{KEY},{former}").secret_key.get_secret_value().endswith(former)
    with pytest.raises(BadSettings):
        read(SECRET_KEY=f"{former},{KEY}")


def test_a_random_secret_is_never_taken_for_an_example() -> None:
    """Whatever a generator of keys may give."""
    for number in range(500):
        chance = random.Random(number)
        key = "".join(chance.choices(string.ascii_letters + string.digits + string.punctuation, k=40))
        code = "".join(chance.choices(string.ascii_lowercase + string.digits, k=16))
        token = "".join(chance.choices(string.ascii_letters + string.digits + "-_", k=35))
        made = read(
            SECRET_KEY=key,
            BITRIX24_WEBHOOK_URL=f"https://company.bitrix24.ru/rest/1/{code}/",
            TELEGRAM_BOT_TOKEN=f"123456789:{token}",
        )
        assert made.secret_key.get_secret_value() == key


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TELEGRAM_BOT_TOKN", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("telegram_bot_token", "TELEGRAM_BOT_TOKEN"),
        ("BITRIX24_WEBHOOK", "BITRIX24_WEBHOOK_URL"),
        ("BITRIX_WEBHOOK_URL", "BITRIX24_WEBHOOK_URL"),
        ("TELEGRAM_MODUS", "TELEGRAM_MODE"),
    ],
)
def test_a_misspelt_name_of_a_messenger_s_setting(written: str, meant: str) -> None:
    """Left aside it would start the sandbox instead; the sentence says what was meant, and no value."""
    with pytest.raises(BadSettings) as refused:
        read(**{written: "s3cr3tc0de"})
    assert str(refused.value) == f"unknown setting {written}: did you mean {meant}?"


@pytest.mark.parametrize("written", ["DATABSE_URL", "SECRET_KEI", "PUBLIC_URI", "LOGLEVEL"])
def test_a_misspelt_name_in_our_own_file(tmp_path: Path, written: str) -> None:
    """The file is ours alone, so every name in it counts; the environment is shared with other programs."""
    (tmp_path / ".env").write_text(f"{written}=1\n", encoding="utf-8")
    with pytest.raises(BadSettings, match=f"unknown setting {written}: did you mean "):
        Settings.from_environ({}, tmp_path / ".env")
    assert read(**{written: "1"}).unknown == ()


def test_a_note_beside_the_right_name_is_no_mistake() -> None:
    """Somebody keeps the former token at hand, or serves another program as well."""
    made = read(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_BOT_TOKEN_OLD="1", TELEGRAM_API_ID="2", TELEGRAM_BOT_TOKN="")
    assert made.unknown == ("TELEGRAM_API_ID", "TELEGRAM_BOT_TOKEN_OLD")
