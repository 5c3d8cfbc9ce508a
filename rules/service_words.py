"""What people call the clocks, channels and links of kickoffs and tickets."""

from __future__ import annotations

from rules.sentences import N_
from rules.sla import SlaEvent

CLOCKS: dict[str, str] = {
    SlaEvent.FIRST_RESPONSE: N_("primeira resposta"),
    SlaEvent.RESOLUTION: N_("solução"),
    SlaEvent.KICKOFF_MEETING: N_("reunião de início"),
    SlaEvent.INSTALLATION: N_("implantação"),
    SlaEvent.ACTIVATION: N_("ativação"),
}
TICKET_CHANNELS: dict[str, str] = {
    "email": N_("e-mail"),
    "page": N_("página"),
    "api": N_("integração"),
    "phone": N_("telefone"),
}
LINKS: dict[str, str] = {
    "contract": N_("Contrato"),
    "invoice": N_("Fatura"),
    "contestation": N_("Contestação"),
    "case": N_("Caso"),
    "ticket": N_("Chamado"),
}
