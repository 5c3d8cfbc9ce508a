"""What may be agreed and by whom: limits, offers, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Numeric, Select
from sqlalchemy import select as sql_select
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import AgreementInvoice, Role
from models.base import facts, identity, instant, money, reference
from models.customers import Customer
from models.people import Role as PeopleRole
from models.people import User, UserRole
from rules.agreement_limits import Limit, LimitForNoRole
from rules.agreement_requests import AgreementRequestNotFound, RequestStatus

#: A debt that went through more agreements than these has long been somebody's own case.
DEEPEST = 12


class AgreementLimit(SQLModel, table=True):
    """How far one role, or everybody, may go alone with debts that are so many days late."""

    __tablename__ = "agreement_limits"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    role: str = Field(default="", max_length=40, description="a role's code; empty: everybody's")
    from_days_late: int = 0
    most_discount_percent: Decimal = Field(default=Decimal(0), sa_type=Numeric(5, 2))
    least_down_percent: Decimal = Field(default=Decimal(0), sa_type=Numeric(5, 2))
    most_instalments: int = 12
    most_reagreements: int = 3
    is_active: bool = True


class AgreementOffer(SQLModel, table=True):
    """An agreement that the house offers for debts that are so many days late."""

    __tablename__ = "agreement_offers"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    from_days_late: int = 0
    discount_percent: Decimal = Field(default=Decimal(0), sa_type=Numeric(5, 2))
    discount_account_id: int | None = reference("ledger_accounts.id", nullable=True, index=False)
    increase_percent: Decimal = Field(default=Decimal(0), sa_type=Numeric(5, 2))
    increase_account_id: int | None = reference("ledger_accounts.id", nullable=True, index=False)
    instalments: int = 1
    first_due_days: int = 5
    tolerance_days: int = 10
    category_id: int = reference("agreement_categories.id", index=False)
    is_for_customers: bool = Field(default=False, description="stands on customers' own pages")
    is_active: bool = True


class AgreementRequest(SQLModel, table=True):
    """An agreement beyond its author's limit: the wizard's form, until a second person decides."""

    __tablename__ = "agreement_requests"
    __table_args__ = (Index("ix_agreement_requests_status", "status", "id"),)

    id: int | None = identity()
    customer_id: int = reference("customers.id")
    form: dict[str, Any] = facts()
    principal: Decimal = money()
    total: Decimal = money()
    excess: dict[str, Any] = facts()  #: {"told": [{message, params}, …]}
    note: str = Field(default="", max_length=300)
    status: str = Field(default=RequestStatus.WAITING, max_length=10)
    asked_at: datetime = instant()
    asked_by: str = Field(max_length=60)
    decided_at: datetime | None = instant(None)
    decided_by: str = Field(default="", max_length=60)
    reason: str = Field(default="", max_length=300)
    agreement_id: int | None = reference("agreements.id", nullable=True, index=False)

    @property
    def number(self) -> int:
        """The request's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


async def limits_in_force(session: AsyncSession) -> list[Limit]:
    """Every limit that is in use."""
    found = await session.exec(select(AgreementLimit).where(col(AgreementLimit.is_active)))
    return [
        Limit(
            from_days_late=each.from_days_late,
            role=each.role,
            most_discount_percent=each.most_discount_percent,
            least_down_percent=each.least_down_percent,
            most_instalments=each.most_instalments,
            most_reagreements=each.most_reagreements,
        )
        for each in found
    ]


async def check_role(session: AsyncSession, row: SQLModel) -> None:
    """This will refuse a limit for a role that nobody made (LimitForNoRole)."""
    assert isinstance(row, AgreementLimit)  # noqa: S101 - a registry checks its own rows
    known = select(PeopleRole.id).where(PeopleRole.code == row.role)
    if row.role and (await session.exec(known)).first() is None:
        raise LimitForNoRole(role=row.role)


async def roles_of(session: AsyncSession, login: str) -> frozenset[str]:
    """The codes of somebody's roles; none for who is not of the house."""
    statement = (
        select(PeopleRole.code)
        .join(UserRole, col(UserRole.role_id) == col(PeopleRole.id))
        .join(User, col(User.id) == col(UserRole.user_id))
        .where(User.login == login)
    )
    return frozenset(await session.exec(statement))


async def offers_in_force(
    session: AsyncSession, *, days_late: int, for_customers: bool, most: int
) -> Sequence[AgreementOffer]:
    """What the house offers for a debt of that age, those for the oldest first."""
    statement = select(AgreementOffer).where(
        col(AgreementOffer.is_active), AgreementOffer.from_days_late <= days_late
    )
    if for_customers:
        statement = statement.where(col(AgreementOffer.is_for_customers))
    ordered = statement.order_by(
        col(AgreementOffer.from_days_late).desc(), col(AgreementOffer.code)
    )
    return (await session.exec(ordered.limit(most))).all()


async def agreements_behind(session: AsyncSession, invoice_ids: Collection[int]) -> int:
    """Through how many agreements these debts have gone already, the longest way counted."""
    level: set[int] = set(invoice_ids)
    passed: set[int] = set()
    for depth in range(DEEPEST):
        agreements = set(await session.exec(_agreements_over(level))) - passed
        if not agreements:
            return depth
        passed |= agreements
        level = set(await session.exec(_originals_of(agreements)))
    return DEEPEST


def _agreements_over(invoice_ids: Collection[int]) -> Any:
    """The agreements that an invoice was in, be it as an original that was given back."""
    return select(AgreementInvoice.agreement_id).where(
        col(AgreementInvoice.invoice_id).in_(invoice_ids)
    )


def _originals_of(agreement_ids: Collection[int]) -> Any:
    return select(AgreementInvoice.invoice_id).where(
        col(AgreementInvoice.agreement_id).in_(agreement_ids),
        AgreementInvoice.role == Role.ORIGINAL,
    )


async def waiting_request(session: AsyncSession, customer_id: int) -> AgreementRequest | None:
    """What of a customer's waits for a second person; at most one does."""
    statement = select(AgreementRequest).where(
        AgreementRequest.customer_id == customer_id,
        AgreementRequest.status == RequestStatus.WAITING,
    )
    return (await session.exec(statement.limit(1))).first()


async def lock_request(session: AsyncSession, request_id: int) -> AgreementRequest:
    """This will read a request for deciding it. Raises AgreementRequestNotFound."""
    statement = select(AgreementRequest).where(AgreementRequest.id == request_id).with_for_update()
    request = (await session.exec(statement)).one_or_none()
    if request is None:
        raise AgreementRequestNotFound
    return request


async def newest_requests(
    session: AsyncSession, *, status: str | None, before: int | None, limit: int
) -> Sequence[AgreementRequest]:
    """Requests of one status or of all (None), the newest first, older than `before` if told."""
    statement = select(AgreementRequest).order_by(col(AgreementRequest.id).desc()).limit(limit)
    if before is not None:
        statement = statement.where(col(AgreementRequest.id) < before)
    if status:
        statement = statement.where(AgreementRequest.status == status)
    return (await session.exec(statement)).all()


def select_requests(*, status: str | None = None) -> Select[Any]:
    """Requests with their customers, as the list shows them."""
    statement: Any = sql_select(
        col(AgreementRequest.id).label("id"), col(Customer.name).label("customer"),
        col(AgreementRequest.asked_at).label("asked_at"),
        col(AgreementRequest.asked_by).label("asked_by"),
        col(AgreementRequest.principal).label("principal"),
        col(AgreementRequest.total).label("total"),
        col(AgreementRequest.status).label("status"),
        col(AgreementRequest.decided_by).label("decided_by"),
    ).join(Customer, col(Customer.id) == col(AgreementRequest.customer_id))  # fmt: skip
    if status:
        statement = statement.where(col(AgreementRequest.status) == status)
    found: Select[Any] = statement
    return found
