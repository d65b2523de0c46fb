"""The seal of a backup: whoever has the installation's secret can tell that nobody changed the file since."""

import hashlib
import hmac
from typing import Final

from bot.derived import Derived
from storage.errors import BackupError

_PURPOSE = "backup"
_NO_SEAL: Final = (
    "The backup has no seal: an older version made it, or somebody took it off. "
    "If you trust the file, add --unsealed; nothing was restored."
)
_OTHER_KEY: Final = (
    "The backup was sealed with another SECRET_KEY: set the one of the installation that made it, "
    "or add --unsealed if you trust the file; nothing was restored."
)
_NO_KEY: Final = "SECRET_KEY is not set: backups are sealed with it, and their seal is checked with it."
_BROKEN: Final = "The backup was changed after it was made; nothing was restored."


class Seal:
    """Seals backups with what is derived from SECRET_KEY."""

    def __init__(self, secret_key: str) -> None:
        """Derive the keys; the first one seals, each of them is recognised."""
        self._keys = Derived(secret_key).of(_PURPOSE) if secret_key else ()

    def begin(self) -> "Sealing":
        """Begin to seal a file; BackupError where there is no secret."""
        if not self._keys:
            raise BackupError(_NO_KEY)
        return Sealing(self._keys[0])

    def recognise(self, key_id: object) -> "Sealing":
        """Begin to check a file whose header names its key; BackupError when that is none of ours."""
        if key_id is None:
            raise BackupError(_NO_SEAL)
        if not self._keys:
            raise BackupError(f"{_NO_KEY} Or add --unsealed if you trust the file; nothing was restored.")
        for key in self._keys:
            sealing = Sealing(key)
            if sealing.key_id == key_id:
                return sealing
        raise BackupError(_OTHER_KEY)


class Sealing:
    """The seal of one file, line by line."""

    def __init__(self, key: bytes) -> None:
        """Seal with that key."""
        self.key_id = hmac.new(key, b"key id", hashlib.sha256).hexdigest()[:16]
        self._mac = hmac.new(key, digestmod=hashlib.sha256)

    def add(self, line: bytes) -> None:
        """Go on with a line of the file."""
        self._mac.update(line)

    def value(self) -> str:
        """Return the seal of all lines so far."""
        return self._mac.hexdigest()

    def check(self, found: object) -> None:
        """Compare with the seal that the file shows; BackupError when it is another one."""
        if not isinstance(found, str) or not hmac.compare_digest(found.encode(errors="replace"), self.value().encode()):
            raise BackupError(_BROKEN)
