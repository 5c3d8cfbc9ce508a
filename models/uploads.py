"""The files of uploads that the database knows of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bank_returns import BankReturnFile
from models.bulk import BulkRun
from models.carrier_invoices import CarrierInvoice


async def named_files(session: AsyncSession) -> set[str]:
    """The names of all files that a run, whatever became of it, an invoice or a bank's return file
    names, without their folder, which may have moved since, and as they were before packing."""
    paths = [path for path in await session.exec(select(CarrierInvoice.file_path)) if path]
    paths += await session.exec(select(BankReturnFile.path))
    for told in await session.exec(select(col(BulkRun.parameters))):
        paths += _paths_in(told)
    return {PurePath(path).name.removesuffix(".gz") for path in paths}


def _paths_in(parameters: Mapping[str, Any]) -> Iterator[str]:
    for file in (parameters.get("file"), *parameters.get("files", ())):
        if isinstance(file, Mapping) and file.get("path"):
            yield str(file["path"])
