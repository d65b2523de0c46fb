"""Settings: every option of the environment (or `.env`), validated once at start."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class BadSettings(ValueError):
    """A setting is missing or wrong; the text names it and says what to write."""


class Settings(BaseModel):
    """What an operator can set. Each field's description is the reference in docs/settings.md."""

    model_config = ConfigDict(extra="ignore")

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
        SecretStr(""), description="an incoming webhook of one portal with the scopes imbot, im, user_brief, department"
    )
    bitrix24_bot_code: str = Field(
        "smena",
        pattern=r"^[A-Za-z0-9_.-]{1,40}$",
        description="the bot's code on the portal; another one where the bot of this one was lost with its secret",
        json_schema_extra={"emergency": True},
    )
    bitrix24_client_id: str = Field("", description="the OAuth application, for any number of portals")
    bitrix24_client_secret: SecretStr = Field(SecretStr(""), description="its secret")
    bitrix24_oauth_hosts: str = Field(
        "oauth.bitrix.info,oauth.bitrix24.tech", description="allow-list of authorisation servers, comma separated"
    )
    allow_local_portals: bool = Field(
        False, description="permits `http://127.0.0.1` portals; for tests and the sandbox"
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
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _api(cls, value: str) -> str:
        if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
            raise ValueError("write an address such as https://api.telegram.org")
        return value.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) < 32:
            raise ValueError("use at least 32 random characters")
        return value

    @model_validator(mode="after")
    def _together(self) -> "Settings":
        url = self.bitrix24_webhook_url.get_secret_value()
        if url:
            parts = _parts("BITRIX24_WEBHOOK_URL", url)
            local = parts.hostname in _LOOPBACK and self.allow_local_portals
            if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and local)):
                raise ValueError("BITRIX24_WEBHOOK_URL: write the whole https address that the portal shows")
            if "/rest/" not in parts.path:
                raise ValueError("BITRIX24_WEBHOOK_URL: it looks like https://company.bitrix24.ru/rest/1/code/")
        if self.bitrix24_client_id or self.bitrix24_client_secret.get_secret_value():
            raise ValueError(
                "BITRIX24_CLIENT_ID, BITRIX24_CLIENT_SECRET: the OAuth application is not supported yet; "
                "set BITRIX24_WEBHOOK_URL"
            )
        for name, mode in (("TELEGRAM_MODE", self.telegram_mode), ("BITRIX24_MODE", self.bitrix24_mode)):
            if mode == "webhook" and not self.public_url:
                raise ValueError(f"{name}=webhook needs PUBLIC_URL")
        return self

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> "Settings":
        """Read settings from the given environment over a `.env` file; BadSettings names what is wrong."""
        values: dict[str, Any] = {}
        if env_file is not None and env_file.is_file():
            values |= _dotenv(env_file)
        values |= dict(os.environ if environ is None else environ)
        wanted = {name: values[name.upper()] for name in cls.model_fields if values.get(name.upper())}
        if "public_url" not in wanted and values.get("RENDER_EXTERNAL_URL"):
            wanted["public_url"] = values["RENDER_EXTERNAL_URL"]
        try:
            return cls.model_validate(wanted)
        except ValidationError as error:
            raise BadSettings(_said(error)) from None

    @property
    def has_telegram(self) -> bool:
        """Whether a Telegram bot is configured."""
        return bool(self.telegram_bot_token.get_secret_value())

    @property
    def has_bitrix24(self) -> bool:
        """Whether a portal is configured."""
        return bool(self.bitrix24_webhook_url.get_secret_value())


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
