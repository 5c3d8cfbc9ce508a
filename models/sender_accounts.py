"""Sender accounts: under which name and address our e-mails leave."""

from __future__ import annotations

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity
from models.contracts import Contract
from models.invoices import Invoice
from models.messages import Message
from models.payment_profiles import profile_of
from models.registries import PaymentProfile
from rules.mail_addresses import ADDRESS
from rules.refusals import Refusal


class SenderAddressNotValid(Refusal):
    message = "Informe um endereço de e-mail."
    field = "address"


class DefaultSenderTaken(Refusal):
    message = "A conta %(name)s já é a padrão. Desmarque-a primeiro."
    field = "is_default"


class SenderAccount(SQLModel, table=True):
    """From whom e-mails come: `name` is what people read, `address` what they answer to.

    The mail server must let us send under it. One account is the default of what names none.
    """

    __tablename__ = "sender_accounts"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    address: str = Field(max_length=200)
    is_default: bool = False
    is_active: bool = True


async def check_sender(session: AsyncSession, row: SQLModel) -> None:
    """This will refuse what is no address, and a second default."""
    assert isinstance(row, SenderAccount)  # noqa: S101 - a registry checks its own rows
    if not ADDRESS.fullmatch(row.address):
        raise SenderAddressNotValid
    default = await _default(session) if row.is_default else None
    if default is not None and default.id != row.id:
        raise DefaultSenderTaken(name=default.name)


async def sender_of(session: AsyncSession, message: Message) -> SenderAccount | None:
    """From whom a message comes: whom it names, else its invoice's payment profile, else the
    default; None: the house's own address. An account out of use is passed over."""
    asked = (message.sender_account_id, await _of_invoice(session, message))
    for sender_id in asked:
        account = await session.get(SenderAccount, sender_id) if sender_id else None
        if account is not None and account.is_active:
            return account
    return await _default(session)


async def sender_of_contract(session: AsyncSession, contract: Contract) -> int | None:
    """The sender of a contract's payment profile; None where that names none."""
    profile = await session.get(PaymentProfile, contract.payment_profile_id or 0)
    return profile.sender_account_id if profile else None


async def own_addresses(session: AsyncSession) -> frozenset[str]:
    """Every address of ours: what comes from there is our own mail that came back."""
    found = await session.exec(select(SenderAccount.address))
    return frozenset(address.lower() for address in found)


async def _of_invoice(session: AsyncSession, message: Message) -> int | None:
    invoice = await session.get(Invoice, message.invoice_id or 0)
    profile = await profile_of(session, invoice) if invoice else None
    return profile.sender_account_id if profile else None


async def _default(session: AsyncSession) -> SenderAccount | None:
    statement = select(SenderAccount).where(SenderAccount.is_default, SenderAccount.is_active)
    return (await session.exec(statement.order_by(col(SenderAccount.id)))).first()
