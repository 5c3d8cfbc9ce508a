"""An answer to a letter of a case: the case's event and its owner's task, nobody else's."""

from __future__ import annotations

import pytest
from sqlmodel import select

from models.cases import Case, CaseEvent
from models.customers import Customer, CustomerContact
from models.inbound_mails import Outcome
from models.messages import Message
from models.outbox import OutboxEntry
from models.tasks import Task
from models.tickets import Ticket
from tests import builders
from tests.activities.test_inbound_mail import AT, DAY, Post, post

__all__ = ["post"]

OURS = "<ours@acerto.localhost>"


async def a_letter(post: Post, *, to: str = "maria@exemplo.test", provider_id: str = OURS) -> Case:
    """Maria was written to about her collections, which Ana has."""
    async with post.database.write() as session:
        maria = (await session.exec(select(Customer))).one()
        case = await builders.a_collections_case(session, maria, at=AT)
        case.owner = "ana"
        session.add(case)
        session.add(
            Message(
                key="cadence/email", case_id=case.id, customer_id=maria.id, channel="email",
                purpose="contact_cadence_1", to_address=to, status="sent", sent_at=AT,
                not_before=AT, created_at=AT, created_by="system", provider_id=provider_id,
            )
        )  # fmt: skip
    return case


async def heard(post: Post, case: Case) -> list[CaseEvent]:
    async with post.database.read() as session:
        wanted = select(CaseEvent).where(
            CaseEvent.case_id == case.id, CaseEvent.kind == "mail_received"
        )
        return list(await session.exec(wanted))


async def test_an_answer_joins_its_case_and_its_owner_is_asked(post: Post) -> None:
    case = await a_letter(post)

    mail = await post.comes("Paguei ontem\n> Sua fatura", References=f"<x@y> {OURS}")
    again = await post.comes("outra forma", Message_ID=mail.mail_id, In_Reply_To=OURS)

    [event] = await heard(post, case)
    async with post.database.read() as session:
        task = (await session.exec(select(Task))).one()
        told = (await session.exec(select(OutboxEntry.news_id).order_by("id"))).all()
    assert f"mail/{mail.id}" in told
    assert (mail.outcome, mail.case_id, again.outcome) == (
        Outcome.IN_CASE, case.id, Outcome.REPEATED,
    )  # fmt: skip
    assert (event.parameters["text"], event.parameters["mail_id"]) == ("Paguei ontem", mail.id)
    assert (task.kind, task.assignee, task.for_case_id) == ("mail_answer", "ana", case.id)
    # Nothing is answered by itself: only our own letter is there.
    assert [await post.count(each) for each in (Ticket, Message)] == [0, 1]


@pytest.mark.parametrize("sender", ["contact", "who was written to"])
async def test_a_contact_and_whoever_was_written_to_speak_in_the_case(
    post: Post, sender: str
) -> None:
    case = await a_letter(post, to="Operadora@tim.test, outra@tim.test")
    async with post.database.write() as session:
        session.add(
            CustomerContact(
                customer_id=case.customer_id, email="ti@loja.test", created_at=AT, created_by="ana"
            )
        )
    address = {"contact": "ti@loja.test", "who was written to": "operadora@tim.test"}[sender]

    mail = await post.comes(From=address, In_Reply_To=OURS)

    assert mail.outcome == Outcome.IN_CASE


@pytest.mark.parametrize(
    "head",
    [
        {"From": "mallory@alheio.test", "In_Reply_To": OURS},
        {"In_Reply_To": "<forged@acerto.localhost>"},
        {"In_Reply_To": "ours@acerto.localhost"},
    ],
)
async def test_a_forged_or_passed_on_message_id_opens_no_case(
    post: Post, head: dict[str, str]
) -> None:
    case = await a_letter(post)

    mail = await post.comes(**head)

    assert (mail.outcome, mail.case_id) == (Outcome.OPENED, None)
    assert await heard(post, case) == []


@pytest.mark.parametrize(
    "head",
    [
        {"Auto_Submitted": "auto-replied"},
        {"From": "suporte@acerto.localhost"},
        {"Message_ID": OURS},
    ],
)
async def test_a_loop_never_reaches_the_case(post: Post, head: dict[str, str]) -> None:
    case = await a_letter(post)

    mail = await post.comes(In_Reply_To=OURS, **head)

    assert (mail.outcome, await heard(post, case)) == (Outcome.SET_ASIDE, [])


async def test_broken_mime_that_answers_a_case_is_looked_at_by_a_person(post: Post) -> None:
    case = await a_letter(post)
    raw = (
        b"From: maria@exemplo.test\nIn-Reply-To: " + OURS.encode()
        + b"\nContent-Type: multipart/mixed\n\nsem partes"
    )  # fmt: skip

    mail = await post.comes(raw=raw)

    assert (mail.outcome, await heard(post, case)) == (Outcome.SET_ASIDE, [])


async def test_an_answer_after_the_end_leaves_the_case_closed_and_is_told(post: Post) -> None:
    case = await a_letter(post)
    async with post.database.write() as session:
        (await session.get_one(Case, case.id)).closed_at = AT

    mail = await post.comes("Ainda devo?", at=AT + DAY, In_Reply_To=OURS)

    async with post.database.read() as session:
        assert (await session.get_one(Case, case.id)).closed_at is not None
    assert (mail.outcome, len(await heard(post, case)), await post.count(Task)) == ("in_case", 1, 1)
