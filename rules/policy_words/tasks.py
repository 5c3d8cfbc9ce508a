"""The words of the policies of tasks."""

from __future__ import annotations

from functools import partial

from rules.policy_values import Kind, Setting, Unit
from rules.policy_words.entries import HOUSE, Words, number
from rules.sentences import N_

WORDS: Words = {
    "reminders": partial(
        Setting,
        kind=Kind.REMINDERS,
        label=N_("Lembretes e avisos das tarefas"),
        help=N_("A quem se escreve, e quando: antes e depois do prazo, e enquanto ninguém assume."),
        source=HOUSE,
    ),
    "gather_minutes": number(
        N_("Lembretes reunidos em um e-mail"),
        N_("A quem já recebeu um, os seguintes vão juntos ao fim deste tempo. 0: um a um."),
        1440,
        unit=Unit.MINUTES,
        source=HOUSE,
    ),
}
