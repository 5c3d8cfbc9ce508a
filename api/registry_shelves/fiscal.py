"""The registry of the series that fiscal documents are numbered by."""

from __future__ import annotations

from pydantic import Field

from api.forms import Day
from api.language import N_
from api.registry import (
    ACTIVE,
    CODE,
    NAME,
    CodeAndName,
    FieldKind,
    Registry,
    RegistryField,
    choice,
    number,
)
from models.fiscal_documents import FiscalSeries, check_series
from rules.contract_words import SETUP_COMPOSITIONS
from rules.fiscal_documents import MOST_NUMBER, FiscalKind


class SeriesAsked(CodeAndName):
    """What is said of a series."""

    kind: FiscalKind
    series: int = Field(default=1, ge=0, le=999)
    next_number: int = Field(default=1, ge=1, le=MOST_NUMBER)
    since: Day


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "series-fiscais",
        N_("Séries fiscais"),
        N_("De que série e de que número em diante os documentos fiscais são numerados."),
        FiscalSeries,
        SeriesAsked,
        (
            CODE,
            NAME,
            choice("kind", N_("Documento"), SETUP_COMPOSITIONS),
            number("series", N_("Série"), is_required=True),
            number("next_number", N_("Próximo número"), is_required=True),
            RegistryField(
                "since",
                N_("Desde"),
                FieldKind.DAY,
                is_required=True,
                help=N_("Faturas emitidas antes deste dia não são numeradas."),
            ),
            ACTIVE,
        ),
        check=check_series,
    ),
)
