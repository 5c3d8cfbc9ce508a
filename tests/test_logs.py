"""The log tells what happened and never whom it happened to."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

import logs
from settings import Settings

pytestmark = pytest.mark.once

PERSONAL = {
    "CPF": "529.982.247-25",
    "CPF without dots": "529982247-25",
    "CPF in digits": "52998224725",
    "CNPJ": "11.222.333/0001-81",
    "CNPJ in digits": "11222333000181",
    "CNPJ with letters": "12.ABC.345/01DE-35",
    "CNPJ with letters, bare": "12ABC34501DE35",
    "e-mail": "maria.silva+fatura@exemplo.com.br",
    "mobile": "(11) 98765-4321",
    "mobile without brackets": "11 98765-4321",
    "mobile in digits": "11987654321",
    "landline": "(11) 3456-7890",
    "phone as stored": "+5511987654321",
    "phone as dialled": "+55 (11) 98765-4321",
    "phone without plus": "5511987654321",
}

HARMLESS = [
    "invoice 4711 settled with R$ 1.234.567,89 on 2026-11-20",
    "2026-11-20T10:15:00.123456Z",
    "20261120101500",
    "1795313681777",
    "request 8c5e1f3a-1234-5678-9012-123456789012",
    "6f1d2c3b4a5968778695a4b3c2d1e0f1",
    "GET /cobrancas/contas/123456 200 12ms",
    "127.0.0.1:18000 http://localhost:8000/health",
    "collections/1234567890 epoch 3",
    "total 12345678901,50",
    "temporalio 1.35.0 ABCDEFGHIJKL12",
]

Read = Callable[[], str]


@pytest.fixture
def read_log(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Read]:
    """The log set up as JSON (or as the test says), and what was written since."""
    json_wanted = getattr(request, "param", True)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()  # pytest's, which set_up would close
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.set_up(Settings(data=tmp_path, log_json=json_wanted), part="worker")
    yield written.getvalue
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.mark.parametrize("text", PERSONAL.values(), ids=PERSONAL.keys())
def test_personal_data_in_a_text_are_hidden(text: str) -> None:
    assert logs.mask_text(f"before {text}, after") == "before ***, after"
    assert logs.mask_text(f"value={text}") == "value=***"
    assert logs.mask_text(f'{{"x": "{text}"}}') == '{"x": "***"}'


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_not_personal_stays_readable(text: str) -> None:
    assert logs.mask_text(text) == text


@pytest.mark.parametrize("read_log", [True, False], indirect=True)
@pytest.mark.parametrize("text", PERSONAL.values(), ids=PERSONAL.keys())
def test_no_way_into_the_log_lets_personal_data_pass(read_log: Read, text: str) -> None:
    log = structlog.get_logger("acerto.test")

    log.info("sent to %s", text)
    log.info("sent", subject=text, nested={"list": [text, {"deep": text}]})
    logging.getLogger("library").warning("sent to %s", text)
    logging.getLogger("library").warning("sent", extra={"recipient": text})
    try:
        fail(text)
    except ValueError:
        log.exception("failed")
        logging.getLogger("library").exception("failed")

    written = read_log()
    assert text not in written
    assert written.count("ValueError") >= 2


def fail(text: str) -> None:
    raise ValueError(text)


@pytest.mark.parametrize(
    "key", ["cpf", "customer_document", "Email", "phone", "telefone", "password", "api.token"]
)
def test_what_a_key_calls_personal_is_hidden_whatever_it_looks_like(
    read_log: Read, key: str
) -> None:
    structlog.get_logger("acerto.test").info("seen", **{key: "anything"})

    assert json.loads(read_log())[key] == "***"


def test_a_number_that_is_a_cpf_is_hidden_and_others_stay_numbers(read_log: Read) -> None:
    structlog.get_logger("acerto.test").info("seen", value=52998224725, count=3, ratio=0.5)

    line = json.loads(read_log())
    assert (line["value"], line["count"], line["ratio"]) == ("***", 3, 0.5)


def test_every_line_says_when_what_where_and_for_whom(read_log: Read) -> None:
    with logs.context(request_id="r-1", actor="ana"):
        logging.getLogger("library").warning("seen")
    structlog.get_logger("acerto.test").info("later")

    inside, outside = (json.loads(line) for line in read_log().splitlines())
    assert inside["event"] == "seen"
    assert inside["level"] == "warning"
    assert inside["logger"] == "library"
    assert inside["part"] == "worker"
    assert inside["timestamp"].endswith("Z")
    assert (inside["request_id"], inside["actor"]) == ("r-1", "ana")
    assert "request_id" not in outside


def test_clients_that_write_every_address_are_quiet(read_log: Read) -> None:
    for name in ("httpx", "httpx2", "httpcore"):
        logging.getLogger(name).info("GET https://example.com/?cpf=1")

    assert read_log() == ""
