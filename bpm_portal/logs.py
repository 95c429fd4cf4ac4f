"""How the portal logs: lines for people or JSON for machines, each with its request, task and user."""

import re
from typing import Any

import structlog

PLAIN, JSON = "plain", "json"

COMMON: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
]


def without_colours(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Drop the second copy of each message that uvicorn sends along for terminals."""
    event.pop("color_message", None)
    return event


#: The secret of an address below `/links/` (notifications/link_urls.py), also where it stands in the query of another.
SECRET = re.compile(r"((?:/|%2F)links(?:/|%2F)[a-z-]+(?:/|%2F))(?:(?!%2F)[^/?&#\s\"'<>])+", re.IGNORECASE)


def without_secrets(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Hide what is as good as a password: whoever reads the log must not be able to follow such a link."""
    for name, value in event.items():
        if isinstance(value, str) and "links" in value:
            event[name] = SECRET.sub(r"\1***", value)
    return event


LAST: dict[str, list[Any]] = {
    PLAIN: [
        structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ],
    JSON: [
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
}


def logging_config(*, level: str, form: str) -> dict[str, Any]:
    """Set up structlog, and return Django's LOGGING: everything from `level` up to the console.

    `form` is `plain` or `json`. Raises ValueError for another one.
    """
    if form not in LAST:
        raise ValueError(f"LOG_FORMAT is {' or '.join(LAST)}, not {form}.")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *COMMON,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*COMMON, structlog.stdlib.ExtraAdder(), without_colours],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_secrets,
            *LAST[form],
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Said once and better by django_structlog: with who asked for what, in one line a request.
            "django.request": {"level": "CRITICAL"},
            # The beat ticks every second; only what fails is worth a line, and Celery says that itself.
            "django_structlog.celery": {"level": "CRITICAL"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            # They come with handlers of their own.
            "uvicorn": {"handlers": [], "propagate": True, "level": level},
            "uvicorn.access": {"handlers": [], "propagate": True},
        },
    }
