"""Mail that came back: told once, in the server's words; its address rests until corrected."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from activities.delivery import delivery_facts
from models.cases import Case
from models.customers import Customer
from models.inbound_mails import Outcome
from models.messages import Message
from models.tasks import Task
from rules.delivery import Suppress, decide_delivery
from rules.messages import MessagePolicy, Suppression
from tests import builders
from tests.activities.test_case_mails import OURS, a_letter
from tests.activities.test_inbound_mail import AT, Post, post
from tests.support.portfolio import CUSTOMERS, import_files, write_csv

__all__ = ["post"]

REPORT = """\
From: MAILER-DAEMON@mx.exemplo.test
To: suporte@acerto.localhost
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn{number}@mx.exemplo.test>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="limit"

--limit
Content-Type: text/plain

I am sorry to have to inform you.

--limit
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemplo.test

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <{address}>:
 user unknown

--limit
Content-Type: {enclosed}

From: cobranca@acerto.localhost
Message-ID: {about}
Subject: Sua fatura

--limit--
"""


def a_report(
    *, about: str = OURS, address: str = "Maria@exemplo.test", action: str = "failed",
    status: str = "5.1.1", enclosed: str = "message/rfc822", number: int = 1,
) -> bytes:  # fmt: skip
    return REPORT.format(
        about=about, address=address, action=action, status=status, enclosed=enclosed,
        number=number,
    ).encode()  # fmt: skip


async def the_letter(post: Post) -> Message:
    async with post.database.read() as session:
        return (await session.exec(select(Message).order_by(Message.id))).first()


async def what_comes_of_another(post: Post, case: Case, *, to: str = "maria@exemplo.test"):
    """What is decided about the next mail to Maria."""
    async with post.database.write() as session:
        new = Message(
            key=f"next/{to}", case_id=case.id, customer_id=case.customer_id, channel="email",
            purpose="ticket_opened", to_address=to, not_before=AT, created_at=AT,
            created_by="system", respects_window=False,
        )  # fmt: skip
        await builders.stored(session, new)
        facts = await delivery_facts(session, new, AT)
        await session.delete(new)
        return decide_delivery(facts, MessagePolicy(), now=AT)


@pytest.mark.parametrize("enclosed", ["message/rfc822", "text/rfc822-headers"])
async def test_a_mail_that_came_back_is_told_once_and_its_address_is_to_be_corrected(
    post: Post, enclosed: str
) -> None:
    case = await a_letter(post)

    mail = await post.comes(raw=a_report(enclosed=enclosed))
    again = await post.comes(raw=a_report(enclosed=enclosed, number=2))

    letter = await the_letter(post)
    async with post.database.read() as session:
        task = (await session.exec(select(Task))).one()
        kinds = await builders.events_of(session, case)
    assert (mail.outcome, mail.case_id, again.outcome) == (
        Outcome.BOUNCED, case.id, Outcome.REPEATED,
    )  # fmt: skip
    assert (letter.status, letter.reason) == (
        "bounced", "5.1.1 550 5.1.1 <Maria@exemplo.test>: user unknown",
    )  # fmt: skip
    assert (task.kind, task.assignee, kinds.count("message_bounced")) == (
        "correct_contact", "ana", 1,
    )  # fmt: skip


async def test_nothing_goes_to_the_address_until_it_is_corrected(post: Post) -> None:
    case = await a_letter(post)
    assert await what_comes_of_another(post, case) != Suppress(Suppression.BLOCKED)

    await post.comes(raw=a_report())

    assert await what_comes_of_another(post, case) == Suppress(Suppression.BLOCKED)
    elsewhere = await what_comes_of_another(post, case, to="nova@exemplo.test")
    assert elsewhere != Suppress(Suppression.BLOCKED)
    async with post.database.write() as session:
        (await session.exec(select(Task))).one().finished_at = AT
    assert await what_comes_of_another(post, case) != Suppress(Suppression.BLOCKED)


async def test_a_file_that_brings_another_address_ends_the_task(post: Post, tmp_path: Path) -> None:
    await a_letter(post)
    await post.comes(raw=a_report())
    async with post.database.read() as session:
        code = (await session.exec(select(Customer.code))).one()
    row = {**CUSTOMERS[0], "codigo": code, "email": "maria@exemplo.test"}

    await import_files(post.database, write_csv(tmp_path / "clientes.csv", [row]))
    async with post.database.read() as session:
        same = (await session.exec(select(Task.status))).one()
    row["email"] = "certa@exemplo.test"
    await import_files(post.database, write_csv(tmp_path / "clientes.csv", [row]))

    async with post.database.read() as session:
        task = (await session.exec(select(Task))).one()
    assert (same, task.status, task.result) == ("open", "cancelled", "withdrawn")


async def test_a_full_mailbox_loses_the_mail_and_blocks_nothing(post: Post) -> None:
    case = await a_letter(post)

    await post.comes(raw=a_report(status="4.2.2"))

    assert (await the_letter(post)).status == "bounced"
    assert await what_comes_of_another(post, case) != Suppress(Suppression.BLOCKED)


@pytest.mark.parametrize(
    "report",
    [
        a_report(about="<forged@acerto.localhost>"),
        a_report(address="other@exemplo.test"),
        a_report(action="delayed", status="4.4.1"),
        a_report(action="delivered", status="2.0.0"),
        a_report().partition(b"Message-ID: <ours")[0],
        a_report().replace(b"multipart/report", b"multipart/mixed"),
        a_report().replace(b'boundary="limit"', b""),
    ],
)  # fmt: skip
async def test_a_report_on_no_message_of_ours_changes_nothing(post: Post, report: bytes) -> None:
    await a_letter(post)

    mail = await post.comes(raw=report)

    assert (mail.outcome, (await the_letter(post)).status) == (Outcome.SET_ASIDE, "sent")


async def test_what_can_still_be_read_of_a_broken_report_is_believed(post: Post) -> None:
    await a_letter(post)
    kind = b"message/delivery-status"

    mail = await post.comes(raw=a_report().replace(kind, kind + b"; charset=\xff")[:-12])

    assert (mail.outcome, (await the_letter(post)).status) == (Outcome.BOUNCED, "bounced")


async def test_two_mails_to_one_address_are_one_task(post: Post) -> None:
    case = await a_letter(post)
    async with post.database.write() as session:
        session.add(
            Message(
                key="second/email", case_id=case.id, customer_id=case.customer_id, channel="email",
                purpose="contact_cadence_2", to_address="maria@exemplo.test", status="sent",
                sent_at=AT, not_before=AT, created_at=AT, created_by="system",
                provider_id="<second@acerto.localhost>",
            )
        )  # fmt: skip

    await post.comes(raw=a_report())
    await post.comes(raw=a_report(about="<second@acerto.localhost>", number=2))

    async with post.database.read() as session:
        statuses = list(await session.exec(select(Message.status)))
    assert (statuses, await post.count(Task)) == (["bounced", "bounced"], 1)
