"""The registries of what is promised, and in how much time."""

from __future__ import annotations

from pydantic import Field

from api.inputs import Input
from api.language import N_
from api.registry import ACTIVE, CODE, NAME, CodeAndName, Registry, choice, flag, number, reference
from models import plan_checks
from models.plans import (
    SlaTable,
    SlaTarget,
)
from rules import contract_words as words
from rules.business_days import CalendarKind
from rules.sla import SlaEvent, SlaUnit


class SlaTableAsked(CodeAndName):
    """What is said of an SLA table."""

    calendar: CalendarKind = CalendarKind.NATIONAL
    is_default: bool = False


class SlaTargetAsked(Input):
    """What an SLA table promises of an event."""

    sla_table_id: int
    event: SlaEvent
    priority: int = Field(default=0, ge=0, le=3)
    amount: int = Field(ge=1, le=10000)
    unit: SlaUnit = SlaUnit.BUSINESS_HOURS
    is_active: bool = True


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "tabelas-de-sla",
        N_("Tabelas de SLA"),
        N_("O que se promete a quem tem contrato; os prazos estão nas metas."),
        SlaTable,
        SlaTableAsked,
        (
            CODE,
            NAME,
            choice(
                "calendar",
                N_("Calendário"),
                {"national": N_("Feriados da lei"), "bank": N_("Feriados bancários")},
            ),
            flag("is_default", N_("Padrão"), help=N_("Vale quando plano e cliente não dizem.")),
            ACTIVE,
        ),
        check=plan_checks.check_sla_table,
    ),
    Registry(
        "metas-de-sla",
        N_("Metas de SLA"),
        N_("O prazo de cada evento de uma tabela, por prioridade."),
        SlaTarget,
        SlaTargetAsked,
        (
            reference("sla_table_id", N_("Tabela"), of=SlaTable, is_required=True),
            choice("event", N_("Evento"), words.SLA_EVENTS),
            choice("priority", N_("Prioridade"), words.SLA_PRIORITIES),
            number("amount", N_("Prazo"), is_required=True),
            choice("unit", N_("Contado em"), words.SLA_UNITS),
            ACTIVE,
        ),
        default_sort="sla_table_id",
    ),
)
