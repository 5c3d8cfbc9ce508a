"""Payment profiles: which one an invoice is collected by, and what a profile must hold."""

from __future__ import annotations

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.boleto_numbers import bank_account
from models.invoices import Invoice
from models.registries import PaymentProfile
from rules.boleto_banks import check_account
from rules.pix import PixKeyNotValid, as_pix_key, is_pix_key
from rules.refusals import Refusal


class BranchMissing(Refusal):
    message = "Informe a agência: sem ela este profile não emite boletos."
    field = "branch"


class DefaultProfileTaken(Refusal):
    message = "O profile %(name)s já é o padrão. Desmarque-o primeiro."
    field = "is_default"


async def profile_of(session: AsyncSession, invoice: Invoice) -> PaymentProfile | None:
    """The profile that an invoice is collected by: its own, else the default; None without both."""
    return await profile_or_default(session, invoice.payment_profile_id)


async def profile_or_default(
    session: AsyncSession, profile_id: int | None
) -> PaymentProfile | None:
    """The profile that invoices of this one are collected by; None: of those that name none."""
    if profile_id is not None:
        return await session.get(PaymentProfile, profile_id)
    return await default_profile(session)


async def check_profile(session: AsyncSession, profile: SQLModel) -> None:
    """This will refuse a profile that could make no boleto or Pix of what it says.

    BranchMissing, BankWithoutBoleto, BankDigitsWrong, PixKeyNotValid, and a second default
    (DefaultProfileTaken). A profile without branch and Pix key makes neither, and is fine.
    """
    assert isinstance(profile, PaymentProfile)  # noqa: S101 - a registry checks its own rows
    account = bank_account(profile)
    if account is not None:
        check_account(account)
    elif profile.account or profile.agreement or profile.wallet or profile.unit:
        raise BranchMissing
    profile.pix_key = as_pix_key(profile.pix_key)
    if profile.pix_key and not is_pix_key(profile.pix_key):
        raise PixKeyNotValid
    default = await default_profile(session) if profile.is_default else None
    if default is not None and default.id != profile.id:
        raise DefaultProfileTaken(name=default.name)


async def default_profile(session: AsyncSession) -> PaymentProfile | None:
    """What invoices that name none are collected by; None where the house has no such one."""
    statement = (
        select(PaymentProfile)
        .where(PaymentProfile.is_default, PaymentProfile.is_active)
        .order_by(col(PaymentProfile.id))
    )
    return (await session.exec(statement)).first()
