"""Standing still: what a promise or a contestation pauses, and exceptions of a contract."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.provisioning import reconcile
from models.connections import connections_of
from models.contracts import Contract, lock_contract, record_contract_event
from models.invoice_contracts import contracts_of, sharing
from models.invoices import Invoice, record_invoice_event
from models.ladders import LadderException, LadderPause, lock_debts, look_again
from models.policies import load_policy
from models.worklist_kept import refresh_worklist
from rules.business_days import local_date
from rules.ladder import PauseReason
from rules.ladder_exceptions import ExceptionKind, check_exception, check_release
from rules.ladder_steps import LadderPolicy


@dataclass(frozen=True)
class NewException:
    """No step touches the contract from today until the day before `until`."""

    kind: ExceptionKind
    until: date
    reason: str


async def pause(
    session: AsyncSession,
    invoice: Invoice,
    *,
    reason: PauseReason,
    reference: str,
    by: str,
    at: datetime,
) -> None:
    """This will have no step run on an invoice until `resume`; the same reference again: nothing.

    A contested debt asks for no block either: the connection is lifted where nothing else does.
    """
    if await _paused_by(session, invoice, reason, reference) is not None:
        return
    session.add(
        LadderPause(
            invoice_id=invoice.key, reason=reason, reference=reference, since=local_date(at),
            at=at, by=by,
        )
    )  # fmt: skip
    await _changed(session, invoice, kind="ladder_paused", reason=reason, by=by, at=at)


async def resume(
    session: AsyncSession,
    invoice: Invoice,
    *,
    reason: PauseReason,
    reference: str,
    by: str,
    at: datetime,
) -> None:
    """This will let the ladder go on from today, what remains later by the days paused."""
    kept = await _paused_by(session, invoice, reason, reference)
    if kept is None or kept.until is not None:
        return
    kept.until = local_date(at)
    session.add(kept)
    await _changed(session, invoice, kind="ladder_resumed", reason=reason, by=by, at=at)


async def except_contract(
    session: AsyncSession,
    contract_id: int,
    new: NewException,
    *,
    may_override: bool,
    by: str,
    at: datetime,
) -> LadderException:
    """This will leave a contract alone until a day, and lift what the ladder did to it.

    What other contracts owe with it on one invoice is one debt: it waits for them too. A release
    in confidence is given once in so many days; whoever may override gives it sooner.
    Refuses what rules/ladder_exceptions.py refuses, and an unknown contract (ContractNotFound).
    """
    contract, together = await _lock_together(session, contract_id)
    today = local_date(at)
    policy = await load_policy(session, LadderPolicy())
    check_exception(until=new.until, reason=new.reason, today=today)
    if new.kind is ExceptionKind.RELEASE and not may_override:
        check_release(
            until=new.until, last=await _last_release(session, together), today=today,
            policy=policy,
        )  # fmt: skip
    await _end_running(session, contract_id, today=today, by=by, at=at)
    kept = LadderException(
        contract_id=contract_id, kind=new.kind, since=today, until=new.until,
        reason=new.reason.strip(), by=by, at=at,
    )  # fmt: skip
    session.add(kept)
    await _tell_connections(session, contract, until=new.until, reason=new.reason)
    record_contract_event(
        session, contract, kind="ladder_exception", by=by, at=at, until=new.until.isoformat(),
        reason=new.reason, exception=new.kind,
    )  # fmt: skip
    await _look_again(session, contract, together, by=by, at=at)
    return kept


async def end_exception(session: AsyncSession, contract_id: int, *, by: str, at: datetime) -> bool:
    """This will end a contract's exception today; what its debts ask is asked again at once.

    False when there was none.
    """
    contract, together = await _lock_together(session, contract_id)
    if not await _end_running(session, contract_id, today=local_date(at), by=by, at=at):
        return False
    await _tell_connections(session, contract, until=None, reason="")
    record_contract_event(session, contract, kind="ladder_exception_ended", by=by, at=at)
    await _look_again(session, contract, together, by=by, at=at)
    return True


async def _paused_by(
    session: AsyncSession, invoice: Invoice, reason: PauseReason, reference: str
) -> LadderPause | None:
    statement = select(LadderPause).where(
        LadderPause.invoice_id == invoice.key,
        LadderPause.reason == reason,
        LadderPause.reference == reference,
    )
    return (await session.exec(statement.with_for_update())).one_or_none()


async def _changed(
    session: AsyncSession, invoice: Invoice, *, kind: str, reason: PauseReason, by: str,
    at: datetime,
) -> None:  # fmt: skip
    invoice.ladder_next_on = None
    session.add(invoice)
    record_invoice_event(session, invoice, kind=kind, by=by, at=at, pause=reason)
    await session.flush()
    if reason is PauseReason.CONTESTATION:
        contracts = await contracts_of(session, invoice)
        await reconcile(session, contracts, today=local_date(at), by="system", at=at)


async def _last_release(session: AsyncSession, contract_ids: Collection[int]) -> date | None:
    """One debt is trusted once: of whichever contract that owes some of it."""
    statement = (
        select(col(LadderException.since))
        .where(
            col(LadderException.contract_id).in_(contract_ids),
            LadderException.kind == ExceptionKind.RELEASE,
        )
        .order_by(col(LadderException.since).desc())
    )
    found: date | None = (await session.exec(statement.limit(1))).first()
    return found


async def _end_running(
    session: AsyncSession, contract_id: int, *, today: date, by: str, at: datetime
) -> bool:
    """What is over already stays as it was; the days that were excepted keep counting."""
    ended = await session.exec(
        update(LadderException)
        .where(col(LadderException.contract_id) == contract_id, col(LadderException.until) > today)
        .values(until=today, ended_at=at, ended_by=by)
        .execution_options(synchronize_session=False)
    )
    return bool(ended.rowcount)


async def _tell_connections(
    session: AsyncSession, contract: Contract, *, until: date | None, reason: str
) -> None:
    for connection in await connections_of(session, contract.key):
        connection.exception_until, connection.exception_reason = until, reason[:200]
        session.add(connection)


async def _lock_together(session: AsyncSession, contract_id: int) -> tuple[Contract, list[int]]:
    """The contract, and the ids of all that owe an open invoice with it, itself too; locked behind
    what they owe and in their order, as whoever pays or reconciles does. Refuses an unknown one
    (ContractNotFound)."""
    await lock_debts(session, contract_id=contract_id)
    together = await sharing(session, contract_id)
    for each in together:
        await lock_contract(session, each)
    return await lock_contract(session, contract_id), together


async def _look_again(
    session: AsyncSession, contract: Contract, together: Collection[int], *, by: str, at: datetime
) -> None:
    await session.flush()
    await look_again(session, contract_id=contract.key)
    await refresh_worklist(session, [contract.customer_id])
    await reconcile(session, together, today=local_date(at), by=by, at=at)
