"""A spreadsheet of tariffs taken in: new ones added, changed ones changed, the others left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_agreements import CarrierTariff, agreement_of, tariffs_by_identity
from models.imports import insert_rows
from models.people import Deed, record
from rules.carrier_tariffs import identity_of


@dataclass(frozen=True)
class TariffsTaken:
    """How many tariffs of a file are new, how many were changed, and how many stood so already."""

    new: int
    changed: int
    same: int


async def take_in(
    session: AsyncSession, agreement_id: int, rows: Sequence[Mapping[str, Any]], *, deed: Deed
) -> TariffsTaken:
    """This will have an agreement's tariffs say what a file says; those it leaves out stay.

    A tariff is known by its kind, code, base, line and first day: beside another like it, it
    would count twice, an allowance doubled, a discount asked for again. Refuses
    CarrierAgreementNotFound.
    """
    await agreement_of(session, agreement_id)
    known = await tariffs_by_identity(session, agreement_id)
    asked = {identity_of(row): row for row in rows}
    fresh = [row for key, row in asked.items() if key not in known]
    changed = [
        known[key] for key, row in asked.items() if key in known and _differs(known[key], row)
    ]
    for tariff in changed:
        tariff.sqlmodel_update(dict(asked[identity_of(tariff.model_dump())]))
    session.add_all(changed)
    await insert_rows(
        session, CarrierTariff, [{"agreement_id": agreement_id, **row} for row in fresh]
    )
    record(
        session, deed, "carrier_tariffs.import", subject=f"carrier_agreements/{agreement_id}",
        new=len(fresh), changed=len(changed),
    )  # fmt: skip
    return TariffsTaken(len(fresh), len(changed), len(rows) - len(fresh) - len(changed))


def _differs(tariff: CarrierTariff, row: Mapping[str, Any]) -> bool:
    return any(getattr(tariff, name) != value for name, value in row.items())
