"""A customer's answer by e-mail to a letter of a case: it joins the case, whose owner is asked."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import present, team_id_of
from activities.tasks import NewTask, make_task
from models import cases, outbox
from models.calendars import load_calendar
from models.cases import Case
from models.customers import Customer, contacts_of
from models.inbound_mails import InboundMail
from models.messages import Message
from rules.cases import SYSTEM, Process
from rules.due import due_after
from rules.inbound_mail import ReadMail, without_quotes
from rules.mail_addresses import addresses
from rules.sentences import N_

TASK_KIND = "mail_answer"
TITLE = N_("Responder ao e-mail de %(name)s")
REASON = N_("Chegou por e-mail a resposta a uma mensagem deste caso.")
CONSEQUENCE = N_("Quem escreveu fica sem resposta.")
#: So much of what was written stands in the history; the mail itself says the rest.
TOLD = 300


async def case_answered(session: AsyncSession, read: ReadMail) -> Case | None:
    """The case whose letter the mail answers, of those it quotes the newest; None: of no case.

    A Message-ID can be forged or passed on: only who was written to, or the case's customer and
    their contacts, speaks in the case. A ticket's letters are its own thread (inbound_threads).
    """
    statement = (
        select(Message, Case)
        .join(Case, col(Case.id) == col(Message.case_id))
        .where(
            col(Message.provider_id).in_(read.quoted), col(Case.process) != Process.TICKETS.value
        )
    )
    if not read.quoted:
        return None
    found = list(await session.exec(statement))
    for letter, case in sorted(found, key=lambda each: read.quoted.index(each[0].provider_id)):
        if await _may_speak(session, read.sender, letter, case):
            return case
    return None


async def join_case(
    session: AsyncSession, mail: InboundMail, read: ReadMail, case: Case, *, at: datetime
) -> None:
    """This will write a mail into a case's history and ask its owner, else its team, to answer.

    Nothing is answered by itself. A closed case stays closed: a person reads what came after it.
    """
    locked = await cases.lock_case(session, case.number)
    mail.case_id = locked.number
    text = without_quotes(read.text)
    cases.record_event(
        session, locked, kind="mail_received", by=SYSTEM, at=at, mail_id=mail.number,
        sender=read.sender, files=len(read.files), text=text[:TOLD] or read.subject or "—",
    )  # fmt: skip
    outbox.tell_case(session, locked, news_id=f"mail/{mail.number}", at=at)
    await _ask(session, mail, read, locked, at=at)


async def _may_speak(session: AsyncSession, sender: str, letter: Message, case: Case) -> bool:
    known = {*addresses(letter.to_address), *addresses(letter.cc_address)}
    for customer_id in {letter.customer_id, case.customer_id} - {None}:
        customer = await session.get_one(Customer, customer_id)
        known |= {
            customer.email or "",
            *(each.email for each in await contacts_of(session, customer_id or 0)),
        }
    return sender in {each.lower() for each in known}


async def _ask(
    session: AsyncSession, mail: InboundMail, read: ReadMail, case: Case, *, at: datetime
) -> None:
    task = NewTask(
        key=f"case_mail/{mail.number}",
        kind=TASK_KIND,
        title=TITLE,
        places={"name": read.name or read.sender},
        description=f"/casos/{case.number}/emails/{mail.number}",
        process=Process(case.process),
        for_case_id=case.number,
        customer_id=case.customer_id,
        assignee=await present(session, case.owner, at=at),
        team_id=case.team_id or await team_id_of(session, ""),
        due_at=due_after(at, business_days=1, calendar=await load_calendar(session)),
        reason=REASON,
        consequence=CONSEQUENCE,
    )
    await make_task(session, task, by=SYSTEM, at=at)
