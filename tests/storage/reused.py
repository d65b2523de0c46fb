"""Databases of PostgreSQL that test after test uses: to empty one costs less than to make another.

Taken again is only one that is as it was made but for its rows: the same tables, columns, indexes and constraints, of
the same revision, with nothing that the server has counted in it, and with nobody connected.
"""

import asyncpg

from bot.ids import new_id
from storage.migrate import migrate
from storage.schema import metadata
from tests.postgres import Server

_OF_OURS = "SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace"
_SHAPE = f"""
    SELECT concat_ws(' ',
        (SELECT md5(string_agg(concat_ws(' ', attrelid, attnum, attname, atttypid, attnotnull, atthasdef), ','
            ORDER BY attrelid, attnum)) FROM pg_attribute WHERE attrelid IN ({_OF_OURS})),
        (SELECT md5(string_agg(concat_ws(' ', oid, conname, convalidated), ',' ORDER BY oid)) FROM pg_constraint),
        (SELECT md5(string_agg(concat_ws(' ', indexrelid, indisvalid, indisready), ',' ORDER BY indexrelid))
            FROM pg_index WHERE indrelid IN ({_OF_OURS})),
        (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_namespace),
        (SELECT count(*) FROM pg_statistic WHERE starelid IN ({_OF_OURS})),
        (SELECT count(*) FROM pg_db_role_setting), (SELECT string_agg(version_num, ' ') FROM alembic_version))
"""
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_WRITTEN = """
    SELECT coalesce(array_agg(relname::text), '{}') FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    AND pg_relation_size(oid) > 0
"""


class Reused:
    """The databases of a run that have the schema."""

    def __init__(self, server: Server) -> None:
        """Begin with none on `server`."""
        self.server = server
        self._template = ""
        self._shape = ""
        self._free: list[str] = []
        self.made: list[str] = []
        """All of the server's, also the one that others are copied from."""

    async def take(self) -> str:
        """Return the name of one without a row."""
        while self._free:
            name = self._free.pop()
            if await self._is_emptied(self.server.address(name)):
                return name
        return await self.make()

    def give_back(self, name: str) -> None:
        """Have it taken again."""
        self._free.append(name)

    async def _is_emptied(self, address: str) -> bool:
        connection = await asyncpg.connect(address)
        try:
            others, shape, written = await connection.fetchrow(f"SELECT ({_OTHERS}), ({_SHAPE}), ({_WRITTEN})")
            if others or shape != self._shape:
                return False
            # To truncate a table, all that refer to it would have to be truncated as well.
            some = [each.name for each in reversed(metadata.sorted_tables) if each.name in written]
            assert {*some} == {*written}
            if some:
                await connection.execute("; ".join(f"DELETE FROM {each}" for each in some))
            return True
        finally:
            await connection.close()

    async def make(self) -> str:
        """Return the name of a new one."""
        if not self._template:
            self._template = f"template_{new_id()}"
            self.made.append(self._template)
            await on(self.server.dsn, f"CREATE DATABASE {self._template}")
            await migrate(self.server.address(self._template))
            connection = await asyncpg.connect(self.server.address(self._template))
            try:
                self._shape = await connection.fetchval(_SHAPE)
                assert await connection.fetchval(_WRITTEN) == [], "what migrations write would be missing"
            finally:
                await connection.close()
        name = f"test_{new_id()}"
        self.made.append(name)
        connection = await asyncpg.connect(self.server.dsn)
        try:
            # Blocks through the log, as is usual since 15, cost a third more.
            how = " STRATEGY file_copy" if connection.get_server_version() >= (15,) else ""
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {self._template}{how}")
        finally:
            await connection.close()
        return name


async def on(dsn: str, statement: str) -> None:
    """Execute one statement on a database."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
