"""Files that were sent: refused, they leave nothing behind; sent again, they are kept once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.bulk import BulkRun
from models.contestations import Contestation
from rules.carrier_samples import file_of, make_sample
from tests.api.test_carriers import set_up, work_off
from tests.support.web import Web

KEY = {"Idempotency-Key": "uma vez"}
CUSTOMERS = ("c.csv", b"codigo;nome\nC1;Ana\n", "text/csv")


def kept(settings: Any) -> list[str]:
    """What lies among the uploads."""
    folder = Path(settings.data) / "uploads"
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


@pytest.fixture
async def invoice(web: Web) -> tuple[str, bytes, str]:
    """A carrier's file whose invoice is here and is contested with success."""
    sample = make_sample()
    await set_up(web, sample)
    file = ("fatura.txt", file_of(sample.bill, "febraban_v3r0"), "text/plain")
    program = await web.program("*", login="primeira")
    await program.post("/api/carrier-files", files={"file": file})
    await work_off(web)
    async with web.database.write() as session:
        session.add(
            Contestation(
                invoice_id=1, account_id=1, carrier_id=1, customer_id=1, claimed=1, accepted=1,
                stage="awaiting_credit", stage_on=web.now.date(), made_at=web.now, made_by="ana",
            )
        )  # fmt: skip
    return file


async def test_a_refused_carriers_file_is_gone_by_page_and_program(
    web: Web, settings: Any, invoice: tuple[str, bytes, str]
) -> None:
    program, browser = await web.program("*"), await web.browser("*")
    before, why = kept(settings), {"reason": "corrigida"}
    other = ("outra.txt", file_of(make_sample(1).bill, "febraban_v3r0"), "text/plain")

    answers = [
        await program.post("/api/carrier-files", files={"file": invoice}),
        await browser.post("/operadoras/faturas", files={"files": invoice}),
        await program.post(
            "/api/carrier-invoices/1/replacement", files={"file": other}, data=why
        ),
        await browser.post(
            "/operadoras/faturas/1/substituicao", files={"files": other}, data=why
        ),
    ]  # fmt: skip

    assert [each.status_code for each in answers] == [409, 409, 422, 422]
    assert kept(settings) == before


async def test_a_file_that_is_too_large_takes_the_others_with_it(
    web: Web, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.import_uploads.MAX_BYTES", 30)
    program, browser = await web.program("*"), await web.browser("*")
    large = ("grande.csv", b"codigo;nome\n" + b"C1;Ana\n" * 9, "text/csv")
    sent = [("files", CUSTOMERS), ("files", large)]

    answers = [
        await program.post("/api/imports", files=sent),
        await browser.post("/importacoes", files=sent, data={"kind": ""}),
    ]

    assert [each.status_code for each in answers] == [422, 422]
    assert await web.rows(BulkRun) == []
    assert kept(settings) == []


async def test_what_is_sent_twice_under_one_name_is_kept_once(
    web: Web, settings: Any, invoice: tuple[str, bytes, str]
) -> None:
    program, before = await web.program("*"), len(kept(settings))
    assert invoice

    for path, name in (("/api/imports", "files"), ("/api/carrier-files", "file")):
        content = b"%PDF" + path.encode()
        for _ in range(2):
            answer = await program.post(path, files={name: ("a.csv", content)}, headers=KEY)
            assert answer.status_code == 201, answer.text

    assert len(kept(settings)) == before + 2
