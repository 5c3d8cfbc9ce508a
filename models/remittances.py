"""Remittances to banks, and what each told of which boleto."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Select, UniqueConstraint, and_, exists, func, literal, or_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bank_returns import BankReturnLine
from models.base import identity, instant, money, reference
from models.boleto_instructions import BoletoInstruction
from models.boleto_numbers import BoletoNumber
from models.bulk import BulkRun
from models.contracts import Contract
from models.customers import Customer
from models.imports import AT_ONCE
from models.invoices import Invoice
from models.registries import PaymentProfile
from models.rows import rows_of
from rules.bank_returns import LineOutcome
from rules.boleto_instructions import InstructionKind, InstructionStatus, ToldAmount, ToldKind
from rules.contracts import PaymentMethod
from rules.panels import InvoiceStatus
from rules.refusals import Refusal
from rules.remittance_titles import Movement

#: Titles of one file, and instructions beside them; the others go with the next one.
MOST = 10_000
#: How the batches of instructions begin that left within a file.
BATCH = "remessa-"
BY_BOLETO = tuple(each for each in PaymentMethod if each.has_boleto)


class RemittanceNotFound(Refusal):
    message = "Esta remessa não existe."


class Remittance(SQLModel, table=True):
    """A file for a profile's bank: the so many-th of them, and what it holds."""

    __tablename__ = "remittances"
    __table_args__ = (UniqueConstraint("payment_profile_id", "sequence"),)

    id: int | None = identity()
    payment_profile_id: int = reference("payment_profiles.id", index=False)
    sequence: int
    titles: int
    instructions: int
    amount: Decimal = money()
    at: datetime = instant()
    by: str = Field(max_length=60)

    @property
    def number(self) -> int:
        """The remittance's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class RemittanceTitle(SQLModel, table=True):
    """What a file told of a boleto, as it stood then."""

    __tablename__ = "remittance_titles"
    __table_args__ = (
        UniqueConstraint("remittance_id", "boleto_number_id", "movement"),
        Index("ix_remittance_titles_number", "boleto_number_id", "movement"),
    )

    id: int | None = identity()
    remittance_id: int = reference("remittances.id", index=False)
    boleto_number_id: int = reference("boleto_numbers.id", index=False)
    movement: str = Field(max_length=2)
    due_date: date
    amount: Decimal = money()
    rebate: Decimal = money(Decimal(0))
    discount: Decimal = money(Decimal(0))


async def remittance_of(session: AsyncSession, remittance_id: int) -> Remittance:
    """This will read a remittance. Refuses an unknown one (RemittanceNotFound)."""
    found = await session.get(Remittance, remittance_id)
    if found is None:
        raise RemittanceNotFound
    return found


async def next_sequence(session: AsyncSession, profile: PaymentProfile) -> int:
    """The number of a profile's next file; banks refuse one that they had."""
    last = select(func.max(Remittance.sequence)).where(Remittance.payment_profile_id == profile.id)
    return max(((await session.exec(last)).one() or 0) + 1, profile.first_remittance)


def _of_profile(profile: PaymentProfile) -> Any:
    own = col(Invoice.payment_profile_id) == profile.id
    return or_(own, col(Invoice.payment_profile_id).is_(None)) if profile.is_default else own


def _to_register(profile: PaymentProfile, *, today: date) -> Any:
    """Open boletos not yet due that the bank was not told of, or turned down since."""
    was_told = (
        select(RemittanceTitle.id)
        .join(BoletoNumber, col(BoletoNumber.id) == col(RemittanceTitle.boleto_number_id))
        .join(Remittance, col(Remittance.id) == col(RemittanceTitle.remittance_id))
        .where(
            BoletoNumber.invoice_id == Invoice.id,
            col(BoletoNumber.retired_at).is_(None),
            BoletoNumber.payment_profile_id == profile.id,
            RemittanceTitle.movement == Movement.ENTRY,
            ~_turned_down(col(Remittance.at)),
        )
    )
    # Called back and numbered anew; what another system remitted stays with it.
    told_before = exists().where(
        col(BoletoNumber.invoice_id) == col(Invoice.id),
        col(RemittanceTitle.boleto_number_id) == col(BoletoNumber.id),
    )
    return and_(
        col(Invoice.status) == InvoiceStatus.OPEN,
        col(Invoice.due_date) >= today,
        col(Invoice.open_amount) > 0,
        _of_profile(profile),
        or_(~col(Invoice.remittance_generated), told_before),
        or_(col(Contract.id).is_(None), col(Contract.payment_method).in_(BY_BOLETO)),
        ~was_told.exists(),
    )


def _turned_down(since: Any) -> Any:
    """Whether a return file told of a refused entry after an instant."""
    run = aliased(BulkRun)
    return (
        select(BankReturnLine.id)
        .join(run, col(run.id) == col(BankReturnLine.run_id))
        .where(
            BankReturnLine.invoice_id == Invoice.id,
            BankReturnLine.outcome == LineOutcome.REJECTED,
            col(run.requested_at) > since,
        )
        .exists()
    )


async def invoices_to_register(
    session: AsyncSession, profile: PaymentProfile, *, today: date
) -> Sequence[Invoice]:
    """The invoices whose boletos the bank is to be told of, locked, those due first before."""
    statement = (
        select(Invoice)
        .outerjoin(Contract, col(Contract.id) == col(Invoice.contract_id))
        .where(_to_register(profile, today=today))
        .order_by(col(Invoice.due_date), col(Invoice.id))
        .limit(MOST)
        .with_for_update(of=Invoice)
    )
    return (await session.exec(statement)).all()


async def waiting_for(session: AsyncSession, profile: PaymentProfile, *, today: date) -> int:
    """How many boletos and instructions a profile's next file would hold, at most MOST boletos."""
    boletos = (
        select(func.count())
        .select_from(Invoice)
        .outerjoin(Contract, col(Contract.id) == col(Invoice.contract_id))
        .where(_to_register(profile, today=today))
    )
    told = (
        select(func.count())
        .select_from(BoletoInstruction)
        .join(BoletoNumber, col(BoletoNumber.id) == col(BoletoInstruction.boleto_number_id))
        .where(
            BoletoInstruction.status == InstructionStatus.PENDING,
            BoletoNumber.payment_profile_id == profile.id,
        )
    )
    return (await session.exec(boletos)).one() + (await session.exec(told)).one()


async def titles_of(session: AsyncSession, remittance_id: int) -> Sequence[Any]:
    """What a file told, title by title, with its payer as he is known now."""
    own = ("movement", "due_date", "amount", "rebate", "discount")
    payer = ("name", "document", "street", "city", "uf", "postal_code")
    statement: Any = (
        sql_select(
            *(col(getattr(RemittanceTitle, name)).label(name) for name in own),
            *(col(getattr(Customer, name)).label(name) for name in payer),
            col(BoletoNumber.sequence).label("sequence"), col(Invoice.code).label("code"),
            col(Invoice.number).label("number"), col(Invoice.issue_date).label("issue_date"),
            col(Contract.telecom_service).label("telecom_service"),
        )
        .join(BoletoNumber, col(BoletoNumber.id) == col(RemittanceTitle.boleto_number_id))
        .join(Invoice, col(Invoice.id) == col(BoletoNumber.invoice_id))
        .outerjoin(Contract, col(Contract.id) == col(Invoice.contract_id))
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .where(col(RemittanceTitle.remittance_id) == remittance_id)
        .order_by(col(RemittanceTitle.id))
    )  # fmt: skip
    return await rows_of(session, statement)


async def told_of_amounts(
    session: AsyncSession, number_ids: Sequence[int]
) -> dict[int, list[ToldAmount]]:
    """What banks were told of what these boletos come to, in order: by files, and by CSV."""
    by_file: Any = (
        sql_select(
            col(RemittanceTitle.boleto_number_id), col(Remittance.at), literal(1),
            col(RemittanceTitle.id), col(RemittanceTitle.movement), col(RemittanceTitle.amount),
            col(RemittanceTitle.rebate),
        )
        .join(Remittance, col(Remittance.id) == col(RemittanceTitle.remittance_id))
    )  # fmt: skip
    by_csv: Any = sql_select(
        col(BoletoInstruction.boleto_number_id), col(BoletoInstruction.exported_at), literal(2),
        col(BoletoInstruction.id), col(BoletoInstruction.kind), col(BoletoInstruction.amount),
        col(BoletoInstruction.amount),
    ).where(
        col(BoletoInstruction.status) == InstructionStatus.EXPORTED,
        ~col(BoletoInstruction.batch).startswith(BATCH),
    )  # fmt: skip
    rows: list[Any] = []
    for start in range(0, len(number_ids), AT_ONCE):
        part = number_ids[start : start + AT_ONCE]
        for each, table in ((by_file, RemittanceTitle), (by_csv, BoletoInstruction)):
            rows += await session.exec(each.where(col(table.boleto_number_id).in_(part)))
    found: dict[int, list[ToldAmount]] = {}
    for number_id, _, _, _, told, amount, rebate in sorted(rows, key=lambda row: row[:4]):
        found.setdefault(number_id, []).extend(_told(told, amount, rebate))
    return found


def _told(told: str, amount: Decimal, rebate: Decimal) -> Iterator[ToldAmount]:
    """What a movement of a file, or an instruction of a CSV, says of the amount."""
    match told:
        case Movement.ENTRY:
            yield ToldAmount(ToldKind.ENTRY, amount)
        case Movement.NEW_AMOUNT:
            yield ToldAmount(ToldKind.AMOUNT, amount)
        case Movement.REBATE | InstructionKind.REBATE:
            yield ToldAmount(ToldKind.REBATE, rebate)
        case Movement.NO_REBATE | InstructionKind.NO_REBATE:
            yield ToldAmount(ToldKind.REBATE, Decimal(0))
        case InstructionKind.NEW_DUE_DATE if amount:  # what is then to be paid, whatever was before
            yield ToldAmount(ToldKind.ENTRY, amount)


def select_remittances() -> Select[Any]:
    """Remittances as they are listed, with their profiles."""
    own = ("id", "sequence", "titles", "instructions", "amount", "at", "by")
    profile = ("payment_profile_id", "profile", "bank")
    columns = (PaymentProfile.id, PaymentProfile.name, PaymentProfile.bank)
    statement: Any = sql_select(
        *(col(getattr(Remittance, name)).label(name) for name in own),
        *(col(column).label(name) for name, column in zip(profile, columns, strict=True)),
    ).join(PaymentProfile, col(PaymentProfile.id) == col(Remittance.payment_profile_id))
    found: Select[Any] = statement
    return found


async def profiles_with_bank(session: AsyncSession) -> Sequence[PaymentProfile]:
    """The profiles in use that make boletos, by name."""
    statement = select(PaymentProfile).where(
        PaymentProfile.is_active, PaymentProfile.bank != "", PaymentProfile.branch != ""
    )
    return (await session.exec(statement.order_by(col(PaymentProfile.name)))).all()
