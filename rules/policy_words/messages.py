"""The words of the policies of messages."""

from __future__ import annotations

from functools import partial

from rules.policy_values import Unit
from rules.policy_words.entries import HOUSE, Words, business_days, flag, number
from rules.sentences import N_

of_channel = partial(
    number,
    help=N_("Dos contatos de cobrança do dia, quantos podem ir por este canal."),
    most=5,
    least=1,
    source=HOUSE,
)

WORDS: Words = {
    "contacts_per_day": number(
        N_("Contatos de cobrança por dia"),
        N_("Quantas mensagens de cobrança um cliente pode receber num dia."),
        5,
        least=1,
        source=N_("CDC, arts. 42 e 71: sem constrangimento nem incômodo ao descanso"),
    ),
    "contacts_per_week": number(
        N_("Contatos de cobrança por semana"),
        N_("Quantas mensagens de cobrança um cliente pode receber em sete dias."),
        15,
        least=1,
        source=N_("CDC, arts. 42 e 71: sem constrangimento nem incômodo ao descanso"),
    ),
    "email_contacts_per_day": of_channel(N_("Contatos por e-mail num dia")),
    "sms_contacts_per_day": of_channel(N_("Contatos por SMS num dia")),
    "app_contacts_per_day": of_channel(N_("Contatos pelo aplicativo num dia")),
    "attempts": number(
        N_("Tentativas de envio"),
        N_("Quantas vezes o envio é tentado antes de a mensagem falhar."),
        50,
        least=1,
        source=HOUSE,
    ),
    "first_retry_seconds": number(
        N_("Espera antes da segunda tentativa"),
        N_("Cada espera é o dobro da anterior."),
        3600,
        unit=Unit.SECONDS,
        least=1,
        source=HOUSE,
    ),
    "longest_retry_minutes": number(
        N_("Maior espera entre tentativas"),
        N_("As esperas dobram até esta."),
        1440,
        unit=Unit.MINUTES,
        least=60,
        source=HOUSE,
    ),
    "correct_contact_business_days": business_days(
        N_("Prazo para corrigir um contato"),
        N_("Em quanto tempo vence a tarefa depois de uma mensagem que voltou."),
        30,
        source=HOUSE,
    ),
    "amounts_to_other_phones": flag(
        N_("Valor da dívida a outros telefones"),
        N_("Desligado: um SMS escrito à mão a um número que não é o do cliente não traz valores."),
        N_("LGPD, art. 6º; CDC, art. 42: a dívida não é exposta a terceiros"),
    ),
}
