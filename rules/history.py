"""History in plain words: which sentence tells an event, and to which part of history it belongs.

Events are stored as kind and parameters. A kind has one or more sentences, the most telling first:
the first whose places can all be filled is the one shown. What has no sentence is shown as stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules.cases import Process

PLACE = re.compile(r"%\((\w+)\)s")
ANY = "*"


class Part(StrEnum):
    """The parts into which a history can be narrowed."""

    PEOPLE = "people"
    SYSTEM = "system"
    MESSAGES = "messages"
    MONEY = "money"


@dataclass(frozen=True)
class Told:
    """The sentences of a kind; without a part, whoever acted decides it."""

    sentences: tuple[str, ...]
    part: Part | None = None


def _(sentence: str) -> str:
    """Marks a message id, which api/language.py says in the reader's language."""
    return sentence


def _told(*sentences: str, part: Part | None = None) -> Told:
    return Told(sentences, part)


def _message(sentence: str, with_reason: str = "") -> Told:
    return Told((with_reason, sentence) if with_reason else (sentence,), Part.MESSAGES)


def _money(*sentences: str) -> Told:
    return Told(sentences, Part.MONEY)


UNKNOWN = _("Evento registrado como “%(kind)s”.")

_EVERYWHERE: dict[str, Told] = {
    "opened": _told(_("Aberto em “%(stage)s”."), _("Aberto.")),
    "stage": _told(_("Passou de “%(was)s” para “%(now)s”."), _("Passou para “%(now)s”.")),
    "reopened": _told(_("Reaberto em “%(stage)s”.")),
    "imported": _told(_("Importada de um arquivo, com mudanças.")),
    "adopted": _told(
        _("%(invoices)s fatura(s) assumida(s) de outro sistema."),
        _("Assumida de outro sistema em “%(stage)s”."),
    ),
    "repaired": _told(_("Processo reiniciado a partir do registro (%(fault)s).")),
    "attachment_added": _told(_("Anexou o arquivo %(name)s.")),
    "attachment_removed": _told(_("Excluiu o anexo %(name)s: %(reason)s")),
    "message_queued": _message(_("Mensagem por %(channel)s preparada (%(purpose)s).")),
    "message_sent": _message(_("Mensagem enviada por %(channel)s (%(purpose)s).")),
    "message_delivered": _message(_("Mensagem por %(channel)s entregue (%(purpose)s).")),
    "message_bounced": _message(
        _("Mensagem por %(channel)s devolvida (%(purpose)s)."),
        _("Mensagem por %(channel)s devolvida (%(purpose)s): %(reason)s."),
    ),
    "message_failed": _message(
        _("Mensagem por %(channel)s não enviada (%(purpose)s)."),
        _("Mensagem por %(channel)s não enviada (%(purpose)s): %(reason)s."),
    ),
    "message_suppressed": _message(
        _("Mensagem por %(channel)s retida (%(purpose)s)."),
        _("Mensagem por %(channel)s retida (%(purpose)s): %(reason)s."),
    ),
    "payment": _money(
        _("Pagamento de %(amount)s recebido em dia, com desconto de %(discount)s."),
        _("Pagamento de %(amount)s recebido; restam %(left)s."),
        _("Pagamento de %(amount)s recebido."),
    ),
    "payment_reversed": _money(
        _("Pagamento de %(amount)s estornado: %(reason)s."),
        _("Pagamento de %(amount)s estornado."),
    ),
}

#: A record at the bureau, as its account and its invoice tell it.
_EVERYWHERE |= {
    "bureau_noticed": _told(
        _("Notificou o cliente antes de incluir no SPC: %(invoices)s. %(details)s"),
        _("Notificou o cliente antes de incluir no SPC. %(details)s"),
        _("Notificou o cliente antes de incluir no SPC."),
    ),
    "bureau_registered": _told(_("Incluída no controle de SPC.")),
    "bureau_conflict": _money(_("Paga, mas ainda no SPC: crítica de SPC.")),
    "bureau_removed": _told(
        _("Removida do controle de SPC. %(details)s"), _("Removida do controle de SPC.")
    ),
    "bureau_withdrawn": _told(
        _("Inclusão no SPC desfeita antes de valer. %(details)s"),
        _("Inclusão no SPC desfeita antes de valer."),
    ),
}

_TASKS: dict[str, Told] = {
    "opened": _told(_("Tarefa criada.")),
    "stage": _told(_("Tarefa: %(now)s.")),
    "claimed": _told(_("Assumiu a tarefa.")),
    "released": _told(_("Devolveu a tarefa à equipe.")),
    "delegated": _told(
        _("Encaminhou a %(to)s, que substitui %(instead_of)s."), _("Encaminhou a %(to)s.")
    ),
    "snoozed": _told(_("Adiou para %(until)s.")),
    "commented": _told(_("Comentou: %(text)s"), _("Comentou.")),
    "edited": _told(_("Alterou %(fields)s."), _("Alterou a tarefa.")),
    "remind": _told(
        _("Lembrete do prazo enviado a %(told)s."),
        _("Chegou a hora do lembrete, mas não há a quem avisar."),
    ),
    "tell_lead": _told(
        _("Atraso avisado a %(told)s."), _("Tarefa atrasada, sem liderança a quem avisar.")
    ),
    "tell_manager": _told(
        _("Atraso levado a %(told)s."), _("Tarefa atrasada, sem gestão a quem avisar.")
    ),
}

_COLLECTIONS: dict[str, Told] = {
    "classified": _told(
        _("%(invoices)s fatura(s) classificada(s), no total de %(amount)s."),
        _("Cliente classificado para cobrança."),
    ),
    "started": _told(
        _("Deu início ao processo de cobrança de %(invoices)s fatura(s): %(amount)s."),
        _("Deu início ao processo de cobrança."),
    ),
    "account_opened": _told(_("Conta de cobrança aberta.")),
    "confirmed": _told(
        _("Confirmou o processo de %(invoices)s fatura(s): %(amount)s."),
        _("Confirmou o processo."),
    ),
    "contact": _told(
        _("Contato %(direction)s por %(channel)s: %(subject)s"), _("Contato registrado.")
    ),
    "recovered": _money(
        _("%(invoices)s fatura(s) paga(s), no total de %(amount)s: saem da cobrança."),
        _("Fatura paga: sai da cobrança."),
    ),
    "withdrawn": _money(
        _("%(invoices)s fatura(s) cancelada(s) ou suspensa(s), %(amount)s: saem da cobrança."),
        _("Fatura cancelada ou suspensa: sai da cobrança."),
    ),
    "start_task": _told(_("Ninguém deu início: tarefa criada para a equipe.")),
    "escalate": _told(_("Ainda sem início: levado à gestão.")),
    "confirm_task": _told(_("Processo não confirmado: tarefa criada.")),
    "follow_up": _told(_("Sem contato nos últimos dias: tarefa de acompanhamento criada.")),
    "cadence": _told(
        _("Sequência de contatos: hora de escrever ao cliente (%(purpose)s)."),
        _("Sequência de contatos: hora de escrever ao cliente."),
        part=Part.MESSAGES,
    ),
    "adopted": _told(
        _("Caso trazido de outro sistema com %(invoices)s fatura(s)."),
        _("Caso trazido de outro sistema."),
    ),
    "agreement_in_progress": _money(_("Acordo %(agreement_id)s voltou a andamento.")),
    "agreement_broken": _money(_("Acordo %(agreement_id)s não cumprido.")),
    "agreement_fulfilled": _money(_("Acordo %(agreement_id)s cumprido.")),
    "agreement_fulfilled_late": _money(_("Acordo %(agreement_id)s cumprido com atraso.")),
    "agreement_renegotiated": _money(_("Acordo %(agreement_id)s desfeito para renegociar.")),
    "agreement_restored": _money(_("Acordo %(agreement_id)s desfeito: originais restauradas.")),
    "agreement_cancelled": _money(
        _("Acordo %(agreement_id)s cancelado: %(reason)s."),
        _("Acordo %(agreement_id)s cancelado."),
    ),
    "agreement_made": _money(
        _("Acordo %(agreement_id)s efetivado: %(total)s, tolerância até %(tolerance_date)s."),
        _("Acordo efetivado."),
    ),
}

_AGREEMENTS: dict[str, Told] = {
    "remind": _told(
        _("Chegou a hora de lembrar o cliente do vencimento (%(reminder)s)."),
        _("Chegou a hora de lembrar o cliente do vencimento."),
        part=Part.MESSAGES,
    ),
    "check_promise": _told(_("Dia da tolerância: tarefa para conferir a promessa.")),
    "break": _money(_("Acordo não cumprido.")),
}

_BUREAU: dict[str, Told] = {
    "register": _told(_("Passou o prazo da notificação.")),
    "ask_removal": _told(_("Tarefa criada para remover do SPC.")),
    "alert_removal": _told(_("Prazo legal de remoção perto do fim: gestão avisada.")),
    "expire": _told(_("O registro completou o prazo máximo.")),
}

_ACTIVATION: dict[str, Told] = {
    "remind": _told(_("Metade do prazo de ativação passou: lembrete enviado.")),
    "remind_again": _told(_("O prazo de ativação está perto do fim: lembrete enviado.")),
    "breach": _told(_("O prazo de ativação estourou: gestão avisada.")),
}

_RENEWALS: dict[str, Told] = {
    "notice": _told(_("Aviso %(notice)s de renovação enviado ao cliente."), part=Part.MESSAGES),
}

_CONTRACTS: dict[str, Told] = {
    "kickoff_begun": _told(_("Implantação iniciada.")),
    "kickoff_cancelled": _told(_("Implantação cancelada, protocolo %(protocol)s.")),
    "made": _told(_("Contrato criado: %(plan)s."), _("Contrato criado.")),
    "stage": _told(
        _("Passou de “%(was)s” para “%(now)s”: %(reason)s"),
        _("Passou de “%(was)s” para “%(now)s”."),
    ),
    "charges_made": _money(_("%(charges)s conta(s) gerada(s), no total de %(amount)s.")),
    "charges_released": _money(_("%(charges)s conta(s) revisada(s) e liberada(s) para faturar.")),
    "activation_breached": _told(_("O prazo de ativação estourou.")),
    "connection": _told(
        _("Conexão (%(carries)s): de “%(state_was)s” para “%(state_now)s”, %(because)s."),
        _("Conexão (%(carries)s): de “%(state_was)s” para “%(state_now)s”."),
    ),
    "ladder_exception": _told(_("A régua espera até %(until)s: %(reason)s")),
    "ladder_exception_ended": _told(_("Exceção da régua encerrada.")),
    "change_asked": _told(
        _("%(change)s pedida, a partir de %(starts_on)s: %(reason)s"),
        _("%(change)s pedida, a partir de %(starts_on)s."),
    ),
    "change_began": _told(_("%(change)s em vigor: %(plan)s."), _("%(change)s em vigor.")),
    "change_ended": _told(_("%(change)s encerrada.")),
    "change_called_off": _told(_("%(change)s desmarcada.")),
    "early_fee": _money(
        _("Multa de fidelidade de %(amount)s: faltavam %(days_left)s de %(term_days)s dias.")
    ),
    "service_added": _money(_("Serviço adicional incluído: %(service)s, %(amount)s.")),
    "service_removed": _money(_("Serviço adicional retirado: %(service)s.")),
    "renewed": _money(_("Renovado até %(ends_on)s, por %(amount)s.")),
    "renewal_edited": _money(_("Proposta de renovação alterada: %(amount)s, %(months)s meses.")),
    "renewal_declined": _told(
        _("Não será renovado; vence em %(ends_on)s: %(reason)s"),
        _("Não será renovado; vence em %(ends_on)s."),
    ),
    "readjusted": _money(
        _("Reajustado em %(percent)s%% para %(amount)s; %(charges)s conta(s) com o novo preço."),
    ),
}

_INVOICES: dict[str, Told] = {
    "ladder_paused": _told(_("A régua parou (%(pause)s).")),
    "ladder_resumed": _told(_("A régua segue de onde parou (%(pause)s).")),
    "ladder_proven": _told(_("Notificação entregue em %(proven_on)s: %(proof)s")),
    "contract_ended": _money(_("Cancelada: o contrato foi encerrado antes do período.")),
    "stage": _told(
        _("Passou de “%(was)s” para “%(now)s” (%(reason)s)."),
        _("Passou para “%(now)s” (%(reason)s)."),
        _("Passou de “%(was)s” para “%(now)s”."),
        _("Passou para “%(now)s”."),
    ),
    "billed": _money(
        _("Fatura criada pelo faturamento %(run_id)s, com %(charges)s cobrança(s)."),
    ),
    "made_by_agreement": _money(
        _("Fatura criada pelo acordo %(agreement_id)s, em lugar de %(originals)s."),
        _("Fatura criada pelo acordo %(agreement_id)s."),
    ),
    "restored": _money(
        _("Restaurada: o acordo %(agreement_id)s foi desfeito; restam %(left)s."),
        _("Restaurada; restam %(left)s."),
    ),
    "replaced_by_agreement": _money(
        _("Substituída pelas faturas %(invoices)s do acordo %(agreement_id)s."),
        _("Substituída pelo acordo %(agreement_id)s."),
    ),
}

_CONTESTATION: dict[str, Told] = {
    "letter": _told(
        _("Carta para %(contestation_level)s enviada a %(to_address)s, com a planilha de provas."),
        _("Carta para %(contestation_level)s pronta, sem e-mail: entregue-a por outro meio."),
        part=Part.MESSAGES,
    ),
    "letter_left_out": _told(_("Carta sem arquivos: nada foi enviado.")),
    "protocol": _told(_("Protocolo %(protocol)s, com %(attendant)s (%(protocol_channel)s).")),
    "answered": _money(
        _("Resposta registrada: aceito %(amount)s de %(total)s. %(reason)s"),
        _("Resposta registrada: aceito %(amount)s de %(total)s."),
    ),
    "level": _told(
        _("Levada a %(contestation_level)s: %(reason)s"), _("Levada a %(contestation_level)s.")
    ),
    "deemed_accepted": _told(
        _("O prazo legal passou sem resposta: considera-se aceita (RGC, Resolução 765/2023).")
    ),
    "claimed_double": _money(
        _("Paga sem ser devida: exigida em dobro, %(amount)s (CDC, art. 42, parágrafo único).")
    ),
    "new_barcode": _money(
        _("Novo código de barras conferido: a pagar %(amount)s, %(excess)s a menos.")
    ),
    "invoice_paid": _money(_("Fatura paga: %(amount)s.")),
    "credit_found": _money(
        _("Crédito de %(amount)s encontrado na fatura %(invoice)s; faltam %(left)s."),
        _("Crédito de %(amount)s encontrado na fatura %(invoice)s."),
    ),
    "credit_missing": _money(
        _("Faltam %(amount)s de crédito: volta à operadora, %(round)sª rodada.")
    ),
    "correction_requested": _told(
        _("Correção de estrutura pedida: protocolo %(protocol)s, com %(attendant)s.")
    ),
    "correction_proved": _told(
        _("Corrigido: “%(audit_rule)s” na linha %(number)s não aparece na fatura %(invoice)s."),
        _("Corrigido: “%(audit_rule)s” não aparece na fatura %(invoice)s."),
    ),
    "correction_returned": _told(
        _("O erro voltou: “%(audit_rule)s” na linha %(number)s, fatura %(invoice)s."),
        _("O erro voltou: “%(audit_rule)s”, fatura %(invoice)s."),
    ),
    "preview_compared": _money(
        _("Fatura final conferida: %(amount)s evitados, %(left)s continuam nela.")
    ),
    "ask_filing": _told(_("Ainda rascunho: tarefa para enviar.")),
    "ask_protocol": _told(_("Sem protocolo: tarefa para obtê-lo.")),
    "remind": _told(_("Prazo perto do fim: tarefa para cobrar a resposta.")),
    "escalate": _told(_("Tarefa para procurar a instância seguinte.")),
    "exhaust": _told(_("Instâncias esgotadas: gestão chamada a decidir.")),
    "ask_manager": _told(_("Sem decisão: gestão avisada.")),
    "chase_barcode": _told(_("O novo código de barras não veio: tarefa para cobrá-lo.")),
    "miss_barcode": _told(_("A fatura venceu sem o novo código: tarefa para escolher o meio.")),
    "chase_credit": _told(_("A fatura do crédito não chegou: tarefa para procurá-la.")),
    "chase_correction": _told(_("Correção de estrutura sem prova: tarefa para cobrá-la.")),
}

_TICKETS: dict[str, Told] = {
    "opened": _told(_("Chamado aberto.")),
    "taken": _told(_("%(to)s passou a cuidar do chamado.")),
    "replied": _told(_("Respondeu ao cliente.")),
    "noted": _told(_("Anotou no chamado.")),
    "customer_wrote": _told(_("O cliente escreveu (%(author)s)."), _("O cliente escreveu.")),
    "clock_stopped": _told(_("Prazo parado (%(clock)s): %(reason)s.")),
    "clock_resumed": _told(
        _("Prazo retomado (%(clock)s), até %(due_at)s."), _("Prazo retomado (%(clock)s).")
    ),
    "priority_changed": _told(_("Mudou a prioridade: %(reason)s.")),
    "reopened_because": _told(_("Reaberto: %(reason)s.")),
    "merged": _told(_("Unido ao chamado %(into)s.")),
    "took_in": _told(_("Recebeu o chamado %(protocol)s.")),
    "split": _told(_("Separou uma mensagem no chamado %(protocol)s.")),
    "linked": _told(_("Ligou a %(code)s.")),
    "unlinked": _told(_("Desligou de %(code)s.")),
    "identified": _told(_("Reconheceu o cliente %(customer)s.")),
    "warn_response": _told(_("Prazo da primeira resposta perto do fim.")),
    "breach_response": _told(_("Prazo da primeira resposta estourado.")),
    "escalate_response": _told(_("Sem primeira resposta: levado à gestão.")),
    "warn_resolution": _told(_("Prazo de solução perto do fim.")),
    "breach_resolution": _told(_("Prazo de solução estourado.")),
    "escalate_resolution": _told(_("Sem solução: levado à gestão.")),
    "nudge": _told(_("O cliente não respondeu: lembrado mais uma vez.")),
    "give_up": _told(_("O cliente não respondeu: dado por resolvido.")),
    "close": _told(_("Ninguém reabriu: encerrado.")),
}

_KICKOFF: dict[str, Told] = {
    "taken": _told(_("%(to)s passou a cuidar da implantação.")),
    "dates_proposed": _told(_("Propôs %(dates)s data(s) para a reunião.")),
    "scheduled": _told(_("Reunião marcada para %(until)s.")),
    "rescheduled": _told(_("Reunião remarcada de %(due_at)s para %(until)s.")),
    "meeting_held": _told(_("Reunião de início realizada em %(due_at)s.")),
    "item_added": _told(_("Acrescentou à lista: %(item)s.")),
    "item_done": _told(_("Concluído por %(told)s: %(item)s."), _("Concluído: %(item)s.")),
    "item_reopened": _told(_("Reaberto: %(item)s.")),
    "clock_stopped": _TICKETS["clock_stopped"],
    "clock_resumed": _TICKETS["clock_resumed"],
    "installed": _told(_("Tudo instalado; o cliente foi chamado a aceitar.")),
    "accepted": _money(_("Aceita por %(author)s: em operação.")),
    "called_off": _told(_("Cancelada a pedido de %(author)s, protocolo %(protocol)s: %(reason)s.")),
    "half_meeting": _told(_("Metade do prazo da reunião passou.")),
    "warn_meeting": _told(_("Prazo da reunião perto do fim.")),
    "breach_meeting": _told(_("Prazo da reunião estourado.")),
    "escalate_meeting": _told(_("Sem reunião: levado à gestão.")),
    "half_installation": _told(_("Metade do prazo da implantação passou.")),
    "warn_installation": _told(_("Prazo da implantação perto do fim.")),
    "breach_installation": _told(_("Prazo da implantação estourado.")),
    "escalate_installation": _told(_("Sem implantação: levado à gestão.")),
    "ask_acceptance": _told(_("Sem aceite: cliente lembrado.")),
}

INVOICES = "invoices"
CONTRACTS = "contracts"
SENTENCES: dict[str, dict[str, Told]] = {
    ANY: _EVERYWHERE,
    Process.TASKS: _TASKS,
    Process.COLLECTIONS: _COLLECTIONS,
    Process.AGREEMENTS: _AGREEMENTS,
    Process.BUREAU: _BUREAU,
    Process.CONTESTATION: _CONTESTATION,
    Process.TICKETS: _TICKETS,
    Process.KICKOFF: _KICKOFF,
    INVOICES: _INVOICES,
    CONTRACTS: _CONTRACTS,
    Process.ACTIVATION: _ACTIVATION,
    Process.RENEWALS: _RENEWALS,
}


def is_known(process: str, kind: str) -> bool:
    """Whether the kind has a sentence of its own."""
    return kind in SENTENCES.get(process, {}) or kind in _EVERYWHERE


def sentence_of(process: str, kind: str, parameters: Mapping[str, Any]) -> str:
    """The message id that tells the event; its places are in `parameters`, or %(kind)s."""
    told = SENTENCES.get(process, {}).get(kind) or _EVERYWHERE.get(kind)
    if told is None:
        return UNKNOWN
    filled = {name for name, value in parameters.items() if value not in (None, "", [], {})}
    fitting = (each for each in told.sentences if set(PLACE.findall(each)) <= filled)
    return next(fitting, UNKNOWN)


def part_of(process: str, kind: str, *, by: str) -> Part:
    """The part of history that an event belongs to."""
    told = SENTENCES.get(process, {}).get(kind) or _EVERYWHERE.get(kind)
    if told is not None and told.part is not None:
        return told.part
    return Part.SYSTEM if by == "system" else Part.PEOPLE
