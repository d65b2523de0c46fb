"""Where the database is: the address from the settings, taken apart once."""

from dataclasses import dataclass
from pathlib import Path

from bot.ports import Unavailable
from storage.private import make_private_folder

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class Location:
    """A SQLite file (`path`) or a PostgreSQL server (`dsn`); exactly one is set."""

    path: Path | None = None
    dsn: str = ""

    @classmethod
    def of(cls, url: str) -> "Location":
        """Read `sqlite:///relative`, `sqlite:////absolute`, `postgres://…` or `postgresql://…`."""
        if url.startswith(_SQLITE) and len(url) > len(_SQLITE):
            return cls(path=Path(url.removeprefix(_SQLITE)))
        if url.startswith(_POSTGRES):
            return cls(dsn=url)
        raise Unavailable(
            "DATABASE_URL must look like sqlite:///data/smena.db or postgresql://user:password@host/name."
        )

    @property
    def file(self) -> Path:
        """The SQLite file; only where there is one."""
        if self.path is None:
            raise Unavailable("This database is not a file.")
        return self.path

    def make_folder(self) -> Path:
        """Return the SQLite file after making its folder."""
        path = self.file
        try:
            make_private_folder(path.parent)
        except OSError as error:
            raise Unavailable(f"The data folder {path.parent} cannot be made: {error.strerror}.") from error
        return path
