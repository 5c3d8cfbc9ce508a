"""Orders to the bureau: made by what becomes of records, sent in batches, answered one by one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request, ask_manager, ask_operator
from activities.tasks import withdraw_tasks
from models import cases, outbox
from models.bureau import BureauRecord
from models.bureau_orders import BureauOrder, lock_order, newest_order, orders_to_send
from models.calendars import load_calendar
from models.cases import Case
from models.invoices import Invoice, record_invoice_event
from models.people import Deed, record
from models.policies import load_policy
from rules import bureau_orders as rules
from rules.bureau import BureauPolicy, removal_due_at
from rules.bureau_orders import BureauAnswer, OrderKind, OrderStatus
from rules.cases import Process
from rules.due import Due, due_after
from rules.sentences import N_

SEND_REMOVAL, REFUSED_INCLUSION, REFUSED_REMOVAL = "send_removal", "bureau_refused", "stays_there"
TASKS = (SEND_REMOVAL, REFUSED_REMOVAL)
#: A record whose newest inclusion ended so was never at the bureau.
NEVER_THERE = (OrderStatus.VOID, OrderStatus.REFUSED)
SEND = Request(
    N_("Enviar a remoção ao SPC"),
    N_("O registro foi removido do controle e o SPC ainda não confirmou a remoção."),
    N_("O prazo legal de remoção vence, e a empresa responde por dano moral."),
)
MEND_INCLUSION = Request(
    N_("O SPC recusou uma inclusão"),
    N_("O órgão devolveu o pedido com um código de recusa."),
    N_("A dívida não está no SPC; corrigida a causa, inclua-a de novo."),
)
MEND_REMOVAL = Request(
    N_("O SPC recusou uma remoção"),
    N_("O órgão devolveu o pedido de remoção com um código de recusa."),
    N_("O registro continua no SPC depois de pago; o prazo legal corre."),
    priority=1,
)


async def order_inclusion(session: AsyncSession, record: BureauRecord, *, at: datetime) -> None:
    """This will have a record that begins to hold asked for at the bureau, if the house does so."""
    if (await load_policy(session, BureauPolicy())).exchanges_orders:
        await _add(session, record, OrderKind.INCLUDE, at=at)


async def order_removal(
    session: AsyncSession, case: Case, record: BureauRecord, *, at: datetime
) -> None:
    """This will have a record that ended taken out at the bureau; what never left is void.

    A task is due when the law's time ends, until the bureau confirmed it.
    """
    asked = await void_inclusion(session, record)
    policy = await load_policy(session, BureauPolicy())
    if asked in NEVER_THERE or not policy.exchanges_orders:
        return
    await _add(session, record, OrderKind.REMOVE, at=at)
    due_at = await _due(session, record, at)
    await ask_operator(session, case, SEND_REMOVAL, SEND, due_at=due_at, at=at)


async def void_inclusion(session: AsyncSession, record: BureauRecord) -> str | None:
    """This will take back an inclusion that nobody sent yet.

    Gives what became of the newest one; None: the bureau was never asked.
    """
    asked = await newest_order(session, record.number, OrderKind.INCLUDE)
    if asked is None:
        return None
    if asked.status == OrderStatus.WAITING:
        asked.status = OrderStatus.VOID
        session.add(asked)
    return asked.status


async def order_inclusion_again(
    session: AsyncSession, record: BureauRecord, *, at: datetime
) -> None:
    """This will ask once more for a record that holds again, if what was asked is void."""
    if await void_inclusion(session, record) == OrderStatus.VOID:
        await order_inclusion(session, record, at=at)


async def hand_out(session: AsyncSession, *, deed: Deed) -> str:
    """This will put every order that waits into a batch; gives its name. Refuses NothingToSend.

    Included is what is owed by now, and only what still holds (models.bureau_orders).
    """
    batch = uuid4().hex
    found = await orders_to_send(session)
    if not found:
        raise rules.NothingToSend
    for order, invoice in found:
        if order.kind == OrderKind.INCLUDE:
            order.amount = _owed(invoice)
        order.status, order.batch, order.sent_at = OrderStatus.SENT, batch, deed.at
        session.add(order)
    record(session, deed, "bureau.send", subject=f"batch/{batch}", count=len(found))
    return batch


async def answer_order(session: AsyncSession, answer: BureauAnswer, *, deed: Deed) -> BureauOrder:
    """This will write down what the bureau said of an order; the same again: nothing.

    A refused inclusion ends its record, a refused removal is somebody's task. Refuses
    BureauOrderNotFound and as rules.bureau_orders.check_answer.
    """
    order = await lock_order(session, answer.order_id)
    wanted = OrderStatus.ACCEPTED if answer.is_accepted else OrderStatus.REFUSED
    if order.status == wanted and order.code == answer.code:
        return order
    rules.check_answer(order.status, answer)
    order.status, order.answered_at, order.answered_by = wanted, deed.at, deed.by
    order.code, order.note = answer.code, answer.note
    session.add(order)
    kept = await session.get_one(BureauRecord, order.record_id)
    await _tell(session, kept, order, deed)
    record(session, deed, "bureau.answer", subject=f"bureau/{kept.number}", order=order.number,
           status=wanted, code=order.code)  # fmt: skip
    return order


async def send_again(session: AsyncSession, order_id: int, *, deed: Deed) -> BureauOrder:
    """This will ask once more for a removal that the bureau refused. Refuses any other order."""
    order = await lock_order(session, order_id)
    kept = await session.get_one(BureauRecord, order.record_id)
    newest = await newest_order(session, kept.number, OrderKind.REMOVE)
    if order.status != OrderStatus.REFUSED or newest is None or newest.number != order.number:
        raise rules.BureauOrderNotRefused
    made = await _add(session, kept, OrderKind.REMOVE, at=deed.at)
    record(session, deed, "bureau.send_again", subject=f"bureau/{kept.number}", order=made.number)
    return made


async def _add(
    session: AsyncSession, record: BureauRecord, kind: OrderKind, *, at: datetime
) -> BureauOrder:
    invoice = await session.get_one(Invoice, record.invoice_id)
    order = BureauOrder(record_id=record.number, kind=kind, amount=_owed(invoice), made_at=at)
    session.add(order)
    await session.flush()
    return order


def _owed(invoice: Invoice) -> Decimal:
    """What the bureau is told: of a debt that nobody owes any more, what it was."""
    return invoice.open_amount or invoice.amount


async def _due(session: AsyncSession, record: BureauRecord, at: datetime) -> datetime | Due:
    """The end of the law's time; of a record that nobody paid, of as many days from now."""
    if record.remove_by is not None:
        return removal_due_at(record.remove_by)
    days = (await load_policy(session, BureauPolicy())).remove_business_days
    return due_after(at, business_days=days, calendar=await load_calendar(session))


async def _tell(session: AsyncSession, kept: BureauRecord, order: BureauOrder, deed: Deed) -> None:
    invoice = await session.get_one(Invoice, kept.invoice_id)
    record_invoice_event(
        session, invoice, kind=f"bureau_{order.kind}_{order.status}", by=deed.by, at=deed.at,
        order=order.number, code=order.code,
    )  # fmt: skip
    case = await cases.case_of(session, process=Process.BUREAU, subject_id=kept.number)
    if case is None:
        return
    if order.status == OrderStatus.REFUSED:
        await _ask(session, case, kept, order, deed.at)
        outbox.tell_case(session, case, news_id=f"bureau-order/{order.number}", at=deed.at)
    elif order.kind == OrderKind.REMOVE:
        await withdraw_tasks(session, for_case_id=case.number, kinds=TASKS,
                             reason=N_("Não é mais necessária."), at=deed.at)  # fmt: skip


async def _ask(
    session: AsyncSession, case: Case, kept: BureauRecord, order: BureauOrder, at: datetime
) -> None:
    due_at = await _due(session, kept, at)
    if order.kind == OrderKind.REMOVE:
        await ask_manager(session, case, REFUSED_REMOVAL, MEND_REMOVAL, due_at=due_at, at=at,
                          key=str(order.number))  # fmt: skip
        return
    await ask_operator(session, case, REFUSED_INCLUSION, MEND_INCLUSION, due_at=due_at, at=at,
                       key=str(order.number))  # fmt: skip
