"""The shape of a process's words, and what processes with promised times say alike."""

from __future__ import annotations

from collections.abc import Mapping

from rules.sentences import N_

Stages = Mapping[str, str]
NextSteps = Mapping[str, tuple[str, str]]

WARNED = N_("O prazo corre: quem a política nomeia é avisado.")
BREACHED = N_("O caso conta como prazo descumprido e quem a política nomeia é avisado.")
ESCALATED = N_("O prazo passou: quem a política nomeia é avisado; a gestão recebe uma tarefa.")
