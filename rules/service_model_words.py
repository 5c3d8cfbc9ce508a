"""What people call the models of service, and the steps of an invoice's life by their part."""

from __future__ import annotations

from collections.abc import Mapping

from rules.sentences import N_
from rules.service_models import Area, ServiceModel, Side, who_works

MODELS: Mapping[str, str] = {
    ServiceModel.EFFICIENT: N_("Eficiente"),
    ServiceModel.ADVANCED: N_("Avançada"),
    ServiceModel.TOTAL: N_("Total"),
}
MEANT: Mapping[str, str] = {
    ServiceModel.EFFICIENT: N_("Controle dos custos; o cliente trabalha sozinho no sistema."),
    ServiceModel.ADVANCED: N_("Também recursos e rateio; cliente e parceiro trabalham juntos."),
    ServiceModel.TOTAL: N_("Também todos os processos; o parceiro faz tudo e o cliente acompanha."),
}
#: The life of an invoice, step by step, and the part of the service that each belongs to.
LIFE: tuple[tuple[Area, str], ...] = (
    (Area.COSTS, N_("Obter e processar o arquivo da fatura")),
    (Area.COSTS, N_("Auditar e ver os relatórios")),
    (Area.CONTESTATION, N_("Contestar: carta, protocolo, resposta, instâncias")),
    (Area.CONTESTATION, N_("Crédito, novo código de barras e correção de estrutura")),
    (Area.RESOURCES, N_("Linhas: inventário, diferenças e limites de uso")),
    (Area.ALLOCATION, N_("Rateio por centro de custo e contabilidade")),
)
_WHO: Mapping[frozenset[Side], str] = {
    frozenset(): N_("não inclui"),
    frozenset({Side.CLIENT}): N_("o cliente"),
    frozenset({Side.PARTNER}): N_("o parceiro"),
    frozenset(Side): N_("cliente e parceiro"),
}


def who_told(model: ServiceModel, area: Area) -> str:
    """Who works in a part of the service, as a message id."""
    return _WHO[who_works(model, area)]
