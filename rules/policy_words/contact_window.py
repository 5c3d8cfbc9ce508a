"""The words of the contact hours of each state."""

from __future__ import annotations

from collections.abc import Mapping

from rules.sentences import N_

#: Where the contact hours of a state are from; elsewhere the code sets none and the house's hold.
STATE_LAWS: Mapping[str, str] = {
    "AL": N_("Lei estadual 7.782/2016 (AL), que inclui SMS"),
    "AM": N_("Lei estadual 306/2016 (AM); uma só fonte"),
    "ES": N_("Lei estadual 10.626/2017 (ES); uma só fonte"),
    "PR": N_("Lei estadual 252/2010 (PR); fonte duvidosa"),
    "RJ": N_("Lei estadual 7.868/2018 (RJ)"),
    "SP": N_("Lei estadual 15.426/2014 (SP)"),
}
DEFAULT_LAW = N_("CDC, arts. 42 e 71: a lei não fixa horário; regra da casa")
HELP = N_("No relógio do cliente; nunca em domingos, feriados e recessos.")
CHANNEL_HELP = N_(
    "Dentro do horário do estado, quando se cobra por este canal; sem sábado, ali não se cobra"
    " nele."
)
