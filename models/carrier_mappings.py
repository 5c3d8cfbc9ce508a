"""Layouts of CSVs that administrators told, version by version; what was read keeps its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, UniqueConstraint, func
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant
from models.folding import any_holds
from rules.carrier_layouts import LAYOUTS
from rules.carrier_mappings import (
    OF_VERSION,
    CsvMapping,
    DayForm,
    DurationForm,
    Point,
    Separator,
    Target,
)
from rules.carrier_records import Layout
from rules.refusals import Refusal


class CarrierMappingNotFound(Refusal):
    message = "Este mapeamento não existe."


class CarrierMappingTaken(Refusal):
    message = "Já existe um leiaute com o código %(code)s."
    field = "code"


class CarrierMapping(SQLModel, table=True):
    """One version of a mapping; the newest of a code is the one that reads files, if active.

    `told` is all else that it says, as rules/carrier_mappings.py knows it.
    """

    __tablename__ = "carrier_mappings"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: int | None = identity()
    code: str = Field(min_length=1, max_length=30)
    version: int = Field(ge=1)
    name: str = Field(min_length=1, max_length=80)
    told: dict[str, Any] = facts()
    is_active: bool = True
    made_at: datetime = instant()
    made_by: str = Field(max_length=60)

    def as_layout(self) -> CsvMapping:
        """As files are read by it."""
        told = self.told
        return CsvMapping(
            code=self.code, name=self.name, version=self.version, columns=told["columns"],
            words={word: Target(target) for word, target in told["words"].items()},
            separator=Separator(told["separator"]), point=Point(told["point"]),
            day_form=DayForm(told["day_form"]), duration_form=DurationForm(told["duration_form"]),
            otherwise=Target(told["otherwise"]) if told["otherwise"] else None,
            account=told["account"],
        )  # fmt: skip


def told_of(mapping: CsvMapping) -> dict[str, Any]:
    """What a row keeps of a mapping."""
    return {
        "columns": dict(mapping.columns), "words": {w: str(t) for w, t in mapping.words.items()},
        "separator": mapping.separator.value, "point": mapping.point.value,
        "day_form": mapping.day_form.value, "duration_form": mapping.duration_form.value,
        "otherwise": mapping.otherwise.value if mapping.otherwise else "",
        "account": mapping.account,
    }  # fmt: skip


async def newest_of(session: AsyncSession, code: str) -> CarrierMapping:
    """This will read a mapping as it is now. Refuses CarrierMappingNotFound."""
    statement = select(CarrierMapping).where(CarrierMapping.code == code)
    found = await session.exec(statement.order_by(col(CarrierMapping.version).desc()).limit(1))
    row = found.first()
    if row is None:
        raise CarrierMappingNotFound
    return row


async def versions_of(session: AsyncSession, code: str) -> Sequence[CarrierMapping]:
    """All that a mapping ever said, the newest first."""
    statement = select(CarrierMapping).where(CarrierMapping.code == code)
    return (await session.exec(statement.order_by(col(CarrierMapping.version).desc()))).all()


async def check_code_free(session: AsyncSession, code: str) -> None:
    """Refuses a code that another layout has (CarrierMappingTaken)."""
    statement = select(CarrierMapping.id).where(CarrierMapping.code == code)
    if code in LAYOUTS or (await session.exec(statement)).first() is not None:
        raise CarrierMappingTaken(code=code)


async def layouts_in_use(session: AsyncSession) -> list[CsvMapping]:
    """The mappings by which files are told, each as it is now."""
    statement = select(CarrierMapping).where(
        col(CarrierMapping.id).in_(_newest()), CarrierMapping.is_active
    )
    found = await session.exec(statement.order_by(CarrierMapping.code))
    return [row.as_layout() for row in found]


async def layout_of(session: AsyncSession, key: str) -> Layout:
    """The layout that a file was read by, in the version of that day.

    Refuses CarrierMappingNotFound.
    """
    if key in LAYOUTS:
        return LAYOUTS[key]
    code, _, version = key.partition(OF_VERSION)
    statement = select(CarrierMapping).where(
        CarrierMapping.code == code, CarrierMapping.version == int(version or 0)
    )
    row = (await session.exec(statement)).first()
    if row is None:
        raise CarrierMappingNotFound
    return row.as_layout()


async def has_layout(session: AsyncSession, code: str) -> bool:
    """Whether a carrier's files may be said to be of this layout."""
    statement = select(CarrierMapping.id).where(CarrierMapping.code == code)
    return code in LAYOUTS or (await session.exec(statement)).first() is not None


async def layout_names(session: AsyncSession) -> Mapping[str, str]:
    """What each layout that may be chosen is called, by its code."""
    told = {key: layout.name for key, layout in LAYOUTS.items()}
    return told | {each.code: each.name for each in await layouts_in_use(session)}


def select_mappings(*, search: str | None) -> Select[Any]:
    """Every mapping as it is now."""
    names = ("id", "code", "version", "name", "is_active", "made_at", "made_by")
    columns: list[Any] = [col(getattr(CarrierMapping, name)).label(name) for name in names]
    statement = select_columns(*columns).where(col(CarrierMapping.id).in_(_newest()))
    if search:
        places = (col(CarrierMapping.code), col(CarrierMapping.name))
        statement = statement.where(any_holds(places, search))
    return statement


def _newest() -> Select[Any]:
    return select_columns(func.max(col(CarrierMapping.id))).group_by(col(CarrierMapping.code))
