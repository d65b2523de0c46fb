"""Settings: the contract's names and defaults, and one sentence for each kind of mistake."""

from pathlib import Path

import pytest

from bot.settings import BadSettings, Settings

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
