"""The shape of a process's words, and what processes with promised times say alike."""

from __future__ import annotations

from collections.abc import Mapping

from rules.sentences import N_

Stages = Mapping[str, str]
NextSteps = Mapping[str, tuple[str, str]]

WARNED = N_("Quem cuida do caso é avisado de que o prazo está perto do fim.")
BREACHED = N_("O caso conta como prazo estourado; responsável e liderança são avisados.")
ESCALATED = N_("A gestão é avisada e recebe uma tarefa.")
