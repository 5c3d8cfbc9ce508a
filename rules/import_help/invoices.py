"""The columns of files of invoices."""

from __future__ import annotations

from collections.abc import Mapping

from rules.import_help.entries import ColumnHelp as Told
from rules.sentences import N_

_DEBT: Mapping[str, Told] = {
    "code": Told(
        N_("O código da fatura no outro sistema; por ele acordos e pagamentos a citam."), "F0001"
    ),
    "customer": Told(N_("O código do cliente que a deve."), "C0001"),
    "due_date": Told(N_("Dia do vencimento."), "05/10/2026"),
    "amount": Told(N_("O principal da fatura, sem multa e juros."), "129,90"),
    "number": Told(N_("O número que o cliente lê na fatura, ou o nosso número."), "2026/0001"),
    "contract": Told(
        N_("O código do contrato; dele vem a régua. Em branco: a régua padrão."), "K0001"
    ),
    "issue_date": Told(N_("Dia em que a fatura foi emitida."), "20/09/2026"),
    "description": Told(N_("O que se cobra, até 200 letras."), "Mensalidade 10/2026"),
    "open_amount": Told(
        N_("O que falta pagar do principal. Em branco: o valor inteiro, ou nada se quitada."),
        "129,90",
    ),
    "status": Told(
        N_(
            "aberta, quitada, cancelada ou suspensa. A original que um acordo substituiu vem como "
            "suspensa, com o saldo que tinha."
        ),
        "aberta",
    ),
    "settled_on": Told(N_("Dia em que foi quitada; de uma quitada, obrigatório."), "09/10/2026"),
    "fiscal_document_issued": Told(
        N_("sim, se a nota fiscal já saiu: a fatura então só muda por processo especial."), "sim"
    ),
    "remittance_generated": Told(
        N_("sim, se o boleto já foi ao banco: a fatura então só muda por processo especial."),
        "não",
    ),
    "payment_profile": Told(
        N_("O código de um profile de pagamento dos cadastros; em branco, o padrão."),
        "BOLETO",
    ),
    "pay_on_time_discount": Told(N_("O que se desconta de quem paga até o vencimento."), "10,00"),
}
_STAGES: Mapping[str, Told] = {
    "collection_stage": Told(
        N_(
            "Para assumir uma fatura vencida no estágio em que está: classificado, em contato ou "
            "em negociação. As de um acordo vêm sem estágio, e o acordo no arquivo de acordos."
        ),
        "em negociação",
    ),
    "stage_since": Told(
        N_("Desde quando está nesse estágio. Os prazos e as mensagens contam da importação."),
        "01/09/2026",
    ),
    "bureau": Told(
        N_(
            "avisado (o prazo do aviso segue aqui) ou registrado (também se já paga: vira crítica, "
            "com o prazo legal de remoção). Em branco: fora do SPC."
        ),
        "registrado",
    ),
    "bureau_noticed_on": Told(
        N_("Dia em que o aviso prévio foi entregue; de avisado, obrigatório."), "20/08/2026"
    ),
    "bureau_registered_on": Told(
        N_("Dia do registro no SPC; de registrado, obrigatório."), "05/09/2026"
    ),
    "bureau_proof": Told(
        N_("Como o aviso foi entregue (rastreio, recibo); de avisado, obrigatório."),
        "AR BR123456785BR",
    ),
}
COLUMNS: Mapping[str, Told] = {**_DEBT, **_STAGES}
