"""Logging: structlog, pretty on a terminal and JSON elsewhere; one canonical line a turn, and no person's words.

What libraries and Python itself log through `logging` comes out in the same form and goes by the same level.
"""

import logging
import sys
import threading
import time
from types import TracebackType
from typing import Any

import structlog

_FLOOD = 5
"""So many times a minute the same line of a library is told; how often it came besides stands in the next one."""
_MINUTE = 60.0


def set_up(level: str, log_format: str) -> None:
    """Configure logging for the whole process."""
    pretty = log_format == "console" or (not log_format and sys.stderr.isatty())
    processors: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if pretty:
        # Plain tracebacks: pretty ones show local variables, and those hold what people wrote.
        processors.append(structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback))
    else:
        processors += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    lowest = getattr(logging, level.upper())
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Our own modules tell as much as was asked for; libraries only what goes wrong. Whatever a library was given of its
    # own to write with, it writes through us.
    for name in logging.root.manager.loggerDict:
        own = logging.getLogger(name)
        own.handlers.clear()
        own.propagate = True
    logging.basicConfig(level=max(lowest, logging.WARNING), handlers=[Bridge()], force=True)
    logging.captureWarnings(capture=True)


def catch_what_escapes() -> None:
    """Log what nobody caught, which Python would write as it likes: for the whole process, until its end."""

    def tell(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None, where: str) -> None:
        if error is not None and not issubclass(kind, SystemExit | KeyboardInterrupt):
            structlog.get_logger("python").error("nobody caught it", where=where, exc_info=(kind, error, trace))

    sys.excepthook = lambda kind, error, trace: tell(kind, error, trace, "main thread")
    threading.excepthook = lambda it: tell(it.exc_type, it.exc_value, it.exc_traceback, "thread")
    sys.unraisablehook = lambda it: tell(it.exc_type, it.exc_value, it.exc_traceback, "clean-up")


class Seldom:
    """Tells when a line about refusals is due: one a minute, however many there are, for strangers write them."""

    def __init__(self) -> None:
        """Begin with one that is due."""
        self._told_at = float("-inf")

    def is_due(self) -> bool:
        """Whether to write it now; each refusal is counted by who serves the door."""
        now = time.monotonic()
        if now - self._told_at <= _MINUTE:
            return False
        self._told_at = now
        return True


class Bridge(logging.Handler):
    """Hands over to structlog what came through `logging`."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        super().__init__()
        self._told: dict[tuple[str, str], tuple[float, int]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it, unless the same line came too often within a minute."""
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            text = str(record.msg)
        left_out = self._left_out(record)
        if left_out is None:
            return
        more: dict[str, Any] = {"left_out": left_out} if left_out else {}
        if record.exc_info and record.exc_info[0] is not None:
            more["exc_info"] = record.exc_info
        structlog.get_logger(record.name).log(record.levelno, text, logger=record.name, **more)

    def _left_out(self, record: logging.LogRecord) -> int | None:
        """Return how many such lines were left out before this one; None where this one is left out as well."""
        now, key = time.monotonic(), (record.name, str(record.msg))
        began, count = self._told.get(key, (now, 0))
        if now - began >= _MINUTE:
            began, left_out, count = now, max(count - _FLOOD, 0), 0
        else:
            left_out = 0
        if len(self._told) > 1_000:
            self._told.clear()
        self._told[key] = (began, count + 1)
        return left_out if count < _FLOOD else None

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Say nothing: a log that cannot be written has nowhere to say so."""
