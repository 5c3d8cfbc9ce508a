"""The registry of days on which the house does not work."""

from __future__ import annotations

from pydantic import Field

from api.forms import Day
from api.inputs import Input
from api.language import N_
from api.registry import ACTIVE, NAME, FieldKind, Registry, RegistryField
from models.calendars import Closure


class ClosureAsked(Input):
    """What is said of a day on which the house does not work."""

    day: Day
    name: str = Field(min_length=1, max_length=120)
    uf: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    calendar: str = Field(default="", max_length=12)
    is_active: bool = True


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "feriados",
        N_("Feriados e recessos"),
        N_("Dias da empresa ou do município; os nacionais e estaduais já são conhecidos."),
        Closure,
        ClosureAsked,
        (
            RegistryField("day", N_("Dia"), FieldKind.DAY, is_required=True),
            NAME,
            RegistryField("uf", N_("UF"), help=N_("Em branco, vale em todo lugar.")),
            RegistryField(
                "calendar",
                N_("Calendário"),
                help=N_("Código de um calendário, como o do município; em branco, em todos."),
            ),
            ACTIVE,
        ),
        default_sort="-day",
    ),
)
