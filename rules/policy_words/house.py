"""The words of what holds of the whole house."""

from __future__ import annotations

from functools import partial

from rules.house import ZONES
from rules.policy_values import Kind, Setting
from rules.policy_words.entries import HOUSE, Words
from rules.sentences import N_

WORDS: Words = {
    "time_zone": partial(
        Setting,
        label=N_("Fuso horário da empresa"),
        help=N_(
            "Em que horário contam os dias, o expediente e os prazos, rodam as rotinas diárias e se"
            " mostram e se digitam as horas; vale em segundos. O horário de Brasília é"
            " America/Sao_Paulo. Prazos já contados ficam até alguém os recontar em Cadastros,"
            " Calendários; calendários e UFs com fuso próprio seguem o seu."
        ),
        kind=Kind.CHOICE,
        choices=tuple((zone, zone) for zone in ZONES),
        source=HOUSE,
    ),
}
