"""The words of each process's policies: label, meaning, limits, and where the rule comes from.

A process's dictionary has an entry for every field of its policy; rules/policies.py joins the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from rules.bureau import RemoveOn
from rules.message_templates import BY_CODE
from rules.policy_values import Kind, Setting, Unit

Words = Mapping[str, partial[Setting]]


def _(sentence: str) -> str:
    """Marks a message id, which api/language.py says in the reader's language."""
    return sentence


def _number(label: str, help: str, most: int, **more: Any) -> partial[Setting]:
    return partial(Setting, label=label, help=help, most=most, **more)


def _flag(label: str, help: str, source: str) -> partial[Setting]:
    return partial(Setting, label=label, help=help, kind=Kind.FLAG, source=source)


def _text(label: str, help: str, most: int, source: str) -> partial[Setting]:
    return partial(Setting, label=label, help=help, most=most, kind=Kind.TEXT, source=source)


_days = partial(_number, unit=Unit.DAYS)
_business_days = partial(_number, unit=Unit.BUSINESS_DAYS)
_hour = partial(_number, unit=Unit.O_CLOCK, most=20, least=6)

HOUSE = _("Regra da casa")
CADENCE = tuple((code, BY_CODE[code].label) for code in BY_CODE if code.startswith("contact_cad"))

COLLECTIONS: Words = {
    "team": partial(
        Setting,
        label=_("Equipe de cobrança"),
        help=_("A equipe que recebe as tarefas da cobrança."),
        kind=Kind.TEAM,
        most=40,
        source=HOUSE,
    ),
    "start_task_business_days": _business_days(
        _("Ninguém deu início: tarefa após"),
        _("Prazo desde a classificação até a tarefa para a equipe dar início à cobrança."),
        60,
        source=HOUSE,
    ),
    "escalate_business_days": _business_days(
        _("Ninguém deu início: gestor avisado após"),
        _("Prazo desde a classificação até o gestor ser avisado; o processo fica estourado."),
        90,
        source=HOUSE,
    ),
    "confirm_task_business_days": _business_days(
        _("Início não confirmado: tarefa após"),
        _("Prazo desde o início da cobrança até a tarefa de confirmar o processo."),
        60,
        source=HOUSE,
    ),
    "follow_up_business_days": _business_days(
        _("Silêncio na negociação: tarefa após"),
        _("Prazo sem contato nem mensagem até a tarefa de acompanhamento."),
        60,
        source=HOUSE,
    ),
    "task_due_business_days": _business_days(
        _("Prazo das tarefas de cobrança"),
        _("Em quanto tempo vence uma tarefa criada pelo sistema na cobrança."),
        30,
        source=HOUSE,
    ),
    "cadence": partial(
        Setting,
        label=_("Cadência de contato"),
        help=_("Em que dia da negociação sai cada mensagem; em branco, a mensagem não sai."),
        kind=Kind.CADENCE,
        least=1,
        most=365,
        source=HOUSE,
        choices=CADENCE,
    ),
}
CONTRACTS: Words = {
    "team": partial(
        Setting,
        label=_("Equipe de contratos"),
        help=_("A equipe que recebe as tarefas de instalação, renovação e reajuste."),
        kind=Kind.TEAM,
        most=40,
        source=HOUSE,
    ),
    "adhesion_window_days": _days(
        _("Data de adesão: no máximo"),
        _("Quantos dias à frente a data de adesão de um contrato novo pode estar."),
        365,
        source=HOUSE,
    ),
    "periods_ahead": _number(
        _("Contratos sem fim: períodos gerados à frente"),
        _("Quantos períodos de contas um contrato sem data de fim tem sempre gerados."),
        36,
        least=1,
        source=HOUSE,
    ),
    "installation_business_days": _business_days(
        _("Prazo da instalação sem SLA"),
        _("Em quanto tempo vence a tarefa de instalação de quem não tem meta de ativação."),
        90,
        source=HOUSE,
    ),
    "remind_at_percent": _number(
        _("Primeiro lembrete da ativação (%)"),
        _("Que parte do prazo de ativação passa até o primeiro lembrete."),
        99,
        least=1,
        source=HOUSE,
    ),
    "remind_again_at_percent": _number(
        _("Segundo lembrete da ativação (%)"),
        _("Que parte do prazo de ativação passa até o segundo lembrete."),
        99,
        least=1,
        source=HOUSE,
    ),
}

RENEWALS: Words = {
    "renews_automatically": _flag(
        _("Renovar contratos automaticamente"),
        _("Desligado, toda renovação espera por uma pessoa."),
        HOUSE,
    ),
    "queue_at_open_invoices": _number(
        _("Fila de renovação com"),
        _("Com quantas faturas em aberto, ainda não vencidas, o contrato entra na fila."),
        24,
        source=HOUSE,
    ),
    "renew_at_open_invoices": _number(
        _("Renovação com"),
        _("Com quantas faturas em aberto, ainda não vencidas, o contrato renova."),
        24,
        source=HOUSE,
    ),
    "first_notice_days": _days(
        _("Primeiro aviso de renovação antes do fim"),
        _("Quantos dias antes do fim do contrato o cliente é avisado pela primeira vez."),
        365,
        source=HOUSE,
    ),
    "second_notice_days": _days(
        _("Segundo aviso de renovação antes do fim"),
        _("Quantos dias antes do fim do contrato o cliente é avisado de novo."),
        365,
        source=_("Resolução Anatel 765/2023: ao menos 30 dias antes do fim da oferta"),
    ),
}

READJUSTMENTS: Words = {
    "notice_days": _days(
        _("Reajuste: aviso antes do novo preço"),
        _("O novo preço vale das faturas emitidas ao menos tantos dias depois do aviso."),
        365,
        source=_("Resolução Anatel 765/2023: ao menos 30 dias antes do reajuste"),
    ),
}

AGREEMENTS: Words = {
    "allows_fiscal_document": _flag(
        _("Aceitar fatura com nota fiscal emitida"),
        _("Processo especial: a fatura pode entrar em acordo e ser editada."),
        HOUSE,
    ),
    "allows_remittance": _flag(
        _("Aceitar fatura com remessa gerada"),
        _("Processo especial: a fatura já enviada ao banco pode entrar em acordo e ser editada."),
        HOUSE,
    ),
    "suspend_originals": _flag(
        _("Suspender as faturas originais"),
        _("As faturas substituídas aparecem como suspensas, e não como desconsideradas."),
        HOUSE,
    ),
    "most_instalments": _number(
        _("Máximo de parcelas"), _("De uma nova proposta."), 120, least=1, source=HOUSE
    ),
    "broken_after_days_late": _days(
        _("Acordo não cumprido com parcela atrasada há"),
        _("Uma parcela atrasada por mais tempo desfaz o acordo antes da data de tolerância."),
        365,
        source=HOUSE,
    ),
    "remind_days_before": _days(
        _("Lembrete antes do vencimento"), _("Antes de cada parcela."), 30, least=1, source=HOUSE
    ),
    "remind_on_due_date": _flag(
        _("Lembrete no dia do vencimento"), _("De cada parcela em aberto."), HOUSE
    ),
    "remind_days_after": _days(
        _("Lembrete depois do vencimento"),
        _("De cada parcela que continua em aberto."),
        60,
        least=1,
        source=HOUSE,
    ),
    "acts_at_hour": _hour(
        _("Hora em que os acordos agem"),
        _("Lembretes e verificações acontecem a partir desta hora."),
        source=HOUSE,
    ),
    "task_due_business_days": _business_days(
        _("Prazo das tarefas de acordo"),
        _("Em quanto tempo vence uma tarefa criada pelo sistema sobre um acordo."),
        30,
        source=HOUSE,
    ),
}
BUREAU: Words = {
    "grace_days": _days(
        _("Da notificação ao registro"),
        _("Dias que o cliente tem para reagir antes de o registro valer."),
        90,
        least=1,
        source=_("CDC, art. 43, § 2º; Súmula 359 do STJ; prática dos birôs: 10 dias"),
    ),
    "max_years": _number(
        _("Permanência máxima"),
        _("Contada do dia seguinte ao vencimento da dívida."),
        5,
        unit=Unit.YEARS,
        least=1,
        source=_("CDC, art. 43, § 1º; Súmula 323 do STJ"),
    ),
    "remove_business_days": _business_days(
        _("Retirar depois do pagamento em"),
        _("Prazo contado do primeiro dia útil com o dinheiro disponível."),
        5,
        least=1,
        source=_("Súmula 548 do STJ"),
    ),
    "alert_business_days_before": _business_days(
        _("Alerta antes do fim do prazo de retirada"),
        _("O gestor é avisado com esta antecedência."),
        4,
        source=HOUSE,
    ),
    "remove_on": partial(
        Setting,
        label=_("O que libera o registro num acordo"),
        help=_("Qual pagamento tira do SPC a fatura que o acordo substituiu."),
        kind=Kind.CHOICE,
        source=_("Novação: entendimento usual é a primeira parcela"),
        choices=(
            (RemoveOn.FIRST_INSTALLMENT.value, _("Primeira parcela")),
            (RemoveOn.FULL_PAYMENT.value, _("Pagamento integral")),
        ),
    ),
    "only_after_termination": _flag(
        _("Só depois da rescisão do contrato"),
        _("Dívida de serviço de telecomunicações; antes disso, só com permissão e motivo."),
        _("RGC (Resolução Anatel 765/2023), art. 71, IV"),
    ),
    "acts_at_hour": _hour(
        _("Hora em que o SPC age"),
        _("Tarefas e alertas do controle de SPC acontecem a partir desta hora."),
        source=HOUSE,
    ),
}
CARRIERS: Words = {
    "retention_months": _number(
        _("Arquivos de operadoras guardados por, em meses"),
        _("Depois disso o arquivo é apagado, e a evidência deixa de dizer quem ligou para quem."),
        120,
        least=1,
        source=_("RGC: três anos para contestar; LGPD arts. 15 e 16"),
    ),
}
TASKS: Words = {
    "remind_hours_before": _number(
        _("Lembrete antes do prazo"),
        _("Horas de expediente antes de a tarefa vencer."),
        80,
        unit=Unit.WORKING_HOURS,
        source=HOUSE,
    ),
    "lead_after_business_days": _business_days(
        _("Líder avisado após"), _("Depois do prazo da tarefa."), 30, source=HOUSE
    ),
    "manager_after_business_days": _business_days(
        _("Gestor avisado após"), _("Depois do prazo da tarefa."), 60, source=HOUSE
    ),
}
MESSAGES: Words = {
    "contacts_per_day": _number(
        _("Contatos de cobrança por dia"),
        _("Quantas mensagens de cobrança um cliente pode receber num dia."),
        5,
        least=1,
        source=_("CDC, arts. 42 e 71: sem constrangimento nem incômodo ao descanso"),
    ),
    "contacts_per_week": _number(
        _("Contatos de cobrança por semana"),
        _("Quantas mensagens de cobrança um cliente pode receber em sete dias."),
        15,
        least=1,
        source=_("CDC, arts. 42 e 71: sem constrangimento nem incômodo ao descanso"),
    ),
    "attempts": _number(
        _("Tentativas de envio"),
        _("Quantas vezes o envio é tentado antes de a mensagem falhar."),
        50,
        least=1,
        source=HOUSE,
    ),
    "first_retry_seconds": _number(
        _("Espera antes da segunda tentativa"),
        _("Cada espera é o dobro da anterior."),
        3600,
        unit=Unit.SECONDS,
        least=1,
        source=HOUSE,
    ),
    "longest_retry_minutes": _number(
        _("Maior espera entre tentativas"),
        _("As esperas dobram até esta."),
        1440,
        unit=Unit.MINUTES,
        least=60,
        source=HOUSE,
    ),
    "correct_contact_business_days": _business_days(
        _("Prazo para corrigir um contato"),
        _("Em quanto tempo vence a tarefa depois de uma mensagem que voltou."),
        30,
        source=HOUSE,
    ),
}
RGC = _("RGC (Resolução Anatel 765/2023), contestação")
_CLOCK = _("Vencido o prazo, a contestação sobe para a instância seguinte.")
CONTESTATIONS: Words = {
    "team": partial(
        Setting,
        label=_("Equipe de contestação"),
        help=_("A equipe que recebe as tarefas das contestações."),
        kind=Kind.TEAM,
        most=40,
        source=HOUSE,
    ),
    "answer_days": _days(
        _("Resposta da operadora em"),
        _("Contado do protocolo; um contrato pode prever menos que a lei."),
        90,
        least=1,
        source=RGC,
    ),
    "legal_answer_days": _days(
        _("Considerada aceita após"),
        _("Sem resposta depois deste prazo legal, a contestação é tida como aceita."),
        90,
        least=1,
        source=RGC,
    ),
    "remind_days_before": _days(
        _("Primeiro lembrete da resposta"),
        _("Antes do fim do prazo da operadora."),
        60,
        least=1,
        source=HOUSE,
    ),
    "remind_again_days_before": _days(
        _("Segundo lembrete da resposta"),
        _("Antes do fim do prazo da operadora."),
        60,
        least=1,
        source=HOUSE,
    ),
    "second_level_days": _days(_("Prazo do segundo nível"), _CLOCK, 90, least=1, source=HOUSE),
    "ombudsman_days": _days(_("Prazo da ouvidoria"), _CLOCK, 90, least=1, source=HOUSE),
    "regulator_days": _days(
        _("Prazo do regulador"),
        _("Vencido o último prazo, a gestão é chamada a decidir."),
        90,
        least=1,
        source=HOUSE,
    ),
    "escalate_after_days": _days(
        _("Sem resposta: instância seguinte após"),
        _("Dias entre o prazo vencido e a carta à instância acima."),
        30,
        source=HOUSE,
    ),
    "filing_days": _days(
        _("Rascunho parado: tarefa após"),
        _("Prazo para enviar uma contestação montada."),
        30,
        source=HOUSE,
    ),
    "protocol_days": _days(
        _("Sem protocolo: tarefa após"),
        _("Prazo para registrar o protocolo depois do envio."),
        30,
        source=HOUSE,
    ),
    "barcode_days": _days(
        _("Novo código de barras em"),
        _("Contado da aceitação, e nunca depois do vencimento."),
        30,
        least=1,
        source=HOUSE,
    ),
    "credit_days": _days(
        _("Crédito na próxima fatura em"),
        _("Prazo para chegar a fatura em que o crédito é procurado."),
        120,
        least=1,
        source=HOUSE,
    ),
    "correction_days": _days(
        _("Correção de estrutura em"),
        _("Prazo para uma fatura provar que o erro não volta."),
        180,
        least=1,
        source=HOUSE,
    ),
    "decide_days": _days(
        _("Sem decisão: gestão avisada após"),
        _("Quando a contestação espera que alguém escolha."),
        30,
        source=HOUSE,
    ),
    "window_years": _number(
        _("Janela para contestar"),
        _("Anos desde a cobrança."),
        5,
        unit=Unit.YEARS,
        least=1,
        source=RGC,
    ),
    "claims_double": _flag(
        _("Exigir em dobro o que foi pago"),
        _("O que foi pago sem ser devido volta em dobro."),
        _("CDC, art. 42, parágrafo único; RGC, contestação"),
    ),
    "files_previews": _flag(
        _("Contestar prévias sozinho"),
        _("As divergências de uma prévia saem assim que ela é auditada."),
        HOUSE,
    ),
    "approval_above": _number(
        _("Aprovação acima de"),
        _("Em reais: enviar mais que isto, ou abrir mão de mais que isto, pede aprovação."),
        10_000_000,
        source=HOUSE,
    ),
    "acts_at_hour": _hour(
        _("Hora em que as contestações agem"),
        _("Lembretes e escaladas acontecem a partir desta hora."),
        source=HOUSE,
    ),
    "task_due_business_days": _business_days(
        _("Prazo das tarefas de contestação"),
        _("Em quanto tempo vence uma tarefa criada pelo sistema sobre uma contestação."),
        30,
        source=HOUSE,
    ),
}
LAW_42A = _("CDC, art. 42-A")
PIX_MANUAL = _("Banco Central, Manual do BR Code")
SUPPLIER: Words = {
    "name": _text(_("Nome da empresa"), _("Quem cobra, como dizem as mensagens."), 120, LAW_42A),
    "document": partial(
        Setting,
        label=_("CNPJ da empresa"),
        help=_("Aparece em todo documento de cobrança."),
        kind=Kind.DOCUMENT,
        source=LAW_42A,
    ),
    "address": _text(
        _("Endereço da empresa"), _("Aparece em todo documento de cobrança."), 200, LAW_42A
    ),
    "city": _text(_("Cidade da empresa"), _("Como o Pix a mostra a quem paga."), 60, PIX_MANUAL),
    "phone": _text(_("Telefone da empresa"), _("Para onde o cliente liga."), 40, HOUSE),
    "bureau": _text(_("Nome do birô de crédito"), _("Como as notificações o chamam."), 60, HOUSE),
}

#: Where the contact hours of a state are from; elsewhere the code sets none and the house's hold.
STATE_LAWS: Mapping[str, str] = {
    "AL": _("Lei estadual 7.782/2016 (AL), que inclui SMS"),
    "AM": _("Lei estadual 306/2016 (AM); uma só fonte"),
    "ES": _("Lei estadual 10.626/2017 (ES); uma só fonte"),
    "PR": _("Lei estadual 252/2010 (PR); fonte duvidosa"),
    "RJ": _("Lei estadual 7.868/2018 (RJ)"),
    "SP": _("Lei estadual 15.426/2014 (SP)"),
}
DEFAULT_LAW = _("CDC, arts. 42 e 71: a lei não fixa horário; regra da casa")
CONTACT_HELP = _("No relógio do cliente; nunca em domingos, feriados e recessos.")
