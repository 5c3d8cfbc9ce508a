"""Mail that came in: a ticket, a line of its thread, or set aside; never lost, never two."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import aiosmtplib
import pytest
from sqlalchemy import func
from sqlmodel import select

from activities import attachments, inbound_mail
from activities.inbound_mail import handle, keep, open_anyway
from activities.ticket_moves import decide
from api.support_mail import catch_up, taking_in
from models.attachments import Attachment
from models.cases import case_of, remember
from models.customers import CustomerContact
from models.database import Database
from models.inbound_mails import InboundMail, Outcome
from models.messages import Message
from models.outbox import OutboxEntry, Verb
from models.tasks import Task
from models.tickets import Ticket, TicketEntry
from rules.cases import Elapsed, Process
from rules.inbound_mail import AsideReason, ReadMail, read_mail
from rules.ticket_commands import MergeTicket, ResolveTicket
from settings import Settings, SupportSettings
from tests import builders

AT = datetime(2026, 3, 9, 13, tzinfo=UTC)
DAY = timedelta(days=1)
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF"


class Post:
    """What reaches the support address, and what became of it."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self.sent = 0

    async def comes(self, text: str = "Sem sinal", *, at: datetime = AT, raw: bytes = b"", **head):
        """A mail arrives; gives its row."""
        mail_id = await self.kept(text, at=at, raw=raw, **head)
        await handle(self.database, self.settings, mail_id, at=at)
        async with self.database.read() as session:
            return await session.get_one(InboundMail, mail_id)

    async def kept(self, text: str = "", *, at: datetime = AT, raw: bytes = b"", **head) -> int:
        self.sent += 1
        return await keep(
            self.database, raw or self.written(text, **head), sender="maria@exemplo.test",
            recipient="suporte@acerto.localhost", at=at,
        )  # fmt: skip

    def written(self, text: str, *, file: tuple[str, bytes] | None = None, **head: str) -> bytes:
        mail = EmailMessage()
        heads = {
            "From": "Maria <maria@exemplo.test>", "To": "suporte@acerto.localhost",
            "Subject": "Internet", "Message-ID": f"<{self.sent}@exemplo.test>",
            **{name.replace("_", "-"): value for name, value in head.items()},
        }  # fmt: skip
        for name, value in heads.items():
            mail[name] = value
        mail.set_content(text)
        if file is not None:
            name, content = file
            mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        return mail.as_bytes()

    async def move(self, ticket_id: int, command, at: datetime = AT) -> None:
        async with self.database.write() as session:
            case = await case_of(session, process=Process.TICKETS, subject_id=ticket_id)
            answer = await decide(session, case, command, at)
            remember(session, case, command_id=f"{case.id}/{case.version}", answer=answer, at=at)

    async def count(self, table) -> int:
        async with self.database.read() as session:
            return (await session.exec(select(func.count()).select_from(table))).one()


@pytest.fixture
async def post(database: Database, settings: Settings) -> Post:
    async with database.write() as session:
        await builders.a_team(session, await builders.a_user(session, "ana"), code="suporte")
        await builders.a_customer(session, name="Maria", email="maria@exemplo.test")
    return Post(database, settings)


async def test_a_mail_opens_a_ticket_of_its_customer_and_is_answered_in_its_thread(
    post: Post,
) -> None:
    mail = await post.comes()

    async with post.database.read() as session:
        ticket = await session.get_one(Ticket, mail.ticket_id)
        letter = (await session.exec(select(Message))).one()
    assert (mail.outcome, ticket.subject, ticket.channel) == ("opened", "Internet", "email")
    assert ticket.customer_id is not None
    assert (letter.purpose, letter.in_reply_to) == ("ticket_opened", "<1@exemplo.test>")


async def test_the_same_mail_delivered_twice_is_one_ticket(post: Post) -> None:
    raw = post.written("Sem sinal")

    for _ in range(3):
        await post.comes(raw=raw)
    again = await post.comes("Sem sinal", Message_ID="<0@exemplo.test>", X_Hop="another way")

    assert (await post.count(Ticket), again.outcome) == (1, Outcome.REPEATED)


@pytest.mark.parametrize("how", ["quotes our letter", "quotes their mail", "names the protocol"])
async def test_an_answer_joins_its_thread(post: Post, how: str) -> None:
    first = await post.comes()
    async with post.database.write() as session:
        letter = (await session.exec(select(Message))).one()
        letter.provider_id = "<ours@acerto.localhost>"
        protocol = (await session.get_one(Ticket, first.ticket_id)).protocol
    head = {
        "quotes our letter": {"In_Reply_To": "<ours@acerto.localhost>"},
        "quotes their mail": {"References": "<1@exemplo.test>"},
        "names the protocol": {"Subject": f"RE: [{protocol}] Internet"},
    }[how]

    second = await post.comes("Voltou!\n> Sem sinal", **head)

    assert (second.outcome, second.ticket_id) == (Outcome.JOINED, first.ticket_id)
    async with post.database.read() as session:
        said = list(await session.exec(select(TicketEntry.text).order_by(TicketEntry.id)))
        told = list(await session.exec(select(OutboxEntry.verb)))
    assert said == ["Sem sinal", "Voltou!"]
    assert Verb.SIGNAL in told


async def test_a_stranger_who_guesses_a_protocol_joins_nothing(post: Post) -> None:
    first = await post.comes()
    async with post.database.read() as session:
        protocol = (await session.get_one(Ticket, first.ticket_id)).protocol

    other = await post.comes(From="mallory@alheio.test", Subject=f"RE: {protocol}")

    assert other.outcome == Outcome.OPENED
    assert other.ticket_id != first.ticket_id
    async with post.database.read() as session:
        assert (await session.get_one(Ticket, other.ticket_id)).customer_id is None


async def test_a_contact_is_known_as_the_customer_and_an_address_of_two_as_nobody(
    post: Post,
) -> None:
    async with post.database.write() as session:
        one = await builders.a_customer(session)
        await builders.a_customer(session, email="maria@exemplo.test")
        session.add(
            CustomerContact(
                customer_id=one.id, email="ti@loja.test", created_at=AT, created_by="ana"
            )
        )

    contact = await post.comes(From="TI <TI@Loja.test>")
    shared = await post.comes()

    async with post.database.read() as session:
        found = [
            (await session.get_one(Ticket, each.ticket_id)).customer_id
            for each in (contact, shared)
        ]
    assert found == [one.id, None]


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, AsideReason.LOOP),
        ({"From": "suporte@acerto.localhost"}, AsideReason.LOOP),
        ({"From": "ninguém"}, AsideReason.NO_SENDER),
    ],
)
async def test_what_must_not_be_answered_is_set_aside_for_a_person(
    post: Post, head: dict[str, str], reason: AsideReason
) -> None:
    mail = await post.comes(**head)
    await post.comes("outra vez", **head)

    assert (mail.outcome, mail.reason) == (Outcome.SET_ASIDE, reason)
    assert [await post.count(each) for each in (Ticket, Message, Task)] == [0, 0, 1]


async def test_our_own_mail_that_comes_back_goes_no_further(post: Post) -> None:
    await post.comes()
    async with post.database.write() as session:
        (await session.exec(select(Message))).one().provider_id = "<ours@acerto.localhost>"

    mail = await post.comes(Message_ID="<ours@acerto.localhost>")

    assert (mail.reason, await post.count(Ticket)) == (AsideReason.LOOP, 1)


async def test_a_storm_of_mails_is_kept_and_becomes_one_task(post: Post) -> None:
    for number in range(24):
        await post.comes(f"mail {number}", at=AT + timedelta(seconds=number))

    async with post.database.read() as session:
        aside = await session.exec(
            select(func.count()).where(InboundMail.reason == AsideReason.TOO_MANY)
        )
        tasks = await session.exec(select(Task.title).where(Task.kind == "inbound_mail"))
    assert (aside.one(), len(tasks.all()), await post.count(InboundMail)) == (4, 1, 24)


async def test_broken_mime_is_kept_and_a_person_may_still_open_a_ticket(post: Post) -> None:
    raw = b"From: maria@exemplo.test\nSubject: foto\nContent-Type: multipart/mixed\n\nsem partes"
    mail = await post.comes(raw=raw)
    assert (mail.outcome, mail.reason) == (Outcome.SET_ASIDE, AsideReason.BROKEN)

    opened = [
        await open_anyway(post.database, post.settings, mail.number, by="ana", at=AT)
        for _ in range(2)
    ]

    assert opened[0] == opened[1]
    assert (await post.count(Ticket), await post.count(Message)) == (1, 0)


async def test_files_stay_with_the_ticket_and_refused_ones_are_told(post: Post) -> None:
    mail = await post.comes(file=("conta.pdf", PDF))
    await post.comes("com vírus", file=("vírus.exe", b"MZ"), References="<1@exemplo.test>")

    async with post.database.read() as session:
        kept = (await session.exec(select(Attachment))).one()
        notes = list(await session.exec(select(TicketEntry).where(TicketEntry.kind == "note")))
    assert (kept.name, kept.subject_id) == ("conta.pdf", mail.ticket_id)
    assert "vírus.exe" in notes[0].text


async def test_a_mail_whose_file_could_not_be_kept_is_handled_again_with_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def disk_full(*_args: object, **_named: object) -> None:
        raise OSError("no space left")

    mail_id = await post.kept(file=("conta.pdf", PDF))
    with monkeypatch.context() as full:
        full.setattr(attachments, "attach_within", disk_full)
        full.setattr(attachments, "attach", disk_full)
        with pytest.raises(OSError, match="no space"):
            await handle(post.database, post.settings, mail_id, at=AT)
    assert (await post.count(Ticket), await post.count(Attachment)) == (0, 0)

    assert await handle(post.database, post.settings, mail_id, at=AT) == Outcome.OPENED
    assert (await post.count(Ticket), await post.count(Attachment)) == (1, 1)


async def test_a_mail_that_is_opened_twice_by_hand_brings_its_files_once(post: Post) -> None:
    mail = await post.comes(file=("conta.pdf", PDF), Auto_Submitted="auto-replied")

    for _ in range(2):
        await open_anyway(post.database, post.settings, mail.number, by="ana", at=AT)

    assert await post.count(Attachment) == 1


async def test_an_answer_after_the_end_opens_a_ticket_linked_to_the_old_one(post: Post) -> None:
    first = await post.comes()
    await post.move(first.ticket_id, ResolveTicket("ana", "Trocado."))
    await post.move(first.ticket_id, Elapsed(step="close"), AT + 8 * DAY)

    second = await post.comes("De novo", at=AT + 9 * DAY, References="<1@exemplo.test>")

    assert second.outcome == Outcome.OPENED
    assert second.ticket_id != first.ticket_id


async def test_an_answer_to_a_merged_ticket_joins_the_one_that_goes_on(post: Post) -> None:
    first, second = await post.comes("um"), await post.comes("dois")
    async with post.database.read() as session:
        into = (await session.get_one(Ticket, second.ticket_id)).protocol
    await post.move(first.ticket_id, MergeTicket("ana", into))

    third = await post.comes("três", References="<1@exemplo.test>")

    assert (third.outcome, third.ticket_id) == (Outcome.JOINED, second.ticket_id)


async def test_over_smtp_it_is_kept_handled_and_refused_for_other_addresses(
    post: Post, settings: Settings, unused_tcp_port: int
) -> None:
    settings = settings.model_copy(update={"support": SupportSettings(port=unused_tcp_port)})
    async with taking_in(settings, post.database):
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
            await _send(unused_tcp_port, post.written("x"), to="outra@acerto.localhost")
        await asyncio.gather(
            *(_send(unused_tcp_port, post.written(f"mail {n}", X_N=str(n))) for n in range(3))
        )

    assert await post.count(Ticket) == 1  # the same Message-ID three times
    assert await post.count(InboundMail) == 3


async def test_of_mails_with_one_message_id_handled_at_once_one_opens(post: Post) -> None:
    kept = [await post.kept(f"mail {n}", Message_ID="<one@exemplo.test>") for n in range(6)]

    outcomes = await asyncio.gather(
        *(handle(post.database, post.settings, each, at=AT) for each in kept)
    )

    assert sorted(outcomes) == [Outcome.OPENED, *[Outcome.REPEATED] * 5]
    assert await post.count(Ticket) == 1


async def test_what_a_crash_left_behind_is_handled_later(post: Post) -> None:
    await post.kept("Sem sinal")
    assert await post.count(Ticket) == 0

    assert await catch_up(post.settings, post.database) == 1
    assert await catch_up(post.settings, post.database) == 0
    assert await post.count(Ticket) == 1


async def _send(port: int, raw: bytes, *, to: str = "suporte@acerto.localhost") -> None:
    await aiosmtplib.send(
        raw, sender="maria@exemplo.test", recipients=[to], hostname="127.0.0.1", port=port,
        start_tls=False,
    )  # fmt: skip


async def test_the_house_goes_on_while_a_mail_is_read(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, written = threading.Event(), threading.Event()

    def slowly(raw: bytes, *, envelope_sender: str = "") -> ReadMail:
        begun.set()
        assert written.wait(10), "nothing could be written meanwhile"
        return read_mail(raw, envelope_sender=envelope_sender)

    raw = post.written("Sem sinal")
    at = AT
    mail_id = await keep(post.database, raw, sender="m@exemplo.test", recipient="s", at=at)
    monkeypatch.setattr(inbound_mail, "read_mail", slowly)

    handling = asyncio.create_task(handle(post.database, post.settings, mail_id, at=at))
    assert await asyncio.to_thread(begun.wait, 10)
    async with post.database.write() as session:
        await builders.a_user(session, "bia")
    written.set()

    assert await handling == Outcome.OPENED
