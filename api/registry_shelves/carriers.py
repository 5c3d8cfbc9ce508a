"""The registry of carriers."""

from __future__ import annotations

from pydantic import Field

from api.language import N_
from api.registry import ACTIVE, CODE, NAME, CodeAndName, Registry, RegistryField
from models.carriers import Carrier
from rules.carrier_layouts import LAYOUTS


class CarrierAsked(CodeAndName):
    """What is said of a carrier."""

    cnpj: str = Field(default="", max_length=14, pattern=r"^([0-9A-Z]{12}\d{2})?$")
    layout: str = Field(default="", pattern=rf"^({'|'.join(LAYOUTS)})?$")


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "operadoras",
        N_("Operadoras"),
        N_("Quem cobra as linhas das empresas, e o leiaute dos seus arquivos."),
        Carrier,
        CarrierAsked,
        (
            CODE,
            NAME,
            RegistryField("cnpj", N_("CNPJ"), help=N_("Quatorze caracteres, sem pontuação.")),
            RegistryField(
                "layout",
                N_("Leiaute"),
                help=N_("febraban_v3r0, febraban_v2 ou tim_csv; em branco, qualquer um."),
            ),
            ACTIVE,
        ),
    ),
)
