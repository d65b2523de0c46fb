"""Smena's command line: settings → storage → service; with no messenger configured, the sandbox as well."""

import signal
import sys


def _leave(number: int, _: object) -> None:
    """End before anything was begun."""
    sys.exit(130 if number == signal.SIGINT else 0)


if __name__ == "__main__":
    # Before what takes its time to load: the first process of a container is ended only by a signal that it handles.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)

import argparse
import asyncio
import contextlib
import ctypes
import gc
import json
import os
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.settings import MAKE_A_KEY, BadSettings, Settings

_QUIET = "warning"
"""How much the sandbox logs on a terminal: a line for each turn would push its address off the screen."""
_ARENAS = -8
"""`M_ARENA_MAX` of glibc: how many heaps threads may have."""
WRONG_USAGE = 2
FAILED = 1


class Stop(Exception):
    """End the program with a sentence on standard error."""

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        """Say `sentence` and exit with `code`."""
        super().__init__(sentence)
        self.code = code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; every error of the user is one plain sentence and an exit code."""
    collect_rarely()
    share_one_heap()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        options = parser().parse_args(arguments)
        command: Callable[[argparse.Namespace], int] = options.run
        return command(options)
    except Stop as stop:
        sys.stderr.write(f"smena: {stop}\n")
        return stop.code
    except BadSettings as error:
        sys.stderr.write(f"smena: {error}\n")
        return WRONG_USAGE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return FAILED


def collect_rarely() -> None:
    """Look for cyclic garbage seldom: a full look at all that was imported holds everybody up for some 60 ms."""
    gc.set_threshold(20_000, 20, 20)


def share_one_heap() -> None:
    """Have all threads take memory from one place: each would keep some megabytes of its own that nobody else gets.

    Threads seldom ask for memory at the same time here, for Python runs one of them at a time.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another library of C has no such switch
        ctypes.CDLL(None).mallopt(_ARENAS, 1)


def open_many_files() -> None:
    """Raise the soft limit of open files to the hard one: each portal that is served has connections of its own."""
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(ValueError, OSError):  # a system may call more "unlimited" than it gives
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="main.py", description="Working hours in chat for Bitrix24 and Telegram.")
    top.set_defaults(run=serve)
    commands = top.add_subparsers(title="commands")
    commands.add_parser("serve", help="run the service").set_defaults(run=serve)
    sandbox = commands.add_parser("sandbox", help="run with an emulated portal and Telegram")
    sandbox.add_argument("--port", type=_port, help="port of the page")
    sandbox.add_argument("--data-dir", type=Path, help="where the sandbox keeps its files")
    sandbox.add_argument("--clock", type=_instant, help="start the movable clock at this instant")
    sandbox.set_defaults(run=run_sandbox)
    commands.add_parser("check", help="validate the settings and reach everything").set_defaults(run=check)
    commands.add_parser("migrate", help="bring the database up to date").set_defaults(run=migrate)
    for name, text in (
        ("backup", "copy the database while running"),
        ("restore", "load a copy into an empty database"),
    ):
        each = commands.add_parser(name, help=text)
        each.add_argument("file", type=Path)
        each.set_defaults(run=backup if name == "backup" else restore)
        if name == "restore":
            each.add_argument("--unsealed", action="store_true", help="take a file that has no seal of ours; you vouch")
    commands.add_parser("portals", help="list the portals that are served, a line each").set_defaults(run=portals)
    words = commands.add_parser("understand", help="one message a line in, one JSON object a line out")
    words.add_argument("--locale", choices=("ru", "en"), required=True)
    words.add_argument("--zone", type=_zone, required=True)
    words.add_argument("--now", type=_instant, required=True)
    words.set_defaults(run=understand)
    _export_parser(commands.add_parser("export", help="write a time sheet to a file"))
    hours = commands.add_parser("hours", help="punches as JSON lines in, derived sessions as JSON lines out")
    hours.add_argument("--zone", type=_zone, required=True)
    hours.set_defaults(run=derive_hours)
    _route_parsers(commands.add_parser("route", help="routes of approval: check one, or play requests on one"))
    return top


def _route_parsers(route: argparse.ArgumentParser) -> None:
    ways = route.add_subparsers(title="commands", required=True, metavar="{check,play}")
    checks = ways.add_parser("check", help="say what a route does, and what is wrong with it")
    checks.add_argument("file", type=Path)
    checks.add_argument("--locale", choices=("ru", "en"), default="en")
    checks.set_defaults(run=check_route)
    plays = ways.add_parser("play", help="events as JSON lines in, the state after each as JSON lines out")
    plays.add_argument("file", type=Path)
    plays.add_argument("--people", type=Path, required=True, help="who works in the company, as JSON")
    plays.add_argument("--zone", type=_zone, help="of what is read and printed; without, the route's")
    plays.set_defaults(run=play_route)


def _export_parser(sheet: argparse.ArgumentParser) -> None:
    sheet.add_argument("--from", dest="first", type=_day, required=True, metavar="DAY", help="first day, as 2026-06-01")
    sheet.add_argument("--to", dest="last", type=_day, required=True, metavar="DAY", help="last day, included")
    sheet.add_argument("--format", choices=("xlsx", "csv", "pdf", "t13"), default="xlsx")
    whose = sheet.add_mutually_exclusive_group()
    whose.add_argument("--department", default="", metavar="NAME", help="with those below it; without, everybody")
    whose.add_argument("--person", default="", metavar="NAME")
    sheet.add_argument("--portal", default="", metavar="KEY", help="needed where several portals are served")
    sheet.add_argument("--locale", choices=("ru", "en"), default="", help="without, the portal's language")
    sheet.add_argument("--now", type=_instant, help="as of this instant; without, as of now")
    sheet.add_argument("file", type=Path)
    sheet.set_defaults(run=export)


def serve(options: argparse.Namespace) -> int:
    """Run the service; with no messenger configured, the sandbox as well."""
    open_many_files()
    settings = _settings()
    if not settings.has_bitrix24 and not settings.has_telegram:
        options.port, options.data_dir, options.clock = None, None, None
        return run_sandbox(options)
    if not settings.secret_key.get_secret_value():
        raise Stop(f"SECRET_KEY is not set; {MAKE_A_KEY} and keep it", WRONG_USAGE)
    return _run(_serve(settings))


def run_sandbox(options: argparse.Namespace) -> int:
    """Run the service on an emulated portal and Telegram."""
    settings = _settings(level=_QUIET if sys.stderr.isatty() else None)
    from bot.playground import run_playground  # noqa: PLC0415 - only the sandbox needs it

    return _run(
        run_playground(
            settings,
            _open_storage,
            _router(),
            port=options.port if options.port is not None else settings.port,
            data_dir=options.data_dir,
            at=options.clock,
            stopped=_stopped,
            ready=_invite,
        )
    )


async def _serve(settings: Settings) -> None:
    from bot.clock import SystemClock  # noqa: PLC0415

    stopped = _stopped()
    from bot.service import Service  # noqa: PLC0415

    storage = await _open_storage(settings)
    service = Service(settings, storage, _router(), SystemClock())
    await service.start()
    _announce(f"Smena listens on http://{settings.host}:{service.port}")
    await service.run_until(stopped)


def check(_: argparse.Namespace) -> int:
    """Validate the settings and reach the database and each configured messenger; one line each."""
    settings = _settings()
    from bot.checks import run_checks  # noqa: PLC0415

    fine = True
    for line, ok in asyncio.run(run_checks(settings, _migration_state)):
        fine = fine and ok
        sys.stdout.write(f"{'ok  ' if ok else 'FAIL'} {line}\n")
    return 0 if fine else FAILED


def migrate(_: argparse.Namespace) -> int:
    """Bring the schema up to date."""
    from storage.migrate import migrate as run  # noqa: PLC0415

    revision = _run_with_result(run(_settings().database_url))
    sys.stdout.write(f"the database is at revision {revision}\n")
    return 0


def backup(options: argparse.Namespace) -> int:
    """Write a consistent copy while the service runs."""
    from storage.backup.backup import backup as run  # noqa: PLC0415

    settings = _settings()
    _run_with_result(run(settings.database_url, options.file, _seal(settings)))
    sys.stdout.write(f"written to {options.file}\n")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Load a copy into an empty database."""
    from storage.backup.backup import restore as run  # noqa: PLC0415

    settings = _settings()
    _run_with_result(run(settings.database_url, options.file, None if options.unsealed else _seal(settings)))
    sys.stdout.write(f"restored from {options.file}\n")
    return 0


def portals(_: argparse.Namespace) -> int:
    """Print a line a portal: its key, host, the state of the application, people, when it was last heard of."""
    for line in _run_with_result(_portals(_settings())):
        _write(f"{line}\n")
    return 0


async def _portals(settings: Settings) -> list[str]:
    from bot.portal_list import portal_lines  # noqa: PLC0415

    storage = await _storage_of_this_version(settings)
    try:
        return await portal_lines(storage)
    finally:
        await storage.close()


async def _storage_of_this_version(settings: Settings) -> Any:
    """Return the open database; it is neither made nor migrated for a look."""
    from storage.migrate import current  # noqa: PLC0415
    from storage.schema import HEAD  # noqa: PLC0415

    if await current(settings.database_url) != HEAD:
        raise Stop("there is no database of this version at DATABASE_URL; see `python main.py migrate`")
    storage = await _open_storage(settings)
    await storage.start()
    return storage


def export(options: argparse.Namespace) -> int:
    """Write the time sheet of a period, as the chat would send it, while the service runs."""
    if options.last < options.first:
        raise Stop(f"--to {options.last} is before --from {options.first}", WRONG_USAGE)
    _run_with_result(_export(_settings(), options))
    sys.stdout.write(f"written to {options.file}\n")
    return 0


async def _export(settings: Settings, options: argparse.Namespace) -> None:
    from bot.dispatch.router import RouteTable  # noqa: PLC0415
    from bot.dispatch.undertaking import Undertaking  # noqa: PLC0415
    from bot.export import ExportError, Wanted, export  # noqa: PLC0415
    from bot.messengers import FACTS  # noqa: PLC0415
    from bot.services.approvals.seals import Seals  # noqa: PLC0415
    from bot.services.messengers import Messengers  # noqa: PLC0415
    from bot.services.wiring import House  # noqa: PLC0415
    from bot.sheets.book import Format  # noqa: PLC0415

    storage = await _storage_of_this_version(settings)
    try:
        wanted = Wanted(
            Format(options.format), options.first, options.last,
            options.department, options.person, options.portal, options.locale,
        )  # fmt: skip
        house = House(storage, Messengers(FACTS), Seals(settings.secret_key.get_secret_value()))
        undertaking = Undertaking(RouteTable(_router()), house)
        file = await export(undertaking, wanted, (options.now or datetime.now(UTC)).astimezone(UTC))
    except ExportError as error:
        raise Stop(str(error)) from None
    finally:
        await storage.close()
    options.file.write_bytes(file.content)


def understand(options: argparse.Namespace) -> int:
    """Read one message a line and print what it means."""
    from bot.understanding.cli import run  # noqa: PLC0415

    now = options.now if options.now.tzinfo else options.now.replace(tzinfo=options.zone)
    run(_lines(), _write, locale=options.locale, zone=options.zone, now=now)
    return 0


def derive_hours(options: argparse.Namespace) -> int:
    """Read punches and print the sessions that they mean."""
    from bot.audit import BadPunch, sessions_of  # noqa: PLC0415

    try:
        for session in sessions_of(_lines(), options.zone):
            _write(json.dumps(session, ensure_ascii=False) + "\n")
    except BadPunch as error:
        raise Stop(str(error), FAILED) from None
    return 0


def check_route(options: argparse.Namespace) -> int:
    """Print what a route or template does and what is wrong with it, as one JSON object."""
    from bot.domain.approvals.checking import check_text  # noqa: PLC0415

    found = check_text(_text_of(options.file), options.locale)
    _write(json.dumps(found, ensure_ascii=False) + "\n")
    return 0 if found["ok"] else FAILED


def play_route(options: argparse.Namespace) -> int:
    """Play requests on a route: read events and print the state after each."""
    from bot.domain.approvals.play import BadPlay, Player, play, read_json  # noqa: PLC0415

    try:
        route, people = (read_json(_text_of(file), str(file)) for file in (options.file, options.people))
        play(_lines(), _write_at_once, Player(route, people, options.zone))
    except BadPlay as error:
        raise Stop(str(error), FAILED) from None
    return 0


def _text_of(file: Path) -> str:
    """Return what a file says; one that cannot be read is a wrong use."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Stop(f"{file} is not a text in UTF-8", WRONG_USAGE) from None
    except OSError as error:
        raise Stop(_os_sentence(error), WRONG_USAGE) from None


def _settings(level: str | None = None) -> Settings:
    """Read the settings and begin to log: at `level` where the operator has named none."""
    settings = Settings.from_environ(env_file=Path(".env"))
    from bot.logs import set_up  # noqa: PLC0415

    if level is None or "log_level" in settings.model_fields_set:
        level = settings.log_level
    set_up(level, settings.log_format)
    return settings


def _seal(settings: Settings) -> Any:
    """Return what seals backups: the installation's secret; the sandbox keeps its own beside its database."""
    from storage.backup.seal import Seal  # noqa: PLC0415
    from storage.location import Location  # noqa: PLC0415

    secret = settings.secret_key.get_secret_value()
    path = Location.of(settings.database_url).path
    if not secret and path is not None and (kept := path.with_name("secret_key")).is_file():
        secret = kept.read_text(encoding="ascii").strip()
    return Seal(secret)


def _router() -> Any:
    from handlers import router  # noqa: PLC0415

    return router


async def _open_storage(settings: Settings) -> Any:
    from storage import open_storage  # noqa: PLC0415

    return await open_storage(settings.database_url, secret_key=settings.secret_key.get_secret_value())


async def _migration_state(settings: Settings) -> str:
    from bot.ports import NewerDatabase  # noqa: PLC0415
    from storage.backup.backup import BY_ITS_OWN  # noqa: PLC0415
    from storage.migrate import current, known_revisions  # noqa: PLC0415
    from storage.schema import HEAD  # noqa: PLC0415

    revision = await current(settings.database_url)
    if revision is None:
        return "reachable, empty; the first start fills it"
    if revision == HEAD:
        return f"reachable, at revision {revision}"
    if revision in known_revisions():
        return f"reachable, at revision {revision}; the next start brings it to {HEAD}: back up before, {BY_ITS_OWN}"
    raise NewerDatabase(f"at revision {revision}, which is newer than this program ({HEAD}): update the program")


def _stopped() -> asyncio.Event:
    """Return an event that is set by SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    return stopped


def _run(work: Coroutine[Any, Any, None]) -> int:
    from bot.logs import catch_what_escapes  # noqa: PLC0415

    catch_what_escapes()
    _run_with_result(work)
    return 0


def _run_with_result(work: Coroutine[Any, Any, Any]) -> Any:
    """Run until done; what an operator can mend is one sentence."""
    from bot.ports import NewerDatabase, WrongDatabase  # noqa: PLC0415
    from storage import BackupError, Unavailable, WrongKey  # noqa: PLC0415

    try:
        return asyncio.run(work)
    except NewerDatabase as error:
        raise Stop(str(error) or "the database was written by a newer version of Smena; update the program") from None
    except (BackupError, Unavailable, WrongDatabase, WrongKey) as error:
        raise Stop(str(error)) from None
    except OSError as error:
        raise Stop(_os_sentence(error)) from None


def _os_sentence(error: OSError) -> str:
    import errno  # noqa: PLC0415

    if error.errno == errno.EADDRINUSE:
        return "the port is taken by another program; set PORT to a free one"
    if error.errno == errno.EACCES:
        return f"permission denied: {error.filename or 'the port or file'} (this program runs as uid {os.geteuid()})"
    return f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")


def _invite(sentence: str) -> None:
    _announce(sentence)
    if sys.stdout.isatty():
        _announce("Open it in a browser; Ctrl+C ends it. LOG_LEVEL=info shows each turn here.")


def _announce(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def _lines() -> Iterable[str]:
    for line in sys.stdin:
        yield line.rstrip("\r\n")


def _write(text: str) -> None:
    sys.stdout.write(text)


def _write_at_once(text: str) -> None:
    """Write for somebody who waits for each line."""
    sys.stdout.write(text)
    sys.stdout.flush()


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write an instant such as 2026-07-15T09:00:00+03:00") from None
    return at


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write a day such as 2026-06-01") from None


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise argparse.ArgumentTypeError("write an IANA zone such as Europe/Moscow") from None


if __name__ == "__main__":
    with contextlib.suppress(AttributeError):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main())
