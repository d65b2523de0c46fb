"""The vault: small named values of the service, secrets among them encrypted at rest.

A secret is AES-256-GCM under a key derived from SECRET_KEY, bound to its table and name, so that a ciphertext copied
to another row does not open. The stored form names the key it belongs to: `v1:<key id>:<nonce and ciphertext>`.

Where SECRET_KEY holds several secrets, the first one seals and each of them opens.
"""

import base64
import json
import secrets
from contextlib import suppress

from bot.derived import secrets_in
from bot.ports import WrongKey
from storage.engines.engine import Engine, Read, Write
from storage.rows import compact
from storage.sql import errands, processes, service
from storage.sql import installations as rows
from storage.sql import webhooks as hooks

_NONCE = 12


class Box:
    """Seals and opens secrets with what is derived from SECRET_KEY."""

    def __init__(self, secret_key: str) -> None:
        """Remember the secrets; the cipher is set up when first needed."""
        self._secrets = secrets_in(secret_key)
        self._derived: dict[str, bytes] = {}

    def _keys(self) -> dict[str, bytes]:
        """Return the keys by their ids, the one that seals first."""
        if not self._derived:
            from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - slow to import, rarely needed
            from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

            def derive(secret: str, purpose: bytes, length: int) -> bytes:
                return HKDF(SHA256(), length, None, purpose).derive(secret.encode())

            self._derived = {
                derive(each, b"smena vault key id", 4).hex(): derive(each, b"smena vault key", 32)
                for each in self._secrets
            }
        return self._derived

    def seal(self, value: str, name: str) -> str:
        """Return the stored form of a secret."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        key_id, key = next(iter(self._keys().items()))
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + AESGCM(key).encrypt(nonce, value.encode(), _bound_to(name))
        return f"v1:{key_id}:{base64.b64encode(sealed).decode()}"

    @property
    def has_former(self) -> bool:
        """Whether there are former secrets beside the present one."""
        return len(self._secrets) > 1

    def is_current(self, stored: str) -> bool:
        """Whether the stored form was sealed with the present secret."""
        return stored.startswith(f"v1:{next(iter(self._keys()))}:")

    def open(self, stored: str, name: str) -> str:
        """Return the secret; WrongKey when it is not ours to open."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        version, _, rest = stored.partition(":")
        key_id, _, text = rest.partition(":")
        key = self._keys().get(key_id)
        if version != "v1" or key is None:
            raise WrongKey(f"The secret {name!r} in the database was encrypted with another SECRET_KEY.")
        try:
            sealed = base64.b64decode(text, validate=True)
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(name)).decode()
        except (ValueError, InvalidTag) as error:
            raise WrongKey(f"The secret {name!r} in the database was changed by somebody without the key.") from error


def application_token_name(portal_id: int) -> str:
    """Return what a portal's application token is bound to."""
    return f"installation:{portal_id}:application_token"


def pair_name(portal_id: int, account: str) -> str:
    """Return what a person's pair of tokens is bound to."""
    return f"grant:{portal_id}:{account}"


def call_name(portal_id: int, call_id: int) -> str:
    """Return what the token of a call of a business process is bound to."""
    return f"process_call:{portal_id}:{call_id}"


def errand_name(portal_id: int, key: str) -> str:
    """Return what the token in an errand's form is bound to."""
    return f"errand:{portal_id}:{key}"


def hook_name(hook_id: int) -> str:
    """Return what a webhook's secrets are bound to."""
    return f"webhook:{hook_id}"


def _bound_to(name: str) -> bytes:
    return f"vault:{name}".encode()


class Vault:
    """Small named values of the service itself. A poller's checkpoint is read as `checkpoint:<name>`."""

    def __init__(self, engine: Engine, box: Box) -> None:
        """Keep values through `engine`, secrets through `box`."""
        self._engine = engine
        self._box = box

    async def get(self, name: str) -> str | None:
        """Return a value; WrongKey when it is a secret of another key."""
        (rows,) = await self._engine.read([Read(service.GET_VALUE, {"name": name})])
        if not rows:
            return None
        value, is_secret = rows[0]
        return self._box.open(value, name) if is_secret else str(value)

    async def put(self, name: str, value: str, *, is_secret: bool = False) -> None:
        """Store a value durably."""
        stored = self._box.seal(value, name) if is_secret else value
        values = {"name": name, "value": stored, "is_secret": is_secret}
        await self._engine.write([Write(service.PUT_VALUE, values)])

    async def reseal(self) -> int:
        """Seal with the present secret what a former one had sealed; returns how many that were.

        What none of them opens stays as it is. Whoever stores a value meanwhile is not overwritten.
        """
        if not self._box.has_former:
            return 0
        (values_there,) = await self._engine.read([Read(service.SECRET_VALUES, {})])
        resealed = 0
        for name, stored in values_there:
            if self._box.is_current(stored):
                continue
            with suppress(WrongKey):
                sealed = self._box.seal(self._box.open(stored, name), name)
                values = {"the_name": name, "former": stored, "sealed": sealed}
                (result,) = await self._engine.write([Write(service.RESEAL_VALUE, values)])
                resealed += result.changed
        return resealed + await self._reseal_rows() + await self._reseal_errands()

    async def _reseal_rows(self) -> int:
        """Do the same for secrets in rows of other tables."""
        plan = [rows.SEALED_TOKENS, rows.SEALED_PAIRS, processes.SEALED_CALLS, hooks.SECRETS, hooks.FORMER_SECRETS]
        tokens, pairs, calls, present, former = await self._engine.read([Read(each, {}) for each in plan])
        found = [
            (rows.RESEAL_TOKEN, application_token_name(each), {"the_portal_id": each}, stored)
            for each, stored in tokens
        ] + [
            (rows.RESEAL_PAIR, pair_name(each, account), {"the_portal_id": each, "the_account": account}, stored)
            for each, account, stored in pairs
        ]
        found += [
            (processes.RESEAL_CALL, call_name(each, call), {"the_id": call}, stored) for each, call, stored in calls
        ]
        for reseal, sealed_there in ((hooks.RESEAL_SECRET, present), (hooks.RESEAL_FORMER, former)):
            found += [(reseal, hook_name(each), {"the_id": each}, stored) for each, stored in sealed_there]
        resealed = 0
        for statement, name, row, stored in found:
            if not stored or self._box.is_current(stored):
                continue
            with suppress(WrongKey):
                sealed = self._box.seal(self._box.open(stored, name), name)
                (result,) = await self._engine.write([Write(statement, {**row, "former": stored, "sealed": sealed})])
                resealed += result.changed
        return resealed

    async def _reseal_errands(self) -> int:
        """Do the same for tokens in the forms of errands that are still to be done."""
        resealed = 0
        for found in await self._engine.read([Read(each, {}) for each in errands.SEALED_ERRANDS]):
            for portal_id, errand_id, key, former in found:
                form = json.loads(former)
                token, name = str(form.get("token", "")), errand_name(portal_id, key)
                if not token or self._box.is_current(token):
                    continue
                with suppress(WrongKey):
                    form["token"] = self._box.seal(self._box.open(token, name), name)
                    values = {"the_id": errand_id, "former": former, "sealed": compact(form)}
                    (result,) = await self._engine.write([Write(errands.RESEAL_ERRAND, values)])
                    resealed += result.changed
        return resealed
