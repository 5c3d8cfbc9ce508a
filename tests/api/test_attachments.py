"""Attachments of an account: sent, kept once, told, given back as files, deleted for a reason."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from models.attachments import Attachment
from models.cases import CaseEvent, open_case
from models.customers import Customer
from models.people import AuditEntry
from rules.cases import Process
from tests.support.web import Web

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
SEES, ACTS = "collections.account:see", "collections.account:act"


async def an_account(web: Web, code: str = "C-1") -> int:
    """A customer with a case in collections; gives the customer's id."""
    async with web.database.write() as session:
        customer = Customer(code=code, name="Maria", document="52998224725", created_at=web.now)
        session.add(customer)
        await session.flush()
        await open_case(
            session, process=Process.COLLECTIONS, subject_id=customer.id or 0,
            customer_id=customer.id, stage="negotiating", by="system",
            at=datetime(2026, 11, 1, tzinfo=UTC),
        )  # fmt: skip
        return customer.id or 0


def path_of(customer_id: int) -> str:
    return f"/cobrancas/contas/{customer_id}/anexos"


def sent(name: str = "recibo.pdf", content: bytes = PDF) -> dict[str, tuple[str, bytes, str]]:
    return {"file": (name, content, "application/octet-stream")}


async def rows(web: Web) -> list[Attachment]:
    async with web.database.read() as session:
        return list(await session.exec(select(Attachment).order_by(Attachment.id)))


def kept_files(web: Web) -> list[Path]:
    folder = web.app.state.settings.data.absolute() / "attachments"
    return [each for each in folder.rglob("*") if each.is_file()]


async def test_a_file_is_attached_described_and_given_back(web: Web) -> None:
    customer = await an_account(web)
    browser = await web.browser(SEES, ACTS, name="Ana Reis")

    answer = await browser.post(
        path_of(customer), files=sent("../Recibo março.pdf"), data={"description": "Pago no caixa"}
    )

    assert answer.status_code == 303
    [row] = await rows(web)
    assert (row.name, row.description, row.added_by) == ("Recibo março.pdf", "Pago no caixa", "ana")
    assert row.sha256 == hashlib.sha256(PDF).hexdigest()
    page = (await browser.get(path_of(customer))).text
    assert "Pago no caixa" in page
    assert ", Ana Reis</dd>" in (await browser.get(f"{path_of(customer)}/{row.id}")).text
    file = await browser.get(f"{path_of(customer)}/{row.id}/arquivo")
    assert file.content == PDF
    assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Recibo%20")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-type"] == "application/pdf"


async def test_what_is_attached_stands_in_history_and_trail(web: Web) -> None:
    customer = await an_account(web)
    browser = await web.browser(SEES, ACTS)

    await browser.post(path_of(customer), files=sent())

    async with web.database.read() as session:
        kinds = list(await session.exec(select(CaseEvent.kind)))
        [entry] = (await session.exec(select(AuditEntry).order_by("id"))).all()
    assert set(kinds) == {"opened", "attachment_added"}
    assert (entry.action, entry.subject) == ("attachment.added", f"collections/{customer}")
    history = (await browser.get(f"/cobrancas/contas/{customer}/historico")).text
    assert "Anexou o arquivo recibo.pdf." in history


async def test_a_file_that_is_something_else_is_refused_beside_its_field(web: Web) -> None:
    customer = await an_account(web)
    browser = await web.browser(SEES, ACTS)

    program = await browser.post(path_of(customer), files=sent("recibo.pdf", b"MZ\x90\x00" * 9))
    nothing = await browser.post(path_of(customer), data={"description": "x"})

    assert (program.status_code, nothing.status_code) == (422, 422)
    assert 'id="e-file"' in program.text
    assert 'id="e-file"' in nothing.text
    assert await rows(web) == []
    assert kept_files(web) == []


async def test_the_same_bytes_are_kept_once_and_go_with_the_last_that_names_them(web: Web) -> None:
    first, second = await an_account(web), await an_account(web, "C-2")
    browser = await web.browser(SEES, ACTS)
    for customer in (first, second):
        await browser.post(path_of(customer), files=sent())
    assert len(kept_files(web)) == 1
    one, two = await rows(web)

    await browser.post(f"{path_of(first)}/{one.id}/exclusao", data={"reason": "Cliente errado"})
    assert len(kept_files(web)) == 1
    await browser.post(f"{path_of(second)}/{two.id}/exclusao", data={"reason": "Cliente errado"})

    assert kept_files(web) == []
    assert [row.deleted_reason for row in await rows(web)] == ["Cliente errado"] * 2
    assert (await browser.get(f"{path_of(first)}/{one.id}/arquivo")).status_code == 404


async def test_deleting_asks_for_a_reason(web: Web) -> None:
    customer = await an_account(web)
    browser = await web.browser(SEES, ACTS)
    await browser.post(path_of(customer), files=sent())
    [row] = await rows(web)

    answer = await browser.post(f"{path_of(customer)}/{row.id}/exclusao", data={"reason": " "})

    assert answer.status_code == 422
    assert "Diga por que o anexo é excluído." in answer.text
    assert len(kept_files(web)) == 1


async def test_a_file_is_not_reached_through_another_account(web: Web) -> None:
    mine, other = await an_account(web), await an_account(web, "C-2")
    browser = await web.browser(SEES, ACTS)
    await browser.post(path_of(mine), files=sent())
    [row] = await rows(web)

    assert (await browser.get(f"{path_of(other)}/{row.id}")).status_code == 404
    assert (await browser.get(f"{path_of(other)}/{row.id}/arquivo")).status_code == 404


async def test_a_description_is_written_anew(web: Web) -> None:
    customer = await an_account(web)
    browser = await web.browser(SEES, ACTS)
    await browser.post(path_of(customer), files=sent())
    [row] = await rows(web)

    await browser.post(f"{path_of(customer)}/{row.id}/descricao", data={"description": "Recibo"})

    assert [each.description for each in await rows(web)] == ["Recibo"]


async def test_programs_attach_list_fetch_and_delete(web: Web) -> None:
    customer = await an_account(web)
    program = await web.program(SEES, ACTS)
    path = f"/api/collections/customers/{customer}/attachments"

    made = await program.post(path, files=sent(), params={"description": "Recibo"})
    [listed] = (await program.get(path)).json()
    fetched = await program.get(f"{path}/{made.json()['id']}")
    unreasoned = await program.delete(f"{path}/{made.json()['id']}", params={"reason": ""})
    gone = await program.delete(f"{path}/{made.json()['id']}", params={"reason": "Engano"})

    assert made.status_code == 201
    assert (listed["name"], listed["description"]) == ("recibo.pdf", "Recibo")
    assert fetched.content == PDF
    assert (unreasoned.status_code, gone.status_code) == (422, 204)
    assert (await program.get(path)).json() == []


async def test_whoever_only_sees_attaches_nothing(web: Web) -> None:
    customer = await an_account(web)
    browser = await web.browser(SEES)

    assert "Anexar arquivo" not in (await browser.get(path_of(customer))).text
    assert (await browser.post(path_of(customer), files=sent())).status_code == 403


async def test_a_program_describes_a_file_anew(web: Web) -> None:
    customer = await an_account(web)
    program = await web.program(SEES, ACTS)
    files = f"/api/collections/customers/{customer}/attachments"
    made = (await program.post(files, files=sent())).json()

    said = await program.put(f"{files}/{made['id']}/description", json={"description": "Recibo"})
    missing = await program.put(f"{files}/99/description", json={"description": "Recibo"})

    assert (said.status_code, missing.status_code) == (204, 404)
    assert [row.description for row in await rows(web)] == ["Recibo"]


@pytest.mark.parametrize(
    "files",
    [
        "/api/collections/customers/99/attachments", "/api/contracts/99/attachments",
        "/api/tickets/99/attachments", "/api/contestations/99/attachments",
    ],
)  # fmt: skip
async def test_nothing_is_attached_to_what_does_not_exist(web: Web, files: str) -> None:
    program, browser = await web.program("*"), await web.browser("*")

    refused = await program.post(files, files=sent())
    unread = await program.get(files)
    by_page = await browser.post("/contratos/99/anexos", files=sent())

    assert (refused.status_code, unread.status_code, by_page.status_code) == (404, 404, 404)
    assert await rows(web) == []
    assert kept_files(web) == []
