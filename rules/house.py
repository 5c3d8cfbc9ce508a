"""What holds of the whole house: where its clocks stand."""

from __future__ import annotations

from dataclasses import dataclass

from rules.business_days import BRASILIA
from rules.contact_window import TIME_ZONES

#: Of Brazil, beside those of the states' capitals: Fernando de Noronha, and the west of Amazonas.
ZONES = tuple(sorted({*TIME_ZONES.values(), "America/Noronha", "America/Eirunepe"}))


@dataclass(frozen=True)
class HousePolicy:
    """The zone of every day, hour and deadline that names none of its own."""

    time_zone: str = BRASILIA
