"""The registries of tickets."""

from __future__ import annotations

from pydantic import Field

from api.language import N_
from api.registry import ACTIVE, CODE, NAME, CodeAndName, FieldKind, Registry, RegistryField, choice
from models.tickets import CannedAnswer, TicketCategory, TicketPriorityRule
from rules.tasks import Priority
from rules.words import PRIORITIES

PRIORITY = choice(
    "priority", N_("Prioridade"), {str(int(key)): label for key, label in PRIORITIES.items()}
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


REGISTRIES: tuple[Registry, ...] = (
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
