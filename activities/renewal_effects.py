"""What is done to a renewal: notices, the next term, a proposal that changes, the end."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request
from activities.contract_asking import ask_contracts
from activities.contract_charges import make_term_charges
from activities.contract_ends import expire_contract
from activities.contract_succession import make_successor, waiting_successor
from activities.contract_takeover import take_over
from activities.contract_webhooks import announce_contract
from activities.contract_welcome import contract_values
from activities.messages import write_to_customer
from activities.renewal_notices import is_untold
from models.cases import Case
from models.contracts import Contract, put_in_stage, record_contract_event
from models.customers import Customer
from models.policies import load_policy
from models.renewals import ContractRenewal
from rules import renewals as rules
from rules.business_days import local_date
from rules.contracts import ContractStage, RenewalForm
from rules.refusals import written_date
from rules.renewals import (
    NOTICES,
    EditRenewal,
    RenewalPolicy,
    RenewalStage,
    RenewalStep,
)
from rules.sentences import N_
from rules.webhooks import BusinessEventKind as K

ASKING = Request(
    N_("Decidir a renovação do contrato"),
    N_("O contrato está perto do fim e não renova sozinho."),
    N_("O contrato vence, a conexão é desligada e nada mais é cobrado."),
)


async def ask(session: AsyncSession, case: Case, renewal: ContractRenewal, at: datetime) -> None:
    """This will ask the team to decide about a contract that does not renew by itself."""
    renewal.asked = True
    await ask_contracts(session, case, RenewalStep.ASK, ASKING, at=at)


async def renew(
    session: AsyncSession, contract: Contract, renewal: ContractRenewal, *, by: str, at: datetime
) -> None:
    """This will begin the next term, by the same contract or by one that follows it, and tell the
    customer: its end, its amount, its charges."""
    if contract.stage == ContractStage.RENEWAL_QUEUE:
        put_in_stage(session, contract, ContractStage.ACTIVE, by=by, at=at)
    if RenewalForm(renewal.form or contract.renewal_form) is RenewalForm.SUCCESSOR:
        renewed = await _succeed(session, contract, renewal, by=by, at=at)
    else:
        renewed = await _extend(session, contract, renewal, by=by, at=at)
    customer = await session.get_one(Customer, contract.customer_id)
    await write_to_customer(
        session, case=None, customer=customer, purpose="contract_renewed", at=at,
        key=f"renewal/{renewal.number}/renewed",
        values=contract_values(
            renewed, next_amount=renewal.amount, months=renewal.months, ends_on=renewed.ends_on
        ),
    )  # fmt: skip


async def _extend(
    session: AsyncSession, contract: Contract, renewal: ContractRenewal, *, by: str, at: datetime
) -> Contract:
    begins = renewal.ends_on
    contract.term += 1
    contract.ends_on = rules.next_end(begins, months=renewal.months)
    renewal.amount_before = contract.monthly_amount
    contract.term_months, contract.monthly_amount = renewal.months, renewal.amount
    renewal.stage = RenewalStage.RENEWED
    ends_on = contract.ends_on.isoformat()
    record_contract_event(
        session, contract, kind="renewed", by=by, at=at, amount=str(renewal.amount), ends_on=ends_on
    )
    await announce_contract(session, contract, K.CONTRACT_RENEWED, at=at, ends_on=ends_on)
    await make_term_charges(session, contract, used_from=begins, services_from=begins, by=by, at=at)
    return contract


async def _succeed(
    session: AsyncSession, contract: Contract, renewal: ContractRenewal, *, by: str, at: datetime
) -> Contract:
    made = await make_successor(session, contract, renewal, by=by, at=at)
    renewal.stage = RenewalStage.SUCCEEDING
    await announce_contract(
        session, contract, K.CONTRACT_RENEWED, at=at, successor=made.code,
        ends_on=made.ends_on.isoformat() if made.ends_on else None,
    )  # fmt: skip
    if renewal.ends_on <= local_date(at):
        await hand_on(session, contract, renewal, at=at)
    return made


async def hand_on(
    session: AsyncSession, contract: Contract, renewal: ContractRenewal, *, at: datetime
) -> None:
    """This will have the successor take over on its day; called off meanwhile, the contract
    expires."""
    waiting = await waiting_successor(session, contract)
    if waiting is None:
        renewal.stage = RenewalStage.EXPIRED
        await expire_contract(session, contract, at=at)
        return
    renewal.stage = RenewalStage.RENEWED
    await take_over(session, contract, waiting, by="system", at=at)


async def check_not_made(
    session: AsyncSession, contract: Contract, renewal: ContractRenewal
) -> None:
    """This will refuse what comes after the successor was made (RenewalAlreadyMade)."""
    if renewal.stage == RenewalStage.SUCCEEDING:
        waiting = await waiting_successor(session, contract)
        day = written_date(renewal.ends_on)
        raise rules.RenewalAlreadyMade(contract=waiting.code if waiting else "—", day=day)


def edit(
    session: AsyncSession,
    contract: Contract,
    renewal: ContractRenewal,
    command: EditRenewal,
    at: datetime,
) -> None:
    """This will change the proposal, which is told anew: the notices named amount and months.

    Refuses what no term can have (rules.renewals.check_edit).
    """
    rules.check_edit(command)
    if (command.amount, command.months) != (renewal.amount, renewal.months):
        renewal.notices, renewal.notices_proven, renewal.told_how = 0, 0, ""
    if renewal.notices < NOTICES:
        renewal.asked = False  # also one that was not to be renewed is told of again
    renewal.amount, renewal.months = command.amount, command.months
    renewal.form = command.form or renewal.form
    record_contract_event(
        session, contract, kind="renewal_edited", by=command.by, at=at,
        amount=str(command.amount), months=command.months,
    )  # fmt: skip


def let_expire(
    session: AsyncSession,
    contract: Contract,
    renewal: ContractRenewal,
    *,
    by: str,
    reason: str,
    at: datetime,
) -> None:
    """This will let the contract end with its term: nobody is told or asked any more."""
    contract.ignore_automatic_renewal = renewal.asked = True
    record_contract_event(
        session, contract, kind="renewal_declined", by=by, at=at, reason=reason,
        ends_on=renewal.ends_on.isoformat(),
    )  # fmt: skip


async def check_notices(session: AsyncSession, renewal: ContractRenewal) -> None:
    """This will refuse to renew before the customer was told twice (NoticesNotGiven), and while
    nobody received a notice (RenewalUntold)."""
    policy = await load_policy(session, RenewalPolicy())
    if renewal.notices < NOTICES:
        raise rules.NoticesNotGiven(
            first=policy.first_notice_days, second=policy.second_notice_days
        )
    if await is_untold(session, renewal):
        raise rules.RenewalUntold
