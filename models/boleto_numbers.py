"""Boleto numbers: under which number a bank knows the boleto of an invoice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint, func, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.invoices import Invoice
from models.registries import PaymentProfile
from rules.boleto_banks import BankAccount, bank_title


class BoletoNumber(SQLModel, table=True):
    """The number of an invoice's boleto at a profile's bank; none is ever given twice.

    `sequence` is the company's own running number, `our_number` what the bank makes of it. One
    that is retired is not collected any more; the invoice's next boleto takes another.
    """

    __tablename__ = "boleto_numbers"
    __table_args__ = (
        UniqueConstraint("payment_profile_id", "sequence"),
        Index(
            "uq_boleto_numbers_in_use", "invoice_id", "payment_profile_id", unique=True,
            sqlite_where=text("retired_at IS NULL"), postgresql_where=text("retired_at IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = identity()
    payment_profile_id: int = reference("payment_profiles.id", index=False)
    sequence: int = Field(sa_type=BigInteger)
    invoice_id: int = reference("invoices.id", index=False)
    our_number: str = Field(max_length=24, index=True)
    at: datetime = instant()
    retired_at: datetime | None = instant(None)


def bank_account(profile: PaymentProfile) -> BankAccount | None:
    """Where a profile's boletos are credited; None when it makes none."""
    if not (profile.bank and profile.branch):
        return None
    return BankAccount(
        bank=profile.bank,
        branch=profile.branch,
        account=profile.account,
        agreement=profile.agreement,
        wallet=profile.wallet,
        unit=profile.unit,
        variation=profile.variation,
    )


async def number_boleto(
    session: AsyncSession, invoice: Invoice, *, profile: PaymentProfile, at: datetime
) -> BoletoNumber:
    """This will give the invoice's boleto its number; asked again, the same one.

    The profile makes boletos. Refuses BankNumbersExhausted.
    """
    known = await _known(session, invoice, profile)
    if known is None:
        await _lock(session, profile)
        known = await _known(session, invoice, profile)
    return known or await _next(session, invoice, profile, at=at)


async def number_boletos(
    session: AsyncSession, invoices: Sequence[Invoice], *, profile: PaymentProfile, at: datetime
) -> Mapping[int, BoletoNumber]:
    """This will do as number_boleto for many invoices at once; gives their numbers by invoice."""
    await _lock(session, profile)
    keys = [invoice.key for invoice in invoices]
    columns = col(BoletoNumber.invoice_id)
    known = select(BoletoNumber).where(
        columns.in_(keys), BoletoNumber.payment_profile_id == profile.id,
        col(BoletoNumber.retired_at).is_(None),
    )  # fmt: skip
    found = {each.invoice_id: each for each in await session.exec(known)}
    account = bank_account(profile)
    assert account is not None  # noqa: S101 - the caller asks it of profiles that have one
    sequence = max(await last_number(session, profile.id or 0) + 1, profile.first_number)
    for key in keys:
        if key not in found:
            number = bank_title(account, sequence=sequence).our_number
            found[key] = BoletoNumber(
                payment_profile_id=profile.id or 0, sequence=sequence, invoice_id=key,
                our_number=number, at=at,
            )  # fmt: skip
            session.add(found[key])
            sequence += 1
    await session.flush()
    return found


async def last_number(session: AsyncSession, profile_id: int) -> int:
    """The last running number that a profile's boletos have taken; 0 before the first."""
    statement = select(func.max(BoletoNumber.sequence)).where(
        BoletoNumber.payment_profile_id == profile_id
    )
    return (await session.exec(statement)).one() or 0


async def _known(
    session: AsyncSession, invoice: Invoice, profile: PaymentProfile
) -> BoletoNumber | None:
    statement = select(BoletoNumber).where(
        BoletoNumber.invoice_id == invoice.id,
        BoletoNumber.payment_profile_id == profile.id,
        col(BoletoNumber.retired_at).is_(None),
    )
    return (await session.exec(statement)).one_or_none()


async def _next(
    session: AsyncSession, invoice: Invoice, profile: PaymentProfile, *, at: datetime
) -> BoletoNumber:
    account = bank_account(profile)
    assert account is not None  # noqa: S101 - the caller asks it of profiles that have one
    sequence = max(await last_number(session, profile.id or 0) + 1, profile.first_number)
    title = bank_title(account, sequence=sequence)
    row = BoletoNumber(
        payment_profile_id=profile.id or 0, sequence=sequence, invoice_id=invoice.key,
        our_number=title.our_number, at=at,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def _lock(session: AsyncSession, profile: PaymentProfile) -> None:
    """Two invoices that are numbered at once wait for each other."""
    statement = select(PaymentProfile.id).where(PaymentProfile.id == profile.id).with_for_update()
    await session.exec(statement)
