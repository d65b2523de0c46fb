"""A server of the sandbox that listens where it did the last time, so that what others know of it stays true."""

import contextlib

from aiohttp import web

from bot.sandbox.portal.rows import Rows


class Listening:
    """One listening port, kept under `name`."""

    def __init__(self, rows: Rows, name: str) -> None:
        """Keep the port in these rows."""
        self._rows = rows
        self._name = name
        self._runner: web.AppRunner | None = None
        self.host = ""
        self.former: set[str] = set()

    async def start(self, app: web.Application, host: str, port: int) -> None:
        """Listen on `port`; 0 takes the one of the last time, or a free one."""
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        kept = int(self._rows.setting(self._name, "0")) if port == 0 else 0
        if kept:
            with contextlib.suppress(OSError):
                await web.TCPSite(self._runner, host, kept).start()
        if not self._runner.addresses:
            await web.TCPSite(self._runner, host, port).start()
        listens_at = self._runner.addresses[0][1]
        self._rows.set(self._name, str(listens_at))
        self.host = f"{host}:{listens_at}"

    async def move(self) -> None:
        """Listen at a free port as well, and be known by that one; the former ones go on listening."""
        if self._runner is None:
            return
        name, _, port = self.host.partition(":")
        before = set(self._runner.addresses)
        await web.TCPSite(self._runner, name, 0).start()
        [(_, listens_at)] = set(self._runner.addresses) - before
        self.former.add(f":{port}")
        self._rows.set(self._name, str(listens_at))
        self.host = f"{name}:{listens_at}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
            self.former.clear()
