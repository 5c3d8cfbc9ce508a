"""The words of the policies of bureau records."""

from __future__ import annotations

from functools import partial

from rules.bureau import RemoveOn
from rules.policy_values import Kind, Setting, Unit
from rules.policy_words.entries import HOUSE, Words, business_days, days, flag, hour, number
from rules.sentences import N_

PROOF_HELP = N_(
    "O prazo do aviso só corre quando a entrega está provada: pelo provedor ou registrada à mão."
)
PROOF_LAW = N_("CDC, art. 43, § 2º; STJ, Tema 1.315 (prova de envio e de entrega)")

WORDS: Words = {
    "grace_days": days(
        N_("Da notificação ao registro"),
        N_("Dias que o cliente tem para reagir antes de o registro valer."),
        90,
        least=1,
        source=N_("CDC, art. 43, § 2º; Súmula 359 do STJ; prática dos birôs: 10 dias"),
    ),
    "max_years": number(
        N_("Permanência máxima"),
        N_("Contada do dia seguinte ao vencimento da dívida."),
        5,
        unit=Unit.YEARS,
        least=1,
        source=N_("CDC, art. 43, § 1º; Súmula 323 do STJ"),
    ),
    "remove_business_days": business_days(
        N_("Retirar depois do pagamento em"),
        N_("Prazo contado do primeiro dia útil com o dinheiro disponível."),
        5,
        least=1,
        source=N_("Súmula 548 do STJ"),
    ),
    "alert_business_days_before": business_days(
        N_("Alerta antes do fim do prazo de retirada"),
        N_("O gestor é avisado com esta antecedência."),
        4,
        source=HOUSE,
    ),
    "remove_on": partial(
        Setting,
        label=N_("O que libera o registro num acordo"),
        help=N_("Qual pagamento tira do SPC a fatura que o acordo substituiu."),
        kind=Kind.CHOICE,
        source=N_("Novação: entendimento usual é a primeira parcela"),
        choices=(
            (RemoveOn.FIRST_INSTALLMENT.value, N_("Primeira parcela")),
            (RemoveOn.FULL_PAYMENT.value, N_("Pagamento integral")),
        ),
    ),
    "only_after_termination": flag(
        N_("Só depois da rescisão do contrato"),
        N_("Dívida de serviço de telecomunicações; antes disso, só com permissão e motivo."),
        N_("RGC (Resolução Anatel 765/2023), art. 71, IV"),
    ),
    "least_amount": partial(
        Setting,
        label=N_("Menor dívida"),
        help=N_("Abaixo deste valor a fatura só entra por exceção."),
        kind=Kind.AMOUNT,
        most=1_000_000,
        source=HOUSE,
    ),
    "most_amount": partial(
        Setting,
        label=N_("Maior dívida"),
        help=N_("Acima deste valor a fatura só entra por exceção; zero: sem limite."),
        kind=Kind.AMOUNT,
        most=100_000_000,
        source=HOUSE,
    ),
    "least_days_late": days(
        N_("Menor atraso"),
        N_("Com menos dias de atraso a fatura só entra por exceção."),
        1825,
        source=HOUSE,
    ),
    "other_least_days_late": days(
        N_("Menor atraso do que não é telecomunicação"),
        N_("Licenças e outros contratos, que não esperam rescisão; não confirmado em norma."),
        1825,
        source=N_("Prática de mercado: inclusão a partir de 30 dias de atraso"),
    ),
    "exchanges_orders": flag(
        N_("Trocar pedidos com o SPC"),
        N_("Inclusões e remoções viram pedidos, que saem em remessas e esperam a resposta do SPC."),
        HOUSE,
    ),
    "acts_at_hour": hour(
        N_("Hora em que o SPC age"),
        N_("Tarefas e alertas do controle de SPC acontecem a partir desta hora."),
        source=HOUSE,
    ),
}
