"""Settings: every option of the environment (or `.env`), validated once at start."""

import ipaddress
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.derived import secrets_in

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_PLACEHOLDER = re.compile(
    r"random.?characters|put.?at.?least|the.?token.?that|change.?me|place.?holder"
    r"|случайн\w*.?символ|токен.?котор|ваш.{0,20}(?:секрет|токен|ключ|код)"
    r"|your.{0,20}(?:secret|token|key|code)|^<.*>$|…|^\.\.\.|\.\.\.$|x{8}",
    re.IGNORECASE,
)
"""What documents say where a secret belongs. Whoever copies it has a secret that everybody knows."""
_EXAMPLES = ("abcdefghijklmnop", "code")
"""The code of a webhook in the documents."""
_OURS = ("TELEGRAM", "BITRIX")
"""Names that begin so are meant for us, wherever they are set."""
_ALSO_KNOWN = "RENDER_EXTERNAL_URL"
_AS_GOOD_AS_SPELT = 0.85
_FASTEST = 100_000


MAKE_A_KEY = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


class BadSettings(ValueError):
    """A setting is missing or wrong; the text names it and says what to write."""


class Settings(BaseModel):
    """What an operator can set. Each field's description is the reference in docs/settings.md."""

    model_config = ConfigDict(extra="ignore")
    _unknown: tuple[str, ...] = PrivateAttr(())

    database_url: str = Field(
        "sqlite:///data/smena.db", description="`sqlite:///path` or `postgresql://user:password@host/name`"
    )
    host: str = Field("127.0.0.1", description="address to listen on; the container sets `0.0.0.0`")
    port: int = Field(8080, ge=0, le=65535, description="port to listen on")
    public_url: str = Field("", description="https address of this service; without it every channel polls")
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="at least 32 characters; encrypts tokens at rest and signs links. "
        "Former ones may follow the present one, after a comma",
    )
    telegram_bot_token: SecretStr = Field(SecretStr(""), description="the token that @BotFather gave")
    telegram_api_url: str = Field(
        "https://api.telegram.org", description="another address means a local Bot API server"
    )
    telegram_mode: Literal["poll", "webhook"] = Field("poll", description="`webhook` needs `PUBLIC_URL`")
    bitrix24_mode: Literal["fetch", "webhook"] = Field("fetch", description="`webhook` needs `PUBLIC_URL`")
    bitrix24_webhook_url: SecretStr = Field(
        SecretStr(""),
        description="an incoming webhook of one portal with imbot, im, user_brief, department, and crm for deals",
    )
    bitrix24_bot_code: str = Field(
        "smena",
        pattern=r"^[A-Za-z0-9_.-]{1,40}$",
        description="the bot's code on the portal; another one where the bot of this one was lost with its secret",
        json_schema_extra={"emergency": True},
    )
    bitrix24_client_id: str = Field(
        "", description="the id of the application in Bitrix24, for any number of portals; `local.…` or `app.…`"
    )
    bitrix24_client_secret: SecretStr = Field(
        SecretStr(""), description="the application's secret: it goes to the authorisation servers alone"
    )
    bitrix24_oauth_hosts: str = Field(
        "oauth.bitrix.info,oauth.bitrix24.tech",
        description="the authorisation servers that the application believes, comma separated",
    )
    allow_local_portals: bool = Field(
        False, description="permits `http://127.0.0.1` portals; for tests and the sandbox"
    )
    trusted_proxies: str = Field(
        "",
        description="addresses or networks of proxies, comma separated, whose last `X-Forwarded-For` and "
        "`X-Forwarded-Proto` are believed; without it address and scheme are the socket's",
    )
    api_rate: str = Field(
        "10/s",
        description="how many calls of the API a key may make, of which five seconds' worth may come at once; "
        "`0` for no limit, only with `ALLOW_LOCAL_PORTALS`",
    )
    rest_log_dir: str = Field(
        "",
        description="folder of the log of requests to portals, kept for three days; without it `rest-log` beside the "
        "SQLite file, or in `data`, where the application is served; `off` for none",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="how much is logged")
    log_format: Literal["console", "json", ""] = Field("", description="`console` on a terminal, else `json`")

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgres://", "postgresql://")):
            raise ValueError("write sqlite:///path or postgresql://user:password@host/name")
        return value

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"https", "http"} or not parts.hostname):
            raise ValueError("write an address such as https://smena.example.com")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ValueError("messengers call https addresses only")
        return value.rstrip("/")

    @field_validator("telegram_bot_token")
    @classmethod
    def _telegram(cls, value: SecretStr) -> SecretStr:
        number, _, rest = value.get_secret_value().partition(":")
        if value.get_secret_value() and (not number.isdigit() or len(rest) < 20):
            raise ValueError("a bot token looks like 123456789:AAE…")
        if _PLACEHOLDER.search(rest):
            raise ValueError("that is the example of the documents; put the token there that @BotFather gave you")
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _api(cls, value: str) -> str:
        if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
            raise ValueError("write an address such as https://api.telegram.org")
        return value.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: str) -> str:
        try:
            networks_of(value)
        except ValueError:
            raise ValueError("write addresses or networks such as 10.0.0.5 or 10.0.0.0/8, comma separated") from None
        return value

    @field_validator("api_rate")
    @classmethod
    def _rate(cls, value: str) -> str:
        try:
            rate_of(value)
        except ValueError:
            raise ValueError("write a rate such as 10/s or 300/m") from None
        return value

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) < 32:
            raise ValueError("use at least 32 random characters")
        if _PLACEHOLDER.search(secrets_in(value.get_secret_value())[0]):
            raise ValueError(
                f"that is the example of the documents; {MAKE_A_KEY}; "
                "where the example is in use, put the new key in front of it, with a comma between"
            )
        return value

    @model_validator(mode="after")
    def _together(self) -> "Settings":
        url = self.bitrix24_webhook_url.get_secret_value()
        if url:
            parts = _parts("BITRIX24_WEBHOOK_URL", url)
            local = parts.hostname in _LOOPBACK and self.allow_local_portals
            if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and local)):
                raise ValueError("BITRIX24_WEBHOOK_URL: write the whole https address that the portal shows")
            _check_path(parts)
        self._check_application()
        if not rate_of(self.api_rate) and not self.allow_local_portals:
            raise ValueError("API_RATE: 0 is for tests and needs ALLOW_LOCAL_PORTALS; write a rate such as 10/s")
        for name, mode in (("TELEGRAM_MODE", self.telegram_mode), ("BITRIX24_MODE", self.bitrix24_mode)):
            if mode == "webhook" and not self.public_url:
                raise ValueError(f"{name}=webhook needs PUBLIC_URL")
        return self

    def _check_application(self) -> None:
        has_secret = bool(self.bitrix24_client_secret.get_secret_value())
        if bool(self.bitrix24_client_id) != has_secret:
            raise ValueError(
                "BITRIX24_CLIENT_ID, BITRIX24_CLIENT_SECRET: the application has both; set both, or neither"
            )
        if has_secret and not self.public_url and not self.allow_local_portals:
            raise ValueError(
                "BITRIX24_CLIENT_ID needs PUBLIC_URL: portals call this service to install the application"
            )
        if has_secret and not any(each.strip() for each in self.bitrix24_oauth_hosts.split(",")):
            raise ValueError("BITRIX24_OAUTH_HOSTS: name at least one authorisation server")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> "Settings":
        """Read settings from the given environment over a `.env` file; BadSettings names what is wrong."""
        written = _dotenv(env_file) if env_file is not None and env_file.is_file() else {}
        values: dict[str, Any] = {**written, **(os.environ if environ is None else environ)}
        if misspelt := [*_misspelt(values, written)]:
            raise BadSettings("; ".join(misspelt))
        wanted = {name: values[name.upper()] for name in cls.model_fields if values.get(name.upper())}
        if "public_url" not in wanted and values.get(_ALSO_KNOWN):
            wanted["public_url"] = values[_ALSO_KNOWN]
        try:
            settings = cls.model_validate(wanted)
        except ValidationError as error:
            raise BadSettings(_said(error)) from None
        settings._unknown = tuple(  # noqa: SLF001 - of its own class
            sorted(name for name in _strange(values) if name.upper().startswith(_OURS))
        )
        return settings

    @property
    def unknown(self) -> Sequence[str]:
        """Names that were set, begin as ours do, and mean nothing here."""
        return self._unknown

    @property
    def has_telegram(self) -> bool:
        """Whether a Telegram bot is configured."""
        return bool(self.telegram_bot_token.get_secret_value())

    @property
    def has_bitrix24(self) -> bool:
        """Whether a portal is configured, or the application by which portals come."""
        return bool(self.bitrix24_webhook_url.get_secret_value()) or self.has_application

    @property
    def rest_log_folder(self) -> Path | None:
        """Where requests to portals are logged; None where they are not."""
        named = self.rest_log_dir.strip()
        if named.lower() == "off" or (not named and not self.has_application):
            return None
        if named:
            return Path(named)
        file = self.database_url.removeprefix("sqlite:///")
        return (Path("data") if file == self.database_url else Path(file).parent) / "rest-log"

    @property
    def has_application(self) -> bool:
        """Whether the application is configured."""
        return bool(self.bitrix24_client_id)


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks_of(text: str) -> Sequence[Network]:
    """Return the networks of a comma list; ValueError for what is none."""
    return [ipaddress.ip_network(each.strip(), strict=False) for each in text.split(",") if each.strip()]


def rate_of(text: str) -> float:
    """Return how many a second `10/s`, `600/m` or `0` are; ValueError for anything else."""
    number, slash, unit = text.strip().partition("/")
    value = float(number)
    if not 0 <= value <= _FASTEST or (slash and unit not in {"s", "m"}):
        raise ValueError(text)
    return value / 60 if unit == "m" else value


def _known() -> list[str]:
    return [name.upper() for name in Settings.model_fields]


def _strange(values: Mapping[str, Any]) -> Iterator[str]:
    """List the names that have a value and are none of ours."""
    known = {*_known(), _ALSO_KNOWN}
    return (name for name, value in values.items() if value and name not in known)


def _misspelt(values: Mapping[str, Any], written: Mapping[str, str]) -> Iterator[str]:
    """Tell which names are hardly anything but misspelt ones of ours.

    Those of our own file, and in the environment, which other programs share, those that name a messenger. Where the
    right name is set as well, the other may be a note of what it was.
    """
    for name in _strange(values):
        if name not in written and not name.upper().startswith(_OURS):
            continue
        for meant in get_close_matches(name.upper(), _known(), n=1, cutoff=_AS_GOOD_AS_SPELT):
            if not values.get(meant):
                yield f"unknown setting {name}: did you mean {meant}?"


def _check_path(address: SplitResult) -> None:
    """Look at what follows the host: /rest/, the number of a person, the code."""
    name = "BITRIX24_WEBHOOK_URL"
    number, *codes = [part for part in address.path.partition("/rest/")[2].split("/") if part] or [""]
    if not number.isdigit():
        raise ValueError(f"{name}: it looks like https://company.bitrix24.ru/rest/1/code/")
    if not codes:
        raise ValueError(f"{name}: the address has no code at its end; copy all that the portal shows")
    if len(codes) > 1:
        raise ValueError(f"{name}: the address ends with the code; leave out what follows it")
    is_example = (address.hostname or "").startswith("company.bitrix24.") and codes[0] in _EXAMPLES
    if is_example or _PLACEHOLDER.search(codes[0]):
        raise ValueError(f"{name}: that is the example of the documents; copy what the portal shows")


def _dotenv(path: Path) -> dict[str, str]:
    return {name: value for name, value in dotenv_values(path).items() if value is not None}


def _parts(name: str, url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise ValueError(f"{name}: that is not an address") from None


# What a wrong value may show to whoever reads the screen: never these.
_HIDDEN = {"SECRET_KEY", "TELEGRAM_BOT_TOKEN", "DATABASE_URL", "BITRIX24_CLIENT_SECRET", "BITRIX24_WEBHOOK_URL"}
_PLAIN = {
    "int_parsing": "write a whole number",
    "bool_parsing": "write true or false",
    "string_pattern_mismatch": "write up to 40 letters, digits, dots, dashes or underscores",
    "greater_than_equal": "the number is too small",
    "less_than_equal": "the number is too large",
}


def _said(error: ValidationError) -> str:
    """Say in a sentence a setting what to write instead; secrets are not repeated."""
    sentences = []
    for each in error.errors():
        name = str(each["loc"][0]).upper() if each["loc"] else ""
        message = _PLAIN.get(each["type"], each["msg"].removeprefix("Value error, "))
        shown = "" if name in _HIDDEN else f" (it is {json.dumps(each.get('input'), default=str)})"
        sentences.append(f"{name}: {message}{shown}" if name else message)
    return "; ".join(sentences)
