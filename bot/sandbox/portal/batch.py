"""`batch`: fifty commands in one request, which may refer to the results of earlier ones; those beyond fail singly."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.portal.errors import RestError, missing
from bot.sandbox.portal.params import Params
from bot.sandbox.portal.php import parse_query
from bot.sandbox.portal.registry import Answer

LONGEST = 50
PARAMS = ("cmd", "halt")
_REFERENCE = re.compile(r"\$result((?:\[[^\[\]]*\])+)")
_STEP = re.compile(r"\[([^\[\]]*)\]")

Execute = Callable[[str, dict[str, Any]], Awaitable[tuple[Answer, dict[str, Any]]]]


async def run_batch(params: Params, execute: Execute) -> Answer:
    """Run the commands one after another; a failed one leaves its error, and ends the batch when `halt` is set."""
    params.only(PARAMS)
    commands = _commands(params)
    halts = params.flag("halt", default=False)
    results: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    totals: dict[str, Any] = {}
    nexts: dict[str, Any] = {}
    times: dict[str, Any] = {}
    for number, (key, command) in enumerate(commands.items()):
        if number >= LONGEST:
            errors[key] = RestError("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded").body()
            continue
        name, _, query = command.partition("?")
        try:
            answer, times[key] = await execute(name, _resolve(parse_query(query), results))
        except RestError as refused:
            errors[key] = refused.body()
            if halts:
                break
            continue
        results[key] = answer.result
        if answer.total is not None:
            totals[key] = answer.total
        if answer.next is not None:
            nexts[key] = answer.next
    return Answer(
        {
            "result": _array(results),
            "result_error": _array(errors),
            "result_total": _array(totals),
            "result_next": _array(nexts),
            "result_time": _array(times),
        }
    )


def _commands(params: Params) -> dict[str, str]:
    """Return the commands by key."""
    given = params.values.get("cmd")
    if given is None:
        raise missing("cmd")
    if isinstance(given, list):
        given = {str(number): command for number, command in enumerate(given)}
    if not isinstance(given, dict) or not all(isinstance(command, str) for command in given.values()):
        raise RestError("ERROR_ARGUMENT", "cmd must be a map or a list of strings")
    return given


def _array(values: dict[str, Any]) -> dict[str, Any] | list[Any]:
    """Write a map as PHP does: empty or numbered from 0, it is a list."""
    if list(values) == [str(number) for number in range(len(values))]:
        return list(values.values())
    return values


def _resolve(value: Any, results: dict[str, Any]) -> Any:
    """Put results in place of `$result[key][field]`, at every depth; what is not there becomes null."""
    if isinstance(value, dict):
        return {key: _resolve(each, results) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolve(each, results) for each in value]
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _look_up(whole[1], results)

    def written(found: re.Match[str]) -> str:
        looked_up = _look_up(found[1], results)
        return "" if looked_up is None else str(looked_up)

    return _REFERENCE.sub(written, value)


def _look_up(path: str, results: dict[str, Any]) -> Any:
    """Follow `[key][field][0]` into the results."""
    node: Any = results
    for step in _STEP.findall(path):
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(node, list) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        else:
            return None
    return node
