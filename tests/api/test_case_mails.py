"""Answers by mail in a case, as page and JSON: for whoever may see the case, and nobody else."""

from __future__ import annotations

from email.message import EmailMessage

from activities.inbound_mail import handle, keep
from models.messages import Message
from settings import Settings
from tests import builders
from tests.support.web import Web

OURS = "<ours@acerto.localhost>"
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF"


async def an_answer(web: Web, settings: Settings) -> tuple[int, int]:
    """Maria answers a letter of her case, with two files; gives the case and the mail."""
    async with web.database.write() as session:
        await builders.a_user(session, "ana")
        maria = await builders.a_customer(session, name="Maria", email="maria@exemplo.test")
        case = await builders.a_collections_case(session, maria, at=web.now)
        session.add(
            Message(
                key="cadence/email", case_id=case.id, customer_id=maria.id, channel="email",
                purpose="contact_cadence_1", to_address="maria@exemplo.test", status="sent",
                not_before=web.now, created_at=web.now, created_by="system", provider_id=OURS,
            )
        )  # fmt: skip
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Maria <maria@exemplo.test>", "RE: fatura"
    mail["Message-ID"], mail["In-Reply-To"] = "<1@exemplo.test>", OURS
    mail.set_content("Segue o <b>comprovante</b>")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="conta.pdf")
    mail.add_attachment(b"MZ", maintype="application", subtype="x", filename="vírus.exe")
    mail_id = await keep(
        web.database, mail.as_bytes(), sender="maria@exemplo.test",
        recipient="suporte@acerto.localhost", at=web.now,
    )  # fmt: skip
    await handle(web.database, settings, mail_id, at=web.now)
    return case.number, mail_id


async def test_who_may_see_the_case_reads_what_was_written(web: Web, settings: Settings) -> None:
    case_id, mail_id = await an_answer(web, settings)
    browser = await web.browser("collections.account:see", login="bia")
    place = f"/casos/{case_id}/emails/{mail_id}"

    history = (await browser.get(f"/casos/{case_id}")).text
    shown = (await browser.get(place)).text
    file = await browser.get(f"{place}/arquivos/1")
    refused = await browser.get(f"{place}/arquivos/2")

    assert f'href="{place}"' in history
    assert "Resposta por e-mail, de maria@exemplo.test" in history
    assert "&lt;b&gt;comprovante" in shown
    assert ("arquivos/1" in shown, "arquivos/2" in shown, "vírus.exe" in shown) == (
        True, False, True,
    )  # fmt: skip
    assert (file.content.startswith(b"%PDF"), file.headers["x-content-type-options"]) == (
        True, "nosniff",
    )  # fmt: skip
    assert file.headers["content-disposition"].startswith("attachment")
    assert refused.status_code == 422


async def test_programs_read_the_same(web: Web, settings: Settings) -> None:
    case_id, mail_id = await an_answer(web, settings)
    program = await web.program("collections.account:see")
    place = f"/api/cases/{case_id}/mails"

    listed = (await program.get(place)).json()["items"]
    whole = (await program.get(f"{place}/{mail_id}")).json()
    file = await program.get(f"{place}/{mail_id}/files/1")
    missing = [
        (await program.get(path)).status_code
        for path in (f"{place}/{mail_id}/files/9", f"{place}/999", "/api/cases/999/mails")
    ]

    assert [each["id"] for each in listed] == [mail_id]
    assert whole["text"] == "Segue o <b>comprovante</b>"
    assert [(each["name"], each["media_type"]) for each in whole["files"]] == [
        ("conta.pdf", "application/pdf"), ("vírus.exe", None),
    ]  # fmt: skip
    assert (file.status_code, missing) == (200, [404, 404, 404])


async def test_nobody_else_reads_it(web: Web, settings: Settings) -> None:
    case_id, mail_id = await an_answer(web, settings)
    browser = await web.browser("tickets:see", login="leo")
    program = await web.program("contracts:see")

    answers = [
        await browser.get(f"/casos/{case_id}/emails/{mail_id}"),
        await browser.get(f"/casos/{case_id}/emails/{mail_id}/arquivos/1"),
        await program.get(f"/api/cases/{case_id}/mails"),
        await program.get(f"/api/cases/{case_id}/mails/{mail_id}"),
        await program.get(f"/api/cases/{case_id}/mails/{mail_id}/files/1"),
    ]

    assert [each.status_code for each in answers] == [403] * 5


async def test_support_reads_no_mail_of_a_case_that_it_may_not_see(
    web: Web, settings: Settings
) -> None:
    _case_id, mail_id = await an_answer(web, settings)
    support = await web.browser("tickets:see", login="sol")
    both = await web.browser("tickets:see", "collections.account:see", login="bia")
    page = f"/chamados/emails/{mail_id}"

    for by, listed, status in ((support, False, 403), (both, True, 200)):
        assert (f'href="{page}"' in (await by.get("/chamados/emails")).text) is listed
        exported = await by.get("/chamados/emails?formato=csv")
        assert ("maria@exemplo.test" in exported.text) is listed
        for path in (page, f"{page}/original"):
            assert (await by.get(path)).status_code == status
    assert (await support.get("/chamados/emails/999/original")).status_code == 404
