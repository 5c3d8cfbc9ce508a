"""The words of the policies of payments."""

from __future__ import annotations

from rules.policy_words.entries import HOUSE, Words, business_days, days, flag, number, team
from rules.sentences import N_

WORDS: Words = {
    "team": team(
        N_("Equipe dos pagamentos"),
        N_("A equipe que confere o que um arquivo de retorno deixa em aberto."),
    ),
    "look_business_days": business_days(
        N_("Conferir o retorno em"),
        N_("Prazo da tarefa que um arquivo de retorno abre quando há linhas a conferir."),
        10,
        source=HOUSE,
    ),
    "most_new_due_days": days(
        N_("Novo vencimento: no máximo em"),
        N_("Até quantos dias à frente uma fatura pode ser renegociada fora da cobrança."),
        180,
        source=HOUSE,
    ),
    "tolerance_cents": number(
        N_("Tolerância do pagamento, em centavos"),
        N_("Faltando no máximo tantos centavos, o pagamento quita a fatura; o resto é perdoado."),
        100,
        source=HOUSE,
    ),
    "thanks": flag(
        N_("Agradecer o pagamento"),
        N_("Quem quita uma fatura que estava em cobrança recebe um agradecimento."),
        HOUSE,
    ),
}
