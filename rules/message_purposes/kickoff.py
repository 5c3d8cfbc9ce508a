"""The reasons to write about a kickoff."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from rules.message_purposes.entries import MAIL, STANDARD, USER, Purpose
from rules.sentences import N_

KICKOFF: dict[str, Any] = {
    "kickoff": {
        "client": "Padaria Aurora Ltda.",
        "contract": "K000318",
        "service": "Gestão de telecom (TEM)",
        "dates": [datetime(2026, 11, 3, 13, tzinfo=UTC), datetime(2026, 11, 4, 17, tzinfo=UTC)],
        "meeting_at": datetime(2026, 11, 3, 13, tzinfo=UTC),
        "place": "Videoconferência",
        "meeting_due": datetime(2026, 11, 10, 21, tzinfo=UTC),
        "installation_due": datetime(2026, 12, 16, 21, tzinfo=UTC),
        "due_at": datetime(2026, 11, 10, 21, tzinfo=UTC),
        "in_service_on": date(2026, 12, 15),
        "waits_for": "lista de linhas ativas",
        "protocol": "20261027000018",
    },
    "step": "held",
}
KICKOFF_TOLD: dict[str, Any] = {
    **USER,
    "kickoff": {**KICKOFF["kickoff"], "link": "https://acerto.example/implantacoes/3"},
    "step": "breach_meeting",
}

PURPOSES: tuple[Purpose, ...] = (
    *(
        Purpose(code, label, MAIL, {**STANDARD, **KICKOFF}, is_conversation=True)
        for code, label in (
            ("kickoff_dates", N_("Implantação: datas da reunião")),
            ("kickoff_invite", N_("Implantação: convite")),
            ("kickoff_called_off", N_("Implantação: reunião desmarcada")),
            ("kickoff_step", N_("Implantação: andamento")),
        )
    ),
    Purpose("kickoff_told", N_("Implantação: aviso interno"), MAIL, {**STANDARD, **KICKOFF_TOLD}),
)  # fmt: skip
