"""What people call stages, next steps and clocks of kickoff and tickets; Portuguese is the id."""

from __future__ import annotations

from rules.cases import Process
from rules.sla import SlaEvent


def _(sentence: str) -> str:
    """Marks a message id, which api/language.py says in the reader's language."""
    return sentence


STAGES: dict[str, dict[str, str]] = {
    Process.TICKETS: {
        "open": _("Aberto"),
        "in_progress": _("Em atendimento"),
        "waiting_customer": _("Aguardando o cliente"),
        "resolved": _("Resolvido"),
        "closed": _("Encerrado"),
        "merged": _("Unido a outro"),
    },
    Process.KICKOFF: {
        "scheduling": _("Marcando a reunião"),
        "scheduled": _("Reunião marcada"),
        "parametrising": _("Em parametrização"),
        "waiting_client": _("Aguardando o cliente"),
        "installed": _("Instalada"),
        "in_service": _("Em operação"),
        "cancelled": _("Cancelada"),
    },
}

WARNED = _("Quem cuida do caso é avisado de que o prazo está perto do fim.")
BREACHED = _("O caso conta como prazo estourado; responsável e liderança são avisados.")
ESCALATED = _("A gestão é avisada e recebe uma tarefa.")

NEXT_STEPS: dict[str, dict[str, tuple[str, str]]] = {
    Process.TICKETS: {
        "warn_response": (_("Aviso: primeira resposta"), WARNED),
        "breach_response": (_("Prazo da primeira resposta"), BREACHED),
        "escalate_response": (_("Primeira resposta levada à gestão"), ESCALATED),
        "warn_resolution": (_("Aviso: solução"), WARNED),
        "breach_resolution": (_("Prazo de solução"), BREACHED),
        "escalate_resolution": (_("Solução levada à gestão"), ESCALATED),
        "nudge": (_("Lembrete ao cliente"), _("O cliente é lembrado de responder.")),
        "give_up": (
            _("Resolvido sem resposta"),
            _("Sem resposta do cliente, o chamado é dado por resolvido."),
        ),
        "close": (_("Encerramento"), _("Se o cliente não reabrir, o chamado é encerrado.")),
    },
    Process.KICKOFF: {
        "half_meeting": (_("Lembrete: metade do prazo da reunião"), WARNED),
        "warn_meeting": (_("Aviso: prazo da reunião"), WARNED),
        "breach_meeting": (_("Prazo da reunião"), BREACHED),
        "escalate_meeting": (_("Reunião levada à gestão"), ESCALATED),
        "half_installation": (_("Lembrete: metade do prazo da implantação"), WARNED),
        "warn_installation": (_("Aviso: prazo da implantação"), WARNED),
        "breach_installation": (_("Prazo da implantação"), BREACHED),
        "escalate_installation": (_("Implantação levada à gestão"), ESCALATED),
        "ask_acceptance": (
            _("Pedido de aceite"),
            _("O cliente e quem cuida do caso são lembrados do aceite."),
        ),
    },
}

CLOCKS: dict[str, str] = {
    SlaEvent.FIRST_RESPONSE: _("primeira resposta"),
    SlaEvent.RESOLUTION: _("solução"),
    SlaEvent.KICKOFF_MEETING: _("reunião de início"),
    SlaEvent.INSTALLATION: _("implantação"),
    SlaEvent.ACTIVATION: _("ativação"),
}
TICKET_CHANNELS: dict[str, str] = {
    "email": _("e-mail"),
    "page": _("página"),
    "api": _("integração"),
    "phone": _("telefone"),
}
LINKS: dict[str, str] = {
    "contract": _("Contrato"),
    "invoice": _("Fatura"),
    "case": _("Caso"),
    "ticket": _("Chamado"),
}
