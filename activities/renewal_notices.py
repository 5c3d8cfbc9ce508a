"""The two notices before a renewal: written, lost on every channel, given otherwise."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request, is_asked
from activities.contract_asking import ask_contracts
from activities.contract_welcome import contract_values
from activities.messages import write_to_customer
from activities.tasks import withdraw_tasks
from models import cases
from models.cases import Case, case_of
from models.contracts import Contract, record_contract_event
from models.customers import Customer
from models.notices import notices_of
from models.renewals import ContractRenewal
from rules import renewals as rules
from rules.bureau_notices import check_told
from rules.business_days import local_date
from rules.cases import Process
from rules.messages import NoticeState
from rules.notices import NobodyReached
from rules.renewals import UNTOLD, ProveRenewal, RenewalFacts, RenewalStage
from rules.sentences import N_

NOTICE = "contract_renewal"
NOBODY_TOLD = Request(
    N_("Avisar o cliente da renovação por outro meio"),
    N_("Um aviso da renovação não chegou ao cliente por nenhum canal."),
    N_("O contrato não renova sem os avisos: no fim da vigência vence, e a conexão é desligada."),
    priority=1,
)
TOLD_NOW = N_("O cliente foi avisado, ou a renovação foi decidida.")


async def give_notice(
    session: AsyncSession, case: Case, contract: Contract, renewal: ContractRenewal, at: datetime
) -> None:
    """This will tell the customer of the end of the term and the next amount."""
    renewal.notices += 1
    renewal.told_on = local_date(at)
    cases.record_event(session, case, kind="notice", by="system", at=at, notice=renewal.notices)
    record_contract_event(
        session, contract, kind="renewal_told", by="system", at=at, notice=renewal.notices,
        amount=str(renewal.amount), months=renewal.months,
    )  # fmt: skip
    await _write(session, case, contract, renewal, at=at)


async def tell_again(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    renewal: ContractRenewal,
    *,
    by: str,
    at: datetime,
) -> None:
    """This will write what was lost once more: every notice says the same. Refuses where none was
    lost (RenewalNoticeNotWanted), and where it would reach nobody (NobodyReached)."""
    await check_untold(session, renewal)
    renewal.notices_proven = renewal.notices - 1  # the new letter stands for those before it
    await _write(session, case, contract, renewal, at=at)
    if await is_untold(session, renewal):
        raise NobodyReached
    record_contract_event(
        session, contract, kind="renewal_told", by=by, at=at, notice=renewal.notices,
        amount=str(renewal.amount), months=renewal.months,
    )  # fmt: skip


async def prove(
    session: AsyncSession,
    contract: Contract,
    renewal: ContractRenewal,
    command: ProveRenewal,
    at: datetime,
) -> None:
    """This will write down how the customer was told, in the place of every notice until now.

    Refuses where none was lost (RenewalNoticeNotWanted), and as check_told does.
    """
    await check_untold(session, renewal)
    case = await _case(session, renewal)
    queued_on, today = local_date(case.opened_at), local_date(at)
    check_told(command.proven_on, command.proof, noticed_on=queued_on, today=today)
    renewal.notices_proven, renewal.told_how = renewal.notices, command.proof.strip()
    record_contract_event(
        session, contract, kind="renewal_proven", by=command.by, at=at,
        on=command.proven_on.isoformat(), how=renewal.told_how,
    )  # fmt: skip


async def check_untold(session: AsyncSession, renewal: ContractRenewal) -> None:
    """This will refuse a renewal that waits for no notice (RenewalNoticeNotWanted)."""
    if renewal.stage != RenewalStage.QUEUED or not await is_untold(session, renewal):
        raise rules.RenewalNoticeNotWanted


async def is_untold(session: AsyncSession, renewal: ContractRenewal) -> bool:
    """Whether a notice that was given is lost on every channel, and nobody said that the customer
    was told otherwise. One that was written again counts by its newest letter."""
    await session.flush()
    found = await notices_of(session, await _case(session, renewal), NOTICE)
    newest = {contact.rpartition("/")[2]: state for contact, state in found.items()}
    counted = range(renewal.notices_proven + 1, renewal.notices + 1)
    return any(newest.get(f"{notice}") is NoticeState.FAILED for notice in counted)


async def ask_if_untold(
    session: AsyncSession, case: Case, contract: Contract, facts: RenewalFacts, *, at: datetime
) -> None:
    """This will ask for another way to tell the customer, once, and no more when it is told."""
    is_given_up = facts.is_asked and not facts.is_automatic and facts.notices < rules.NOTICES
    if facts.stage is not RenewalStage.QUEUED or not facts.is_untold or is_given_up:
        await withdraw_tasks(
            session, for_case_id=case.number, kinds=(UNTOLD,), reason=TOLD_NOW, at=at
        )
    elif not await is_asked(session, case, UNTOLD):
        record_contract_event(session, contract, kind="renewal_untold", by="system", at=at)
        place = f"/contratos/{contract.key}#renovacao"
        await ask_contracts(session, case, UNTOLD, NOBODY_TOLD, at=at, description=place)


async def _write(
    session: AsyncSession, case: Case, contract: Contract, renewal: ContractRenewal, *, at: datetime
) -> None:
    customer = await session.get_one(Customer, contract.customer_id)
    await write_to_customer(
        session, case=case, customer=customer, purpose=NOTICE, at=at,
        key=f"renewal/{renewal.number}/notice/{case.version}/{renewal.notices}",
        values=contract_values(
            contract, next_amount=renewal.amount, months=renewal.months, ends_on=renewal.ends_on
        ),
    )  # fmt: skip


async def _case(session: AsyncSession, renewal: ContractRenewal) -> Case:
    case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
    assert case is not None  # noqa: S101 - it is opened with the renewal
    return case
