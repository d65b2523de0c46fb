"""Which processes of a portal still run: `bizproc.workflow.instances`, which needs an administrator's rights."""

from collections.abc import Sequence

import structlog

from bot.channels.bitrix24.client import BATCH_LIMIT, Client
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.values import items, mapping, text

METHOD = "bizproc.workflow.instances"
log = structlog.get_logger(__name__)


async def running_processes(client: Client, realm: str, workflows: Sequence[str]) -> frozenset[str] | None:
    """Return which of some processes run; None where the portal does not say so of each of them."""
    asked = {f"w{number}": each for number, each in enumerate(workflows[:BATCH_LIMIT])}
    commands = {key: (METHOD, {"SELECT": ["ID"], "FILTER": {"ID": each}}) for key, each in asked.items()}
    try:
        answer = await client.run(commands)
    except RestError as error:
        log.info("bitrix24.processes_not_listed", realm=realm, code=error.code)
        return None
    if set(answer.results) != set(asked):
        codes = sorted({each.code for each in answer.errors.values()})
        log.info("bitrix24.processes_not_listed", realm=realm, code=",".join(codes))
        return None
    return frozenset(
        each
        for key, each in asked.items()
        if any(text(mapping(row).get("ID")) == each for row in items(answer.results[key]))
    )
