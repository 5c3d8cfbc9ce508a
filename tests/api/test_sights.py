"""Who saw what: a customer once an hour, documents shown whole, and every list taken away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from api import sights
from models.people import AuditEntry
from tests.support.collections import a_debtor
from tests.support.web import Web

SEES = ("collections.account:see", "collections.negotiating:see", "customers:see")


async def trail(web: Web) -> list[tuple[str, str, str, dict]]:
    """What was seen, in its order."""
    async with web.database.read() as session:
        statement = select(AuditEntry).order_by(col(AuditEntry.id))
        return [
            (each.action, each.subject, each.by, each.details)
            for each in await session.exec(statement)
            if each.action.endswith((".see", ".download"))
        ]


async def test_a_customers_page_is_told_once_an_hour_to_each_person(web: Web) -> None:
    customer = (await a_debtor(web, "negotiating"))["customer"]
    ana, bia = await web.browser(*SEES, login="ana"), await web.browser(*SEES, login="bia")
    program = await web.program(*SEES)
    subject = f"customer/{customer}"

    for browser in (ana, ana, bia):
        assert (await browser.get(f"/cobrancas/contas/{customer}")).status_code == 200
    await ana.get(f"/clientes/{customer}")
    await program.get(f"/api/customers/{customer}")
    web.now += timedelta(hours=1)
    await ana.get(f"/cobrancas/contas/{customer}")

    assert await trail(web) == [
        ("customer.see", subject, "ana", {}), ("customer.see", subject, "bia", {}),
        ("customer.see", subject, "robo", {}), ("customer.see", subject, "ana", {}),
    ]  # fmt: skip


async def test_what_is_not_found_or_not_allowed_was_not_seen(web: Web) -> None:
    customer = (await a_debtor(web, "negotiating"))["customer"]
    browser, stranger = await web.browser(*SEES), await web.browser("tasks:see", login="rui")

    await browser.get("/cobrancas/contas/999")
    await stranger.get(f"/cobrancas/contas/{customer}")

    assert await trail(web) == []


async def test_documents_shown_whole_are_told_by_list_not_by_row(web: Web) -> None:
    for _ in range(3):
        await a_debtor(web, "negotiating")
    masked = await web.browser(*SEES, login="ana")
    whole = await web.browser(*SEES, "documents:whole", login="gil")
    path = "/cobrancas/fila"

    for browser in (masked, whole, whole):
        assert (await browser.get(path)).status_code == 200

    assert await trail(web) == [
        ("document.see", "", "gil", {"place": path, "documents": 3}),
    ]  # fmt: skip


async def test_every_list_taken_away_is_told_with_its_rows_but_not_with_names(web: Web) -> None:
    for _ in range(3):
        await a_debtor(web, "negotiating")
    browser = await web.browser(*SEES)
    path = "/cobrancas/fila?formato=csv&busca=ana&etapa=negotiating"

    lines = [(await browser.get(path)).text.count("\n") - 1 for _ in range(2)]

    found = await trail(web)
    assert [each[:3] for each in found] == [("export.download", "", "ana")] * 2
    assert [each[3]["lines"] for each in found] == lines
    assert found[0][3]["filter"] == "etapa=negotiating"


async def test_the_trail_is_narrowed_to_what_was_seen(web: Web) -> None:
    customer = (await a_debtor(web, "negotiating"))["customer"]
    auditor = await web.browser(*SEES, "audit:see", login="lia")
    await auditor.get(f"/cobrancas/contas/{customer}")
    path = "/pessoas/auditoria"

    seen = (await auditor.get(path, params={"tipo": "visto"})).text
    done = (await auditor.get(path, params={"tipo": "feito"})).text

    assert (f"Cliente {customer}" in seen, f"Cliente {customer}" in done) == (True, False)


async def test_what_the_database_refused_is_written_when_it_is_looked_at_again(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = (await a_debtor(web, "negotiating"))["customer"]
    ana = await web.browser(*SEES, login="ana")

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr(sights, "audit", refuse)
        await ana.get(f"/cobrancas/contas/{customer}")
    assert await trail(web) == []

    await ana.get(f"/cobrancas/contas/{customer}")

    assert await trail(web) == [("customer.see", f"customer/{customer}", "ana", {})]
