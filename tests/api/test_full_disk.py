"""A disk that is full: whoever sends a file is told, and nothing of the file stays on it."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import obstore
import pytest

from models.attachments import Attachment
from models.bulk import BulkRun
from tests.api.test_attachments import an_account, path_of, sent
from tests.support.web import Web

ROWS = b"codigo;nome\n" + b"C1;Ana\n" * 1000


class FullDisk:
    """A file of which a part fits."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")

    def __enter__(self) -> FullDisk:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, chunk: bytes) -> int:
        self.file.write(chunk[:100])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class FullPath(type(Path())):  # type: ignore[misc]
    """The path of such a file."""

    def open(self, *_: Any, **__: Any) -> Any:
        return FullDisk(Path(self))


async def test_an_import_that_does_not_fit_leaves_nothing_and_is_told(
    web: Web, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, program = await web.browser("*"), await web.program("*")
    full = settings.model_copy(update={"data": FullPath(settings.data)})
    web.app.state.settings = full

    by_page = await browser.post(
        "/importacoes", files={"files": ("c.csv", ROWS)}, data={"kind": "customers"}
    )
    by_program = await program.post("/api/imports?kind=customers", files={"files": ("c.csv", ROWS)})

    assert by_page.status_code == 503
    assert "Não há espaço em disco" in by_page.text
    assert (by_program.status_code, by_program.json()["code"]) == (503, "StorageFull")
    assert list((Path(settings.data) / "uploads").iterdir()) == []
    assert await web.rows(BulkRun) == []


async def test_an_attachment_that_does_not_fit_is_told_beside_its_field(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def put(*_: object) -> None:
        raise obstore.exceptions.GenericError(
            "Generic LocalFileSystem error: Unable to copy data to file: No space left on device "
            "(os error 28)"
        )

    monkeypatch.setattr(obstore, "put_async", put)
    customer = await an_account(web)
    browser, program = await web.browser("*"), await web.program("*")

    by_page = await browser.post(path_of(customer), files=sent())
    by_program = await program.post(
        f"/api/collections/customers/{customer}/attachments", files=sent()
    )

    assert by_page.status_code == 503
    assert "Não há espaço em disco" in by_page.text
    assert (by_program.status_code, by_program.json()["code"]) == (503, "StorageFull")
    assert await web.rows(Attachment) == []
