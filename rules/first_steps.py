"""What a new house sets up before it collects its first invoice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.sentences import N_


class FirstStep(StrEnum):
    """What is to be done, in the order in which one thing leans on another."""

    COMPANY = "company"
    PEOPLE = "people"
    PROFILES = "profiles"
    REGISTRIES = "registries"
    LADDER = "ladder"
    TEMPLATES = "templates"
    CALENDAR = "calendar"
    MESSAGES = "messages"
    PORTFOLIO = "portfolio"
    CLASSIFICATION = "classification"


@dataclass(frozen=True)
class Guide:
    """What people read of a step, and the page on which it is done."""

    title: str
    why: str
    path: str


GUIDES: dict[FirstStep, Guide] = {
    FirstStep.COMPANY: Guide(
        N_("Quem cobra"),
        N_("Nome, CNPJ e endereço saem em toda fatura, carta e e-mail de cobrança."),
        "/cadastros/politicas",
    ),
    FirstStep.PEOPLE: Guide(
        N_("Pessoas e perfis"),
        N_("Cada operador com o próprio login; o perfil diz o que vê e o que faz."),
        "/pessoas",
    ),
    FirstStep.PROFILES: Guide(
        N_("Profile de pagamento"),
        N_("Banco e chave Pix das faturas, e a multa e os juros de quem atrasa."),
        "/cadastros/profiles-de-pagamento",
    ),
    FirstStep.REGISTRIES: Guide(
        N_("Categorias e plano de contas"),
        N_("Todo acordo pede uma categoria, e cada encargo ou desconto, um plano de contas."),
        "/cadastros",
    ),
    FirstStep.LADDER: Guide(
        N_("Régua"),
        N_("Confira em que dia cada aviso sai, e quando a fatura vai para a cobrança."),
        "/cadastros/regua",
    ),
    FirstStep.TEMPLATES: Guide(
        N_("Modelos de mensagem"),
        N_("Os textos de fábrica servem; ponha neles as palavras da casa."),
        "/mensagens/modelos",
    ),
    FirstStep.CALENDAR: Guide(
        N_("Dias sem expediente"),
        N_("Feriados do país já contam; acrescente os da cidade e os da casa."),
        "/cadastros/feriados",
    ),
    FirstStep.MESSAGES: Guide(
        N_("E-mail e SMS"),
        N_("Sem servidor configurado, nada sai desta máquina: tudo fica na caixa de saída local."),
        "/mensagens/caixa",
    ),
    FirstStep.PORTFOLIO: Guide(
        N_("Clientes, contratos e faturas"),
        N_("Importe de CSV; há um modelo de cada, e uma simulação que não grava nada."),
        "/importacoes",
    ),
    FirstStep.CLASSIFICATION: Guide(
        N_("Primeira classificação"),
        N_("Todo dia às 7h, ou agora: mostra quem já deve ir para a cobrança."),
        "/cobrancas/classificados",
    ),
}
