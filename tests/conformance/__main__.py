"""Serve a company of five, and have schemathesis try every operation as each kind of caller.

The first argument is the program `schemathesis`; what follows is handed on to it.
"""

import asyncio
import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from tests.api.caller import BASE, cast_of

SETTINGS = Path(__file__).with_name("schemathesis.toml")
CALLERS = {"employee": "anna", "lead": "sergey", "administrator": "olga", "program": ""}


async def tried(schemathesis: str, caller: str, more: list[str]) -> int:
    """Return 0 where nothing was found, by a caller in a company of their own."""
    with TemporaryDirectory() as folder:
        cast = await cast_of(Path(folder))
        person = getattr(cast, CALLERS[caller] or "olga")
        key = await cast.company.key_of(person, **({} if CALLERS[caller] else {"is_service": True}))
        address = str(cast.company.client.make_url(BASE))
        run = await asyncio.create_subprocess_exec(
            str(Path(schemathesis).absolute()), "--config-file", str(SETTINGS), "run", f"{address}/openapi.json",
            "--url", address, "-H", f"Authorization: Bearer {key.token}", *more, cwd=folder,
        )  # fmt: skip
        found = await run.wait()
        await cast.company.close()
        return found


def main() -> int:
    """Try it as each kind of caller, and return the worst that was found."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    found = 0
    for caller in CALLERS:
        sys.stdout.write(f"\nAs {caller}\n")
        sys.stdout.flush()
        found = max(found, asyncio.run(tried(sys.argv[1], caller, sys.argv[2:] or ["--max-examples", "12"])))
    return found


if __name__ == "__main__":
    raise SystemExit(main())
