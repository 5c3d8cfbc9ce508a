"""The words of the policies of contestations."""

from __future__ import annotations

from rules.policy_values import Unit
from rules.policy_words.entries import (
    HOUSE,
    Words,
    business_days,
    days,
    flag,
    hour,
    number,
    team,
    text,
)
from rules.sentences import N_

RGC = N_("RGC (Resolução Anatel 765/2023), contestação")
_CLOCK = N_("Vencido o prazo, a contestação sobe para a instância seguinte.")

WORDS: Words = {
    "team": team(
        N_("Equipe de contestação"), N_("A equipe que recebe as tarefas das contestações.")
    ),
    "answer_days": days(
        N_("Resposta da operadora em"),
        N_("Contado do protocolo; um contrato pode prever menos que a lei."),
        90,
        least=1,
        source=RGC,
    ),
    "legal_answer_days": days(
        N_("Considerada aceita após"),
        N_("Sem resposta depois deste prazo legal, a contestação é tida como aceita."),
        90,
        least=1,
        source=RGC,
    ),
    "remind_days_before": days(
        N_("Primeiro lembrete da resposta"),
        N_("Antes do fim do prazo da operadora."),
        60,
        least=1,
        source=HOUSE,
    ),
    "remind_again_days_before": days(
        N_("Segundo lembrete da resposta"),
        N_("Antes do fim do prazo da operadora."),
        60,
        least=1,
        source=HOUSE,
    ),
    "second_level_days": days(N_("Prazo do segundo nível"), _CLOCK, 90, least=1, source=HOUSE),
    "ombudsman_days": days(N_("Prazo da ouvidoria"), _CLOCK, 90, least=1, source=HOUSE),
    "regulator_days": days(
        N_("Prazo do regulador"),
        N_("Vencido o último prazo, a gestão é chamada a decidir."),
        90,
        least=1,
        source=HOUSE,
    ),
    "escalate_after_days": days(
        N_("Sem resposta: instância seguinte após"),
        N_("Dias entre o prazo vencido e a carta à instância acima; zero: no dia seguinte a ele."),
        30,
        source=HOUSE,
    ),
    "filing_days": days(
        N_("Rascunho parado: tarefa após"),
        N_("Prazo para enviar uma contestação montada."),
        30,
        source=HOUSE,
    ),
    "protocol_days": days(
        N_("Sem protocolo: tarefa após"),
        N_("Prazo para registrar o protocolo depois do envio."),
        30,
        source=HOUSE,
    ),
    "barcode_days": days(
        N_("Novo código de barras em"),
        N_("Contado da aceitação, e nunca depois do vencimento."),
        30,
        least=1,
        source=HOUSE,
    ),
    "credit_days": days(
        N_("Crédito na próxima fatura em"),
        N_("Prazo para chegar a fatura em que o crédito é procurado."),
        120,
        least=1,
        source=HOUSE,
    ),
    "correction_days": days(
        N_("Correção de estrutura em"),
        N_("Prazo para uma fatura provar que o erro não volta."),
        180,
        least=1,
        source=HOUSE,
    ),
    "decide_days": days(
        N_("Sem decisão: gestão avisada após"),
        N_("Quando a contestação espera que alguém escolha."),
        30,
        source=HOUSE,
    ),
    "window_years": number(
        N_("Janela para contestar"),
        N_("Anos desde a cobrança."),
        5,
        unit=Unit.YEARS,
        least=1,
        source=RGC,
    ),
    "claims_double": flag(
        N_("Exigir em dobro o que foi pago"),
        N_("O que foi pago sem ser devido volta em dobro."),
        N_("CDC, art. 42, parágrafo único; RGC, contestação"),
    ),
    "credit_interest_percent": number(
        N_("Juros do crédito exigido (% ao mês)"),
        N_("Por dia, do pagamento até a fatura do crédito, sobre o valor corrigido."),
        12,
        source=RGC,
    ),
    "credit_index": text(
        N_("Índice que corrige o crédito exigido"),
        N_("Código de um índice do cadastro; o mês sem valor conhecido não corrige."),
        40,
        N_("Código Civil, art. 389 (Lei 14.905/2024): IPCA; RGC, contestação"),
    ),
    "credit_tolerance_cents": number(
        N_("Tolerância do crédito, em centavos"),
        N_("Por item: o que falta até isto não volta à operadora, e fica no histórico."),
        1_000,
        source=HOUSE,
    ),
    "files_previews": flag(
        N_("Contestar prévias sozinho"),
        N_("As divergências de uma prévia saem assim que ela é auditada."),
        HOUSE,
    ),
    "approval_above": number(
        N_("Aprovação acima de"),
        N_("Em reais: enviar mais que isto, ou abrir mão de mais que isto, pede aprovação."),
        10_000_000,
        source=HOUSE,
    ),
    "acts_at_hour": hour(
        N_("Hora em que as contestações agem"),
        N_("Lembretes e escaladas acontecem a partir desta hora."),
        source=HOUSE,
    ),
    "task_due_business_days": business_days(
        N_("Prazo das tarefas de contestação"),
        N_("Em quanto tempo vence uma tarefa criada pelo sistema sobre uma contestação."),
        30,
        source=HOUSE,
    ),
}
