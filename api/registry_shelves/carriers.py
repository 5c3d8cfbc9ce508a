"""The registries of carriers and of the cost centres that bear their invoices."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import Field
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.forms import Amount, Cnpj
from api.language import N_
from api.registry import ACTIVE, CODE, NAME, CodeAndName, Registry, RegistryField, money, number
from models.carrier_mappings import has_layout, layout_names
from models.carriers import Carrier, company_called, company_choices
from models.cost_allocation import CostCentre
from models.cost_centres import adopt, check_code_free, known_centres
from models.usage_limits import LineLimit
from rules.refusals import Refusal


class CarrierAsked(CodeAndName):
    """What is said of a carrier."""

    cnpj: Cnpj = Field(default="", max_length=20)
    layout: str = Field(default="", max_length=30)


class LineLimitAsked(CodeAndName):
    """What is said of a limit of usage."""

    company: str = Field(default="", max_length=40)
    number: str = Field(default="", max_length=25)
    cost_centre: str = Field(default="", max_length=60)
    amount: Amount = Decimal(0)
    allowed: str = Field(default="", max_length=300)


class CostCentreAsked(CodeAndName):
    """What is said of a cost centre."""

    code: str = Field(min_length=1, max_length=60)
    company: str = Field(default="", max_length=40)
    headcount: int = Field(default=0, ge=0, le=1_000_000)
    ledger_code: str = Field(default="", max_length=40)


class CarrierLayoutWrong(Refusal):
    message = "Não existe leiaute com este código; há: %(known)s."
    field = "layout"


async def _check_layout(session: AsyncSession, row: SQLModel) -> None:
    """A carrier's files are of a layout of ours, or of a mapping that was told."""
    assert isinstance(row, Carrier)  # noqa: S101 - for the type
    if row.layout and not await has_layout(session, row.layout):
        raise CarrierLayoutWrong(known=", ".join(await layout_names(session)))


async def _name_centre(session: AsyncSession, row: SQLModel) -> None:
    """A limit's cost centre is told by code or name, and kept by its code."""
    assert isinstance(row, LineLimit)  # noqa: S101 - for the type
    await _check_company(session, row)
    centres = await known_centres(session, row.company)
    row.cost_centre = centres.code_of(row.cost_centre)


async def _check_company(session: AsyncSession, row: SQLModel) -> None:
    """What is one company's names a customer that is there; left blank, it is everybody's."""
    assert isinstance(row, LineLimit | CostCentre)  # noqa: S101 - for the type
    row.company = row.company.strip()
    if row.company:
        await company_called(session, row.company)


async def _check_centre(session: AsyncSession, row: SQLModel) -> None:
    """Its code is its company's alone, or everybody's."""
    assert isinstance(row, CostCentre)  # noqa: S101 - for the type
    await _check_company(session, row)
    await check_code_free(session, row)


async def _adopted(
    session: AsyncSession, row: CostCentre, /, *, was: Mapping[str, Any], **_told: Any
) -> None:
    """What named it by another code or in other words names its code."""
    await adopt(session, row, code_was=was.get("code", ""))


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
            RegistryField("cnpj", N_("CNPJ")),
            RegistryField(
                "layout",
                N_("Leiaute"),
                help=N_(
                    "febraban_v3r0, febraban_v2, tim_csv ou o código de um mapeamento; "
                    "em branco, qualquer um."
                ),
            ),
            ACTIVE,
        ),
        check=_check_layout,
    ),
    Registry(
        "centros",
        N_("Centros de custo"),
        N_(
            "Entre quem as faturas das operadoras são rateadas. Linhas e limites dizem o código ou"
            " o nome, com ou sem acentos."
        ),
        CostCentre,
        CostCentreAsked,
        (
            CODE,
            NAME,
            RegistryField(
                "company",
                N_("Código da empresa"),
                help=N_("O código do cliente; em branco, de todas."),
                offered=company_choices,
            ),
            number("headcount", N_("Pessoas"), help=N_("Para o rateio pelo número de pessoas.")),
            RegistryField(
                "ledger_code",
                N_("Código contábil"),
                help=N_("Como a contabilidade o chama; em branco, o próprio código."),
            ),
            ACTIVE,
        ),
        default_sort="code",
        check=_check_centre,
        follow=_adopted,
    ),
    Registry(
        "limites",
        N_("Limites de uso"),
        N_("O que cada linha ou centro de custo pode gastar e usar; passar vira tarefa."),
        LineLimit,
        LineLimitAsked,
        (
            CODE,
            NAME,
            RegistryField(
                "company",
                N_("Código da empresa"),
                help=N_("O código do cliente; em branco, de todas."),
                offered=company_choices,
            ),
            RegistryField("number", N_("Linha"), help=N_("Em branco: cada linha por si.")),
            RegistryField(
                "cost_centre",
                N_("Centro de custo"),
                help=N_("Com ele, o limite é da soma das suas linhas."),
            ),
            money("amount", N_("Gasto por mês"), help=N_("Zero: sem limite de gasto.")),
            RegistryField(
                "allowed",
                N_("Serviços permitidos"),
                help=N_(
                    "Categorias, siglas, planos ou inícios de descrição, com vírgulas; "
                    "em branco, todos."
                ),
                is_extra=True,
            ),
            ACTIVE,
        ),
        check=_name_centre,
    ),
)
