"""The columns of files of payments."""

from __future__ import annotations

from collections.abc import Mapping

from rules.import_help.entries import ColumnHelp as Told
from rules.sentences import N_

COLUMNS: Mapping[str, Told] = {
    "code": Told(N_("O código do pagamento no outro sistema: cada um paga uma vez só."), "P0001"),
    "invoice": Told(N_("O código da fatura que ele paga."), "F0001"),
    "amount": Told(N_("Tudo o que foi pago, com multa e juros."), "129,90"),
    "paid_on": Told(N_("Dia em que o cliente pagou, não no futuro."), "13/11/2026"),
    "credited_on": Told(
        N_("Dia em que o dinheiro entrou na conta; em branco, o do pagamento."), "16/11/2026"
    ),
    "principal": Told(
        N_("A parte do valor que paga a fatura; em branco, o que multa e juros deixam."), "125,74"
    ),
    "fine": Told(N_("A parte do valor que é multa por atraso."), "2,51"),
    "interest": Told(N_("A parte do valor que são juros por atraso."), "1,65"),
}
