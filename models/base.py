"""What all tables share: column types, naming of constraints, and the row's identity."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: 64-bit identity; SQLite counts only INTEGER primary keys up by itself.
BigId = BigInteger().with_variant(Integer, "sqlite")
#: JSON text on SQLite, jsonb on PostgreSQL.
JsonColumn = JSON().with_variant(JSONB(), "postgresql")


class NaiveInstantError(ValueError):
    """An instant without a time zone reached the database."""


class TooPreciseAmountError(ValueError):
    """An amount with more decimals than its column has reached the database."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite forgets zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveInstantError(value.isoformat())
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Centavos(TypeDecorator[Decimal]):
    """Reais as Decimal in Python, whole centavos in the database: exact sums and order in SQL."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        cents = Decimal(value) * 100
        if cents != cents.to_integral_value():
            raise TooPreciseAmountError(str(value))
        return int(cents)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value).scaleb(-2)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeDecorator[Decimal]:  # noqa: ARG002
        return self


class TenThousandths(TypeDecorator[Decimal]):
    """Reais with four decimals, as carriers state tariffs; ten-thousandths in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        whole = Decimal(value).scaleb(4)
        if whole != whole.to_integral_value():
            raise TooPreciseAmountError(str(value))
        return int(whole)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value).scaleb(-4)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeDecorator[Decimal]:  # noqa: ARG002
        return self


def identity() -> Any:
    """The primary key that every table counts up by itself."""
    return Field(default=None, primary_key=True, sa_type=BigId)


def reference(target: str, *, index: bool = True, nullable: bool = False) -> Any:
    """A reference to a row of another table, `target` being "table.column"."""
    default: Any = None if nullable else ...
    return Field(default=default, foreign_key=target, index=index, nullable=nullable, sa_type=BigId)


def money(default: Any = ...) -> Any:
    """An amount in reais, two decimals, stored as whole centavos."""
    return Field(default=default, sa_type=Centavos, nullable=default is None)


def tariff(default: Any = ...) -> Any:
    """An amount in reais with four decimals."""
    return Field(default=default, sa_type=TenThousandths, nullable=default is None)


def instant(default: Any = ..., *, index: bool = False) -> Any:
    """An aware instant in UTC."""
    return Field(default=default, sa_type=UTCDateTime, index=index, nullable=default is None)


def facts() -> Any:
    """A small JSON object of plain values."""
    return Field(default_factory=dict, sa_type=JsonColumn, nullable=False)
