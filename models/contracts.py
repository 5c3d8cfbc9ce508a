"""Contracts, their additional services and history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Index, Table
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, money, reference
from models.insertion import insert_many
from rules.charges import Recurrence, ServiceKind
from rules.contracts import (
    BillingMethod,
    ContractStage,
    PaymentMethod,
    PlanType,
    RenewalForm,
    RenewalPrice,
)
from rules.price_indices import Method, NegativePolicy
from rules.refusals import Refusal


class ContractNotFound(Refusal):
    message = "Este contrato não existe."


class Contract(SQLModel, table=True):
    """What a customer signed, and where it stands. Imported ones say little and are active."""

    __tablename__ = "contracts"
    __table_args__ = (
        Index("ix_contracts_stage", "stage", "ends_on", "id"),
        Index("ix_contracts_customer", "customer_id", "id"),
    )

    id: int | None = identity()
    code: str = Field(unique=True, max_length=40)
    customer_id: int = reference("customers.id", index=False)
    description: str = Field(default="", max_length=160)
    stage: str = Field(default=ContractStage.ACTIVE, max_length=20)
    plan_id: int | None = reference("plans.id", nullable=True)
    plan_type: str = Field(default=PlanType.INTERNET, max_length=12)
    telecom_service: bool = Field(
        default=True, description="telecom services reach the bureau only after termination"
    )
    monthly_amount: Decimal = money(Decimal(0))  #: what a period costs, whatever its months
    pay_on_time_discount: Decimal = money(Decimal(0))

    adhesion_date: date | None = Field(default=None, description="setup instalments run from it")
    signed_on: date | None = Field(default=None, description="term and readjustment count from it")
    starts_on: date | None = None
    ends_on: date | None = Field(default=None, description="exclusive; None: no end")
    term_months: int = Field(default=0, description="of the present term; 0: only its days say")
    term: int = Field(default=1, description="1, and one more after each renewal")
    charged_from: date | None = Field(
        default=None, description="first day that this house charges of an imported contract"
    )
    periodicity_months: int = 1
    due_day_rule_id: int | None = reference("due_day_rules.id", nullable=True, index=False)
    sla_table_id: int | None = reference("sla_tables.id", nullable=True, index=False)

    ladder_id: int | None = reference("ladders.id", nullable=True)
    inactivity_discount: bool = False
    payment_method: str = Field(default=PaymentMethod.BOLETO_PIX, max_length=14)
    payment_profile_id: int | None = reference("payment_profiles.id", nullable=True, index=False)
    billing_method: str = Field(default=BillingMethod.GROUPED, max_length=12)
    billing_group_id: int | None = reference("billing_groups.id", nullable=True)
    discount_table_id: int | None = reference("discount_tables.id", nullable=True, index=False)
    invoice_discount: Decimal = money(Decimal(0))
    fiscal_document: bool = True
    notes: str = ""
    fiscal_note: str = Field(default="", max_length=300)

    setup_fee: Decimal = money(Decimal(0))
    setup_instalments: int = 1
    setup_account_id: int | None = reference("ledger_accounts.id", nullable=True, index=False)
    setup_composition: str = Field(default="", max_length=60)
    setup_charged_before: int | None = Field(
        default=None,
        description="instalments of the setup that the system before this one charged",
    )
    generate_setup_now: bool = False
    phone_terminal: str | None = Field(default=None, unique=True, max_length=20)
    consultant_id: int | None = reference("consultants.id", nullable=True, index=False)

    renewal_form: str = Field(default=RenewalForm.EXTENSION, max_length=10)
    renewal_price: str = Field(default=RenewalPrice.BY_PLAN, max_length=10)
    suggested_amount: Decimal | None = money(None)
    charges_suggested: bool = Field(
        default=False, description="this term's charges too are of the suggested amount"
    )
    ignore_automatic_renewal: bool = False
    wait_for_activation: bool = True
    review_charges: bool = False
    ledger_account_id: int | None = reference("ledger_accounts.id", nullable=True, index=False)
    minimum_term_months: int = 0
    minimum_term_fee: Decimal = money(Decimal(0))
    minimum_term_from: date | None = Field(
        default=None, description="the day it counts from; None: the signature"
    )
    minimum_term_told: date | None = Field(default=None, description="the end that was told")
    price_index_id: int | None = reference("price_indices.id", nullable=True, index=False)
    readjustment_method: str = Field(default=Method.NUMBER_INDICES, max_length=16)
    readjustment_decimals: int | None = Field(
        default=None, description="of the accumulated per cent; None: the factor unrounded"
    )
    readjustment_lag_months: int = Field(
        default=1, description="how long before a readjustment the last month of the index lies"
    )
    negative_readjustment: str = Field(default=NegativePolicy.ASK, max_length=8)
    kept_price_resets_base: bool = False
    data_base_month: int | None = Field(default=None, description="1 to 12; None: anniversary")
    readjusted_on: date | None = Field(default=None, description="of the last readjustment")

    address: dict[str, Any] = facts()  #: of the installation; empty: the customer's own
    origin: str = Field(
        default="customer", max_length=12, description="customer, ticket, lead or transfer"
    )
    origin_ref: str = Field(default="", max_length=40)
    predecessor_id: int | None = reference("contracts.id", nullable=True)
    activated_at: datetime | None = instant(None)
    suspended_from: date | None = None
    suspended_until: date | None = Field(default=None, description="exclusive")
    cancelled_on: date | None = None
    terminated_on: date | None = None
    end_reason: str = Field(default="", max_length=300)
    created_at: datetime | None = instant(None)
    created_by: str = Field(default="", max_length=60)
    version: int = 1

    @property
    def key(self) -> int:
        """The contract's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class ContractService(SQLModel, table=True):
    """An additional service: charged once, for some periods, or until it is removed."""

    __tablename__ = "contract_services"

    id: int | None = identity()
    contract_id: int = reference("contracts.id")
    continues_id: int | None = reference("contract_services.id", nullable=True)
    product_id: int | None = reference("products.id", nullable=True, index=False)
    kind: str = Field(default=ServiceKind.OTHER, max_length=14)
    description: str = Field(max_length=160)
    unit: str = Field(default="", max_length=20)
    amount: Decimal = money()
    ledger_account_id: int | None = reference("ledger_accounts.id", nullable=True, index=False)
    recurrence: str = Field(default=Recurrence.UNTIL_REMOVED, max_length=14)
    periods: int | None = None
    period_months: int | None = Field(
        default=None, description="of one of so many periods; None: as many as the contract's"
    )
    starts_on: date
    charged: Decimal = money(Decimal(0))  #: of so many periods, for the days before recounted_on
    recounted_on: date | None = Field(
        default=None, description="since when it is charged along the contract's present periods"
    )
    until: date | None = Field(default=None, description="exclusive; set when it is removed")
    added_at: datetime = instant()
    added_by: str = Field(max_length=60)


class ContractEvent(SQLModel, table=True):
    """One line of a contract's history; the page makes the sentence from kind and parameters."""

    __tablename__ = "contract_events"
    __table_args__ = (Index("ix_contract_events_contract", "contract_id", "id"),)

    id: int | None = identity()
    contract_id: int = reference("contracts.id", index=False)
    at: datetime = instant()
    by: str = Field(max_length=60)
    kind: str = Field(max_length=40)
    parameters: dict[str, Any] = facts()


def record_contract_event(
    session: AsyncSession,
    contract: Contract,
    *,
    kind: str,
    by: str,
    at: datetime,
    **parameters: Any,
) -> None:
    """This will add a line to the contract's history; parameters are plain JSON values."""
    session.add(
        ContractEvent(contract_id=contract.key, at=at, by=by, kind=kind, parameters=parameters)
    )


async def read_contract(session: AsyncSession, contract_id: int) -> Contract:
    """This will read a contract. Refuses an unknown one (ContractNotFound)."""
    contract = await session.get(Contract, contract_id)
    if contract is None:
        raise ContractNotFound
    return contract


async def lock_contract(session: AsyncSession, contract_id: int) -> Contract:
    """This will read a contract for changing it. Refuses an unknown one (ContractNotFound)."""
    statement = select(Contract).where(Contract.id == contract_id).with_for_update()
    contract = (await session.exec(statement)).one_or_none()
    if contract is None:
        raise ContractNotFound
    return contract


def put_in_stage(
    session: AsyncSession,
    contract: Contract,
    stage: ContractStage,
    *,
    by: str,
    at: datetime,
    reason: str = "",
) -> None:
    """This will put the contract into a stage and write it to its history; same stage: nothing."""
    if contract.stage != stage:
        session.add(ContractEvent(**_moved(session, contract, stage, by=by, at=at, reason=reason)))


async def put_in_stages(
    session: AsyncSession,
    moves: Sequence[tuple[Contract, ContractStage]],
    *,
    by: str,
    at: datetime,
    reason: str = "",
) -> None:
    """This will do for many contracts what `put_in_stage` does for one, their histories in one
    go: SQLite takes what the session adds one statement a row."""
    lines = [
        _moved(session, contract, stage, by=by, at=at, reason=reason)
        for contract, stage in moves
        if contract.stage != stage
    ]
    if lines:
        table = cast(Table, ContractEvent.__table__)  # type: ignore[attr-defined]
        await insert_many(await session.connection(), table, lines)


def _moved(
    session: AsyncSession,
    contract: Contract,
    stage: ContractStage,
    *,
    by: str,
    at: datetime,
    reason: str,
) -> dict[str, Any]:
    """The line that a move leaves in the history."""
    parameters = {"was": contract.stage, "now": stage, "reason": reason}
    contract.stage = stage
    contract.version += 1
    session.add(contract)
    return {
        "contract_id": contract.key, "at": at, "by": by, "kind": "stage",
        "parameters": parameters,
    }  # fmt: skip


async def ending_of(session: AsyncSession, contract: Contract) -> ContractEvent | None:
    """The line of its history that put the contract where it stands; None when it began there."""
    statement = select(ContractEvent).where(
        ContractEvent.contract_id == contract.id, ContractEvent.kind == "stage"
    )
    return (await session.exec(statement.order_by(col(ContractEvent.id).desc()).limit(1))).first()


async def events_of_kind(
    session: AsyncSession, contract: Contract, kind: str
) -> Sequence[ContractEvent]:
    """The lines of one kind in the contract's history, the oldest first."""
    statement = select(ContractEvent).where(
        ContractEvent.contract_id == contract.key, ContractEvent.kind == kind
    )
    return (await session.exec(statement.order_by(col(ContractEvent.id)))).all()


async def contracts_by_id(session: AsyncSession, ids: Collection[int]) -> Sequence[Contract]:
    """These contracts, in order."""
    statement = select(Contract).where(col(Contract.id).in_(ids)).order_by(col(Contract.id))
    return (await session.exec(statement)).all()


async def contract_with_code(
    session: AsyncSession, code: str, *, customer_id: int | None
) -> int | None:
    """The contract of a code, if it is this customer's."""
    statement = select(Contract.id).where(
        Contract.code == code, Contract.customer_id == customer_id
    )
    return (await session.exec(statement)).first()
