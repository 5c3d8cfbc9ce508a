"""The columns of files of agreements."""

from __future__ import annotations

from collections.abc import Mapping

from rules.import_help.entries import ColumnHelp as Told
from rules.sentences import N_

COLUMNS: Mapping[str, Told] = {
    "code": Told(
        N_("O número do acordo no outro sistema. Importado de novo, muda só o que mudou."),
        "AC0001",
    ),
    "customer": Told(N_("O cliente de todas as faturas do acordo."), "C0002"),
    "kind": Told(
        N_(
            "sem alteração (as próprias faturas continuam) ou nova proposta (parcelas no lugar "
            "delas)."
        ),
        "nova proposta",
    ),
    "tolerance_date": Told(
        N_("O último dia para cumprir o acordo, não antes do último vencimento."), "20/12/2026"
    ),
    "category": Told(N_("O código de uma categoria de acordo dos cadastros."), "A0"),
    "invoices": Told(
        N_(
            "Os códigos das faturas a pagar, separados por |: as parcelas de uma nova proposta, "
            "também as já pagas, ou as próprias faturas. Todas já importadas, ou no mesmo envio."
        ),
        "AC0001-1|AC0001-2",
    ),
    "originals": Told(
        N_(
            "Só de uma nova proposta: os códigos das faturas substituídas, separados por |, "
            "abertas ou suspensas e com saldo. Sem elas não há o que restaurar se o acordo for "
            "desfeito."
        ),
        "F0003",
    ),
    "total": Told(
        N_("O total do acordo, para conferir: as parcelas devem somar exatamente isso."),
        "1.240,00",
    ),
    "made_on": Told(
        N_("Quando foi feito; desde então a régua está parada. Em branco: hoje."), "01/10/2026"
    ),
    "made_by": Told(
        N_("O login de quem o fez, para os gráficos. Em branco: quem importa."), "giane"
    ),
    "standing": Told(
        N_(
            "em andamento, não cumprido ou cumprido. Em branco vale o que as faturas dizem; um "
            "acordo que já deixou de ser cumprido só entra com não cumprido, e sem aviso ao "
            "cliente."
        ),
        "em andamento",
    ),
    "description": Told(
        N_("Até 200 letras, para quem trabalha o acordo."), "Acordo feito no sistema anterior"
    ),
}
