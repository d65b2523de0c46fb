"""Logging: structlog, pretty on a terminal and JSON elsewhere; one canonical line a turn, and no person's words."""

import logging
import sys
from typing import Any

import structlog


def set_up(level: str, log_format: str) -> None:
    """Configure logging for the whole process."""
    pretty = log_format == "console" or (not log_format and sys.stderr.isatty())
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if pretty:
        # Plain tracebacks: pretty ones show local variables, and those hold what people wrote.
        processors.append(structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback))
    else:
        processors += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
