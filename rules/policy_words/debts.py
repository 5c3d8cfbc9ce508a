"""The words of what a debt may cost and how long it can be sued for."""

from __future__ import annotations

from functools import partial

from rules.money import Rounding
from rules.policy_values import Kind, Setting, Unit
from rules.policy_words.entries import HOUSE, Words, days, flag, number, text
from rules.sentences import N_

LEGAL_RATE = N_("Código Civil, art. 406 (Lei 14.905/2024); Resolução CMN 5.171/2024")
CORRECTION = N_("Resolução Anatel 765/2023, art. 78; Código Civil, art. 389 (Lei 14.905/2024)")

WORDS: Words = {
    "limitation_years": number(
        N_("Prescrição da dívida"),
        N_(
            "Contada do dia seguinte ao vencimento, sem o que a interrompe. Fonte a confirmar com"
            " quem responde pelo jurídico."
        ),
        20,
        unit=Unit.YEARS,
        least=1,
        source=N_("Código Civil, art. 206, § 5º, I"),
    ),
    "limitation_warn_days": days(
        N_("Prescrição: avisar antes"),
        N_("A dívida aparece como perto de prescrever com esta antecedência."),
        730,
        source=HOUSE,
    ),
    "telecom_fine_percent": partial(
        Setting,
        label=N_("Multa de telecomunicações: no máximo"),
        help=N_("Vale o menor, entre isto e o que diz o profile de pagamento."),
        kind=Kind.PERCENT,
        most=10,
        source=N_("Resolução Anatel 765/2023, art. 78; CDC, art. 52, § 1º"),
    ),
    "telecom_interest_percent": partial(
        Setting,
        label=N_("Juros de telecomunicações ao mês: no máximo"),
        help=N_("Vale o menor, entre isto e o que diz o profile de pagamento."),
        kind=Kind.PERCENT,
        most=10,
        source=N_("Resolução Anatel 765/2023, art. 78"),
    ),
    "rounding": partial(
        Setting,
        label=N_("Centavos da multa e dos juros"),
        help=N_("Como se tratam as frações de centavo dos encargos por atraso."),
        kind=Kind.CHOICE,
        source=HOUSE,
        choices=(
            (Rounding.HALF_UP.value, N_("Arredondar")),
            (Rounding.TRUNCATE.value, N_("Cortar")),
        ),
    ),
    "legal_rate_index": text(
        N_("Índice da taxa legal"),
        N_(
            "Código de um índice do cadastro, com a taxa de cada mês que o Banco Central divulga."
            " Serve aos profiles sem juros contratados; o mês sem valor conhecido não rende."
        ),
        40,
        LEGAL_RATE,
    ),
    "legal_rate_from": partial(
        Setting,
        label=N_("Taxa legal: em vigor desde"),
        help=N_("Dias anteriores, sem juros contratados, não rendem."),
        kind=Kind.DAY,
        source=LEGAL_RATE,
    ),
    "corrects_late": flag(
        N_("Corrigir a dívida em atraso"),
        N_(
            "Além de multa e juros, o principal cresce pelo índice, em meses inteiros, do"
            " vencimento ao pagamento. O banco não calcula correção: o boleto pago depois do dia"
            " traz só multa e juros."
        ),
        CORRECTION,
    ),
    "correction_index": text(
        N_("Índice da correção da dívida em atraso"),
        N_("Código de um índice do cadastro; o mês sem valor conhecido não corrige."),
        40,
        CORRECTION,
    ),
}
