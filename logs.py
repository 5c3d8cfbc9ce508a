"""Logging: one line an event, JSON or console, without personal data (LGPD).

Everything goes through the standard library's logging, so that our lines, Uvicorn's, Temporal's and
SQLAlchemy's look alike and are masked alike.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog
from stdnum.br import cnpj
from structlog.typing import Processor

from settings import Settings

HIDDEN = "***"

#: A key with one of these words has its value hidden, whatever it looks like.
PERSONAL_WORDS = frozenset(
    {"cpf", "cnpj", "document", "doc", "email", "phone", "telephone", "telefone", "celular"}
    | {"mobile", "whatsapp", "password", "senha", "token", "secret", "authorization", "cookie"}
)

#: They say every step, or every address they call, query strings included.
TALKATIVE = (
    "aiosqlite",
    "alembic",
    "asyncio",
    "httpcore",
    "httpcore2",
    "httpx",
    "httpx2",
    "mail.log",
)

#: Texts that say a person's document, address or number by their form alone.
PERSONAL_TEXTS = re.compile(
    r"""
      [\w.+%-]+@[\w-]+(?:\.[\w-]+)+                         # e-mail
    | (?<!\w)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)                # CPF 529.982.247-25
    | (?<!\w)\d{9}-\d{2}(?!\w)                              # CPF 529982247-25
    | (?<!\w)[\dA-Z]{2}\.[\dA-Z]{3}\.[\dA-Z]{3}/[\dA-Z]{4}-\d{2}(?!\w)   # CNPJ
    | \+\d{1,3}[\s()-]*\d(?:[\s()-]*\d){8,12}(?!\d)         # +55 (11) 98765-4321
    | \(\d{2}\)\s?9?\d{4}[\s-]?\d{4}(?!\w)                  # (11) 98765-4321
    | (?<![\w-])\d{2}\s9?\d{4}[\s-]?\d{4}(?![\w-])          # 11 98765-4321
    | (?<![\w.-])55[1-9]\d{9,10}(?![\w.-])                  # 5511987654321
    | (?<![\w-])\d{11}(?![\w-]|[.,]\d)                      # CPF or mobile, nothing but digits
    """,
    re.VERBOSE,
)
#: The row that PostgreSQL refused, with all its values.
ROW_TOLD = re.compile(r"^DETAIL: .*?(?=\n\[SQL|\n\n|\Z)", re.MULTILINE | re.DOTALL)
#: A CNPJ without punctuation looks like a reference number or an instant: its digits decide.
BARE_CNPJ = re.compile(r"(?<!\w)[\dA-Z]{12}\d{2}(?!\w)")


def set_up(settings: Settings, *, part: str) -> None:
    """This will send the log of this process, named `part`, to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(part),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(shared, json=settings.log_json))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    _quieten()


def formatter(shared: list[Processor], *, json: bool) -> logging.Formatter:
    """This will render a line; personal data are hidden last, exceptions included."""
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask,
            renderer,
        ],
    )


def context(*, request_id: str, actor: str | None = None) -> AbstractContextManager[None]:
    """Within it, every log line says which request and whose; journeys and activities too."""
    bound = {"request_id": request_id} | ({"actor": actor} if actor else {})
    return structlog.contextvars.bound_contextvars(**bound)


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """This will hide CPF, CNPJ, e-mail, telephone and secrets, by key and by form."""
    for key, value in event.items():
        event[key] = _masked(key, value)
    return event


def mask_text(text: str) -> str:
    """This will hide what in a text looks like a person's document, address or number, and the
    row that a database tells of."""
    text = PERSONAL_TEXTS.sub(HIDDEN, ROW_TOLD.sub(f"DETAIL: {HIDDEN}", text))
    return BARE_CNPJ.sub(lambda m: HIDDEN if cnpj.is_valid(m.group()) else m.group(), text)


def _masked(key: str, value: Any) -> Any:
    if value is not None and PERSONAL_WORDS.intersection(re.split(r"[\W_]+", key.lower())):
        return HIDDEN
    if isinstance(value, str):
        return value if key == "timestamp" else mask_text(value)
    if isinstance(value, Mapping):
        return {name: _masked(str(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked("", item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    shown = mask_text(str(value))
    return value if shown == str(value) else HIDDEN


def _named(part: str) -> Processor:
    def name_part(
        _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        event["part"] = part
        return event

    return name_part


def _quieten() -> None:
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
