"""The registry of what a kickoff parametrises."""

from __future__ import annotations

from pydantic import Field

from api.language import N_
from api.registry import ACTIVE, CODE, NAME, CodeAndName, Registry, choice, flag, number
from models.kickoff import KickoffTemplateItem
from rules.contract_words import PLAN_TYPES
from rules.contracts import PlanType


class TemplateItemAsked(CodeAndName):
    """What is said of an item of a check-list."""

    plan_type: PlanType = PlanType.TEM
    position: int = Field(default=1, ge=1, le=999)
    is_client: bool = False


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "listas-de-implantacao",
        N_("Listas de implantação"),
        N_("O que se parametriza em cada tipo de plano; sem lista, o contrato só é ativado."),
        KickoffTemplateItem,
        TemplateItemAsked,
        (
            CODE,
            NAME,
            choice("plan_type", N_("Tipo de plano"), PLAN_TYPES),
            number("position", N_("Ordem"), is_required=True),
            flag("is_client", N_("Depende do cliente")),
            ACTIVE,
        ),
        default_sort="position",
    ),
)
