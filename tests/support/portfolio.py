"""Portfolio files of a test's own making, and an import of them without an engine."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlmodel import select

from activities.import_requests import begin_import
from activities.import_work import ImportRef, ImportWork, UploadedFile
from models.bulk import BulkError, BulkRun
from models.database import Database
from rules.runs import UNDER_WAY

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)

CUSTOMERS = [
    {"codigo": "C1", "nome": "Ana Souza", "cpf_cnpj": "529.982.247-25", "cidade": "Recife"},
    {"codigo": "C2", "nome": "João Lima", "cpf_cnpj": "111.444.777-35", "cidade": "Olinda"},
]


def an_invoice(code: str = "F1", **values: str) -> dict[str, str]:
    """A row of invoices with what it must have."""
    row = {"codigo": code, "cliente": "C1", "vencimento": "05/10/2026", "valor": "1.234,56"}
    return row | values


def a_payment(code: str = "P1", **values: str) -> dict[str, str]:
    """A row of payments with what it must have."""
    row = {"codigo": code, "fatura": "F1", "valor": "1.234,56", "pago_em": "13/11/2026"}
    return row | values


def an_agreement(code: str = "AC1", **values: str) -> dict[str, str]:
    """A row of agreements with what it must have: two instalments, until the end of the year."""
    row = {
        "codigo": code, "cliente": "C1", "tipo": "nova proposta", "tolerancia": "31/12/2026",
        "categoria": "A0", "faturas": "P1|P2", "originais": "F1",
    }  # fmt: skip
    return row | values


def write_csv(
    path: Path, rows: Sequence[Mapping[str, str]], *, encoding: str = "utf-8", separator: str = ";"
) -> Path:
    """This will write rows that all have the first one's columns."""
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    return path


def uploaded(path: Path, kind: str = "") -> UploadedFile:
    """A file as if it had been uploaded: a copy, since an import deletes what it has written."""
    content = path.read_bytes()
    kept = path.with_name(f"{uuid4().hex}.csv")
    kept.write_bytes(content)
    return UploadedFile(str(kept), path.name, sha256(content).hexdigest(), len(content), kind)


async def import_files(
    database: Database, *paths: Path, page_size: int = 5_000, **options: Any
) -> BulkRun:
    """This will import files to the end, without an engine."""
    async with database.write() as session:
        files = [uploaded(path) for path in paths]
        run = await begin_import(
            session, files, is_dry_run=options.get("is_dry_run", False), by="ana", at=AT
        )
    return await carry_on(database, run, page_size=page_size)


async def carry_on(database: Database, run: BulkRun, *, page_size: int = 5_000) -> BulkRun:
    """This will do what the workflow of an import does."""
    work, reference = ImportWork(database, page_size=page_size), ImportRef(run.id or 0)
    if await work.inspect(reference, at=AT) in UNDER_WAY:
        await work.write(reference, at=AT)
    async with database.read() as session:
        ended = await session.get(BulkRun, run.id)
    assert ended is not None
    return ended


async def errors_of(database: Database, run: BulkRun) -> list[tuple[int, str, str]]:
    """Line, field and code of everything that was wrong."""
    async with database.read() as session:
        statement = select(BulkError).where(BulkError.run_id == run.id).order_by(BulkError.id)  # type: ignore[arg-type]
        return [(e.line, e.field, e.code) for e in await session.exec(statement)]
