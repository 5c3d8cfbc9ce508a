"""The registries of support, declared like those of api/registry.py."""

from __future__ import annotations

from pydantic import Field

from api.language import N_
from api.registry import ACTIVE, CODE, NAME, CodeAndName, FieldKind, Registry, RegistryField
from models.kickoff import KickoffTemplateItem
from models.tickets import CannedAnswer, TicketCategory, TicketPriorityRule
from rules import contract_words, words
from rules.contracts import PlanType
from rules.tasks import Priority

PRIORITY = RegistryField(
    "priority",
    N_("Prioridade"),
    FieldKind.CHOICE,
    is_required=True,
    options=tuple((str(int(key)), label) for key, label in words.PRIORITIES.items()),
)


class CategoryAsked(CodeAndName):
    """What is said of a category of tickets."""

    priority: int = Field(default=Priority.NORMAL, ge=1, le=3)


class PriorityRuleAsked(CodeAndName):
    """What is said of a rule of urgency."""

    category: str = Field(default="", max_length=40)
    customer: str = Field(default="", max_length=40)
    words: str = Field(default="", max_length=300)
    priority: int = Field(default=Priority.HIGH, ge=1, le=3)


class AnswerAsked(CodeAndName):
    """What is said of a canned answer."""

    text: str = Field(min_length=1, max_length=5000)


class TemplateItemAsked(CodeAndName):
    """What is said of an item of a check-list."""

    plan_type: PlanType = PlanType.TEM
    position: int = Field(default=1, ge=1, le=999)
    is_client: bool = False


SERVICE_REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "categorias-de-chamado",
        N_("Categorias de chamado"),
        N_("O assunto de um chamado, e a prioridade de costume."),
        TicketCategory,
        CategoryAsked,
        (CODE, NAME, PRIORITY, ACTIVE),
    ),
    Registry(
        "regras-de-prioridade",
        N_("Regras de prioridade"),
        N_("Quando um chamado é urgente: pela categoria, pelo cliente ou por palavras."),
        TicketPriorityRule,
        PriorityRuleAsked,
        (
            CODE,
            NAME,
            RegistryField("words", N_("Palavras"), help=N_("Separadas por vírgulas; basta uma.")),
            RegistryField("category", N_("Categoria"), help=N_("Código; em branco, qualquer uma.")),
            RegistryField("customer", N_("Cliente"), help=N_("Código; em branco, qualquer um.")),
            PRIORITY,
            ACTIVE,
        ),
    ),
    Registry(
        "listas-de-implantacao",
        N_("Listas de implantação"),
        N_("O que se parametriza em cada tipo de plano; sem lista, o contrato só é ativado."),
        KickoffTemplateItem,
        TemplateItemAsked,
        (
            CODE,
            NAME,
            RegistryField(
                "plan_type",
                N_("Tipo de plano"),
                FieldKind.CHOICE,
                is_required=True,
                options=tuple(contract_words.PLAN_TYPES.items()),
            ),
            RegistryField("position", N_("Ordem"), FieldKind.NUMBER, is_required=True),
            RegistryField("is_client", N_("Depende do cliente"), FieldKind.FLAG),
            ACTIVE,
        ),
        default_sort="position",
    ),
    Registry(
        "respostas-prontas",
        N_("Respostas prontas"),
        N_("Textos que se escrevem muitas vezes nos chamados."),
        CannedAnswer,
        AnswerAsked,
        (
            CODE,
            NAME,
            RegistryField("text", N_("Texto"), FieldKind.LONG_TEXT, is_required=True),
            ACTIVE,
        ),
    ),
)
