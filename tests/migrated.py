"""Files with the schema in them: the migrations run once in a process, and what they made is copied for each test.

That migrations lead to the schema, from nothing and from each revision, is tested in tests/storage.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from storage.migrate import migrate

_MADE: list[bytes] = []


async def begin_migrated(path: Path) -> None:
    """Put an empty database with the present schema at `path`, unless there is one already."""
    if path.exists():
        return
    if not _MADE:
        with TemporaryDirectory() as folder:
            made = Path(folder) / "migrated.db"
            await migrate(f"sqlite:///{made}")
            _MADE.append(made.read_bytes())
    path.write_bytes(_MADE[0])
