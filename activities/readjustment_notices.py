"""The notice of a new price: written, followed until it reached the customer, or given otherwise.

The price holds from so many days after the customer was told (spec 2; RGC). A letter that left may
come back later: then the price goes back, until one arrives or an operator says how it was told.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request, is_asked
from activities.contract_asking import ask_contracts
from activities.contract_webhooks import announce_contract
from activities.contract_welcome import contract_values
from activities.messages import write_to_customer
from activities.readjusted_charges import reprice, term_of_price
from activities.tasks import withdraw_tasks
from models.calendars import contact_closures
from models.cases import Case
from models.contracts import Contract, record_contract_event
from models.customers import Customer
from models.notices import notice_of
from models.policies import load_channel_hours, load_contact_hours, load_policy
from models.readjustments import ContractReadjustment
from rules.bureau_notices import check_told
from rules.business_days import local_date
from rules.contact_window import TIME_ZONES, next_opening
from rules.messages import Channel, NoticeState
from rules.money import ZERO, round_half_up
from rules.notices import NobodyReached
from rules.readjustments import (
    ProveReadjustment,
    ReadjustmentNoticeNotWanted,
    ReadjustmentPolicy,
    ReadjustmentStage,
    holds_from,
)
from rules.refusals import written_amount
from rules.sentences import N_
from rules.webhooks import BusinessEventKind as K

NOTICE = "contract_readjustment"
#: The task that asks for another way to tell the customer.
UNTOLD = "readjustment_untold"
NOBODY_TOLD = Request(
    N_("Avisar o cliente do reajuste por outro meio"),
    N_("O aviso do reajuste não chegou ao cliente por nenhum canal."),
    N_("O contrato continua com o preço antigo."),
)
TOLD_NOW = N_("O cliente foi avisado do reajuste.")


async def tell(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    *,
    key: str,
    at: datetime,
) -> None:
    """This will write the notice on every channel that the customer has."""
    policy = await load_policy(session, ReadjustmentPolicy())
    customer = await session.get_one(Customer, contract.customer_id)
    begins = holds_from(await _leaves_on(session, contract, at), notice_days=policy.notice_days)
    percent = written_amount(round_half_up(readjustment.percent or ZERO))
    await write_to_customer(
        session, case=case, customer=customer, purpose=NOTICE, at=at, key=key,
        values=contract_values(
            contract, next_amount=readjustment.amount, percent=percent, holds_from=begins
        ),
    )  # fmt: skip
    await session.flush()


async def tell_again(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    *,
    by: str,
    at: datetime,
) -> None:
    """This will write the notice once more. Refuses where none is wanted
    (ReadjustmentNoticeNotWanted), and where it would reach nobody (NobodyReached)."""
    if readjustment.stage != ReadjustmentStage.UNTOLD:
        raise ReadjustmentNoticeNotWanted
    key = f"readjustment/{readjustment.number}/{case.version}"
    await tell(session, case, contract, readjustment, key=key, at=at)
    state, _ = await notice_of(session, case, NOTICE)
    if state is NoticeState.FAILED:
        raise NobodyReached
    await follow(session, case, contract, readjustment, by=by, at=at)


async def prove(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    command: ProveReadjustment,
    at: datetime,
) -> None:
    """This will write down how the customer was told; the days before the new price run from then.

    Refuses where nothing is to be told (ReadjustmentNoticeNotWanted), and as check_told does.
    """
    if readjustment.stage != ReadjustmentStage.UNTOLD or readjustment.decided_at is None:
        raise ReadjustmentNoticeNotWanted
    decided_on, today = local_date(readjustment.decided_at), local_date(at)
    check_told(command.proven_on, command.proof, noticed_on=decided_on, today=today)
    readjustment.told_how = command.proof.strip()
    record_contract_event(
        session, contract, kind="readjustment_proven", by=command.by, at=at,
        on=command.proven_on.isoformat(), how=readjustment.told_how,
    )  # fmt: skip
    await _hold(session, case, contract, readjustment, command.proven_on, by=command.by, at=at)


async def follow(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    *,
    by: str,
    at: datetime,
) -> None:
    """This will have the new price hold as far as the customer was told of it, by what is known of
    the notice now; on its way, it counts from the day on which it may leave."""
    if readjustment.told_how:
        return
    state, left_at = await notice_of(session, case, NOTICE)
    if state is NoticeState.FAILED:
        await _hold_back(session, case, contract, readjustment, at=at)
        return
    told_on = local_date(left_at) if left_at else await _leaves_on(session, contract, at)
    await _hold(session, case, contract, readjustment, told_on, by=by, at=at)


async def _hold(  # noqa: PLR0913 - what holds from when, by whom
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    told_on: date,
    *,
    by: str,
    at: datetime,
) -> None:
    is_new = readjustment.stage != ReadjustmentStage.TOLD
    if is_new and await _is_overtaken(
        session, contract, readjustment, price=readjustment.amount_before
    ):
        readjustment.stage = ReadjustmentStage.WITHDRAWN
        return
    was, readjustment.told_on = readjustment.told_on, told_on
    await reprice(session, contract, readjustment, was=was)
    if not is_new:
        return
    readjustment.stage = ReadjustmentStage.TOLD
    contract.monthly_amount = readjustment.amount or contract.monthly_amount
    session.add(contract)
    record_contract_event(
        session, contract, kind="readjusted", by=by, at=at, amount=str(readjustment.amount),
        percent=str(readjustment.percent), charges=readjustment.repriced,
    )  # fmt: skip
    await announce_contract(
        session, contract, K.CONTRACT_READJUSTED, at=at, percent=str(readjustment.percent)
    )
    await withdraw_tasks(session, for_case_id=case.number, kinds=(UNTOLD,), reason=TOLD_NOW, at=at)


async def _hold_back(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    *,
    at: datetime,
) -> None:
    """The price of before goes on, and somebody is asked to tell the customer otherwise; not where
    another price, of a plan or of the next term, took its place by now."""
    if readjustment.stage != ReadjustmentStage.UNTOLD:
        record_contract_event(session, contract, kind="readjustment_untold", by="system", at=at)
    if readjustment.stage == ReadjustmentStage.TOLD:
        was, readjustment.told_on = readjustment.told_on, None
        await reprice(session, contract, readjustment, was=was)
        if await _is_overtaken(session, contract, readjustment, price=readjustment.amount):
            readjustment.stage = ReadjustmentStage.WITHDRAWN
            return
        contract.monthly_amount = readjustment.amount_before
        session.add(contract)
        await announce_contract(session, contract, K.CONTRACT_READJUSTED, at=at, percent="0")
    readjustment.stage = ReadjustmentStage.UNTOLD
    if not await is_asked(session, case, UNTOLD):
        place = f"/contratos/{contract.key}#reajuste"
        await ask_contracts(session, case, UNTOLD, NOBODY_TOLD, at=at, description=place)


async def _is_overtaken(
    session: AsyncSession,
    contract: Contract,
    readjustment: ContractReadjustment,
    *,
    price: Decimal | None,
) -> bool:
    """Whether another price took the place of the one that the readjustment knew: that of a plan,
    or of the next term, which may be the same."""
    term = await term_of_price(session, contract, readjustment)
    return term.until is not None or contract.monthly_amount != price


async def _leaves_on(session: AsyncSession, contract: Contract, at: datetime) -> date:
    """The day on which the customer may be written to: a letter of Friday night waits for Monday,
    and only from then on do the days before the new price count."""
    customer = await session.get_one(Customer, contract.customer_id)
    uf = customer.uf if customer.uf in TIME_ZONES else None
    closures = await contact_closures(session, uf=uf or "", city=customer.city)
    opening = next_opening(
        at, uf=uf, closures=closures, overrides=await load_contact_hours(session),
        within=await load_channel_hours(session, Channel.EMAIL),
    )  # fmt: skip
    return local_date(opening)
