"""Carriers, and the accounts that companies have with them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, UniqueConstraint
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, reference
from models.carrier_agreements import CarrierAgreement
from models.carrier_mappings import layout_names
from models.customers import Customer
from models.folding import any_holds
from rules.refusals import Refusal

#: So many of the newest customers are offered where one is to be told by its code.
OFFERED = 100


class CarrierAccountNotFound(Refusal):
    message = "Esta conta de operadora não existe."


class CarrierAccountTaken(Refusal):
    message = "A conta %(number)s desta operadora já está cadastrada."
    field = "number"


class CarrierAccountNotRegistered(Refusal):
    message = "A conta %(number)s não está cadastrada. Cadastre-a e envie o arquivo de novo."


class CarrierLayoutDiffers(Refusal):
    message = (
        "A conta %(number)s é de %(carrier)s, que está no cadastro com o leiaute %(known)s; o "
        "arquivo é %(layout)s. Corrija o leiaute da operadora (em branco, qualquer um), ou peça o "
        "outro arquivo."
    )


class CarrierAccountAmbiguous(Refusal):
    message = (
        "A conta %(number)s está cadastrada em mais de uma operadora. Deixe ativa só a do arquivo,"
        " e envie-o de novo."
    )


class CarrierChosenUnknown(Refusal):
    message = "Não existe operadora ativa com o código %(code)s."
    field = "carrier"


class CompanyChosenUnknown(Refusal):
    message = "Não existe cliente com o código %(code)s."
    field = "company"


class Carrier(SQLModel, table=True):
    """Who bills. `layout` says whose a file is when two carriers have accounts of one number."""

    __tablename__ = "carriers"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    cnpj: str = Field(default="", max_length=14)
    layout: str = Field(default="", max_length=40)
    is_active: bool = True


class CarrierAccount(SQLModel, table=True):
    """What a company is billed under; `number` without the zeros that files put before it."""

    __tablename__ = "carrier_accounts"
    __table_args__ = (UniqueConstraint("carrier_id", "number"),)

    id: int | None = identity()
    carrier_id: int = reference("carriers.id", index=False)
    customer_id: int = reference("customers.id")
    agreement_id: int | None = reference("carrier_agreements.id", nullable=True)
    number: str = Field(max_length=25, index=True)
    name: str = Field(default="", max_length=120)
    expected_since: date | None = Field(default=None, description="first month it is expected of")
    expected_day: int = Field(default=1, ge=1, le=31, description="day of the month it comes by")
    closing_day: int | None = Field(default=None, ge=1, le=31, description="last day it bills")
    is_active: bool = True

    @property
    def key(self) -> int:
        """The account's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


def normalise_account(text: str) -> str:
    """This will write an account's number one way: no blanks, no zeros in front; of zeros one."""
    bare = text.strip().upper()
    return bare.lstrip("0") or bare[:1]


async def account_of(session: AsyncSession, account_id: int) -> CarrierAccount:
    """This will read an account. Refuses one that does not exist (CarrierAccountNotFound)."""
    account = await session.get(CarrierAccount, account_id)
    if account is None:
        raise CarrierAccountNotFound
    return account


async def account_of_file(
    session: AsyncSession, *, number: str, layout: str, company_id: int | None = None
) -> CarrierAccount:
    """This will find whose file it is, an account of a carrier of this layout before any other.

    `company_id`: whose own people sent it, and hear of no other company's account. Refuses
    CarrierAccountNotRegistered, CarrierLayoutDiffers where its carrier writes other files, and
    CarrierAccountAmbiguous where two carriers have it.
    """
    statement = (
        select(CarrierAccount, Carrier)
        .join(Carrier, col(Carrier.id) == col(CarrierAccount.carrier_id))
        .where(CarrierAccount.number == normalise_account(number), CarrierAccount.is_active)
        .order_by(col(CarrierAccount.id))
    )
    if company_id is not None:
        statement = statement.where(CarrierAccount.customer_id == company_id)
    found = (await session.exec(statement)).all()
    exact = [account for account, carrier in found if carrier.layout == layout]
    open_to_any = [account for account, carrier in found if not carrier.layout]
    candidates = exact or open_to_any
    if not found:
        raise CarrierAccountNotRegistered(number=number.strip())
    if not candidates:
        carrier, names = found[0][1], await layout_names(session)
        raise CarrierLayoutDiffers(
            number=number.strip(), carrier=carrier.name,
            known=names.get(carrier.layout, carrier.layout), layout=names.get(layout, layout),
        )  # fmt: skip
    if len(candidates) > 1:
        raise CarrierAccountAmbiguous(number=number.strip())
    return candidates[0]


async def check_account_free(session: AsyncSession, account: CarrierAccount) -> None:
    """Refuses a number that another account of the carrier has (CarrierAccountTaken)."""
    statement = select(CarrierAccount.id).where(
        CarrierAccount.carrier_id == account.carrier_id,
        CarrierAccount.number == account.number,
        CarrierAccount.id != (account.id or 0),
    )
    with session.no_autoflush:
        if (await session.exec(statement)).first() is not None:
            raise CarrierAccountTaken(number=account.number)


async def carrier_called(session: AsyncSession, code: str) -> int:
    """The carrier of a code. Refuses CarrierChosenUnknown."""
    statement = select(Carrier.id).where(Carrier.code == code, Carrier.is_active)
    found = (await session.exec(statement)).first()
    if found is None:
        raise CarrierChosenUnknown(code=code)
    return found


async def company_called(session: AsyncSession, code: str) -> int:
    """The customer of a code. Refuses CompanyChosenUnknown."""
    found = (await session.exec(select(Customer.id).where(Customer.code == code))).first()
    if found is None:
        raise CompanyChosenUnknown(code=code)
    return found


async def company_choices(session: AsyncSession) -> list[tuple[str, str]]:
    """Companies to choose from where one is told by its code, as (code, name).

    Those that a carrier bills, and the newest customers; any other is typed.
    """
    newest = select(Customer).order_by(col(Customer.id).desc()).limit(OFFERED)
    found = {each.code: each.name for each in await session.exec(newest)}
    found |= {each.code: each.name for each in await companies_billed(session)}
    return sorted(found.items(), key=lambda each: each[1])


async def companies_billed(session: AsyncSession) -> list[Customer]:
    """Whoever a carrier bills, by name."""
    billed = select(CarrierAccount.customer_id)
    statement = select(Customer).where(col(Customer.id).in_(billed)).order_by(Customer.name)
    return list(await session.exec(statement))


async def carrier_choices(session: AsyncSession) -> list[tuple[str, str]]:
    """The carriers in use, as (code, name)."""
    statement = select(Carrier.code, Carrier.name).where(Carrier.is_active)
    return [(code, name) for code, name in await session.exec(statement.order_by(Carrier.name))]


def select_accounts(*, search: str | None = None) -> Select[Any]:
    """Every account, with its carrier, company and agreement."""
    columns: tuple[Any, ...] = (
        col(CarrierAccount.id).label("id"),
        col(CarrierAccount.number).label("number"),
        col(CarrierAccount.name).label("name"),
        col(CarrierAccount.expected_since).label("expected_since"),
        col(CarrierAccount.expected_day).label("expected_day"),
        col(CarrierAccount.closing_day).label("closing_day"),
        col(CarrierAccount.is_active).label("is_active"),
        col(Carrier.name).label("carrier"),
        col(Carrier.code).label("carrier_code"),
        col(Customer.name).label("company"),
        col(Customer.code).label("company_code"),
        col(CarrierAccount.agreement_id).label("agreement_id"),
        col(CarrierAgreement.name).label("agreement"),
    )
    statement = (
        select_columns(*columns)
        .join(Carrier, col(Carrier.id) == col(CarrierAccount.carrier_id))
        .join(Customer, col(Customer.id) == col(CarrierAccount.customer_id))
        .outerjoin(CarrierAgreement, col(CarrierAgreement.id) == col(CarrierAccount.agreement_id))
    )
    if search:
        places = (CarrierAccount.number, CarrierAccount.name, Customer.name)
        statement = statement.where(any_holds(places, search))
    return statement
