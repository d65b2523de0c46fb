"""A claim costs what it takes, never what waits: in a young database, and in one that was analysed in a quiet night."""

from typing import Any

import asyncpg
import pytest

from storage.engines.postgres import SETTINGS
from storage.engines.statement import Statement
from storage.sql import queues
from tests.storage.given import NewUrl

WAITING = 4_000
SIZE = 64
EACH = 100
"""So many rows looked at for each that is taken are plenty; a plan for an empty table looks at thousands."""
FILL = {
    "inbox": """
        INSERT INTO inbox (id, channel, realm, event_id, lane, state, body, stored_at, due_at, leased_until, worker,
            tries, reason)
        SELECT n, 'bitrix24', 'p.example', 'm' || n, 'e:' || n % 2000, 'waiting', '{}', 0, 0, 0, '', 0, ''
        FROM generate_series(1, $1) AS n
    """,
    "outbox": """
        INSERT INTO outbox (id, portal_id, channel, realm, conversation, lane, locale, zone, turn, say, slot, edit,
            only_if_shown, created_at, state, stored_at, due_at, leased_until, worker, tries, error, receipt)
        SELECT n, 1, 'bitrix24', 'p.example', n % 2000, 'bitrix24:p.example:' || n % 2000, 'ru', 'UTC', '', '{}', '',
            false, false, 0, 'waiting', 0, 0, 0, '', 0, '', ''
        FROM generate_series(1, $1) AS n
    """,
}


@pytest.mark.parametrize(("table", "statement"), [("inbox", queues.INBOX_CLAIM), ("outbox", queues.OUTBOX_CLAIM)])
@pytest.mark.parametrize("state", ["young", "analysed while empty", "analysed"])
async def test_a_claim_reads_what_it_takes(new_url: NewUrl, table: str, statement: Statement, state: str) -> None:
    """With thousands waiting it looks at a bounded number of rows for each that it takes."""
    connection = await asyncpg.connect(await new_url("postgres"), server_settings=SETTINGS)
    try:
        if state == "analysed while empty":
            await connection.execute(f"VACUUM ANALYZE {table}")
        await connection.execute(FILL[table], WAITING)
        if state == "analysed":
            await connection.execute(f"VACUUM ANALYZE {table}")
        compiled = statement.compile("postgresql")
        values = {"now": 1, "until": 2, "until_for_files": 2, "worker": "w", "size": SIZE, "channel": "bitrix24"}
        prepared = await connection.prepare(compiled.sql)
        transaction = connection.transaction()
        await transaction.start()
        plan = (await prepared.explain(*compiled.pick(values), analyze=True))[0]["Plan"]
        await transaction.rollback()
        assert SIZE == plan["Actual Rows"]
        assert _read(plan) < SIZE * EACH
    finally:
        await connection.close()


def _read(plan: dict[str, Any]) -> float:
    """Return how many rows all steps of the plan have looked at."""
    own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return float(own + sum(_read(each) for each in plan.get("Plans", ())))
