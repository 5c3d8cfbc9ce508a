"""What people call rules, charges, fields and states of carriers' invoices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.language import N_, gettext
from api.table import Badge, Tone
from rules.audit_rules import Rule
from rules.audit_words import RULES
from rules.carrier_layouts import LAYOUTS
from rules.carrier_mappings import OF_VERSION
from rules.carrier_records import ChargeKind, Role
from rules.carrier_terms import Crossing, Sharing, TariffKind, TariffUnit
from rules.findings import FindingStatus
from rules.lines import LineKind, LineStatus
from rules.runs import RunStatus

KINDS: Mapping[str, str] = {
    ChargeKind.CALL.word: N_("Chamada"),
    ChargeKind.SERVICE.word: N_("Serviço"),
    ChargeKind.PLAN.word: N_("Plano"),
    ChargeKind.DISCOUNT.word: N_("Desconto"),
    ChargeKind.ADJUSTMENT.word: N_("Ajuste"),
    "": "—",
}
STATUSES: Mapping[FindingStatus, tuple[str, Tone]] = {
    FindingStatus.OPEN: (N_("Aberta"), Tone.YELLOW),
    FindingStatus.RECORDED: (N_("Registrada, a menor"), Tone.GREY),
    FindingStatus.PICKED: (N_("Separada"), Tone.BLUE),
    FindingStatus.CONTESTED: (N_("Contestada"), Tone.BLUE),
    FindingStatus.ACCEPTED: (N_("Aceita"), Tone.GREEN),
    FindingStatus.REFUSED: (N_("Recusada"), Tone.RED),
    FindingStatus.CREDITED: (N_("Creditada"), Tone.GREEN),
    FindingStatus.AVOIDED: (N_("Evitada"), Tone.GREEN),
    FindingStatus.REPLACED: (N_("Substituída"), Tone.GREY),
}
RUN_STATUSES: Mapping[RunStatus, tuple[str, Tone]] = {
    RunStatus.WAITING: (N_("Na fila"), Tone.GREY),
    RunStatus.RUNNING: (N_("Lendo e auditando"), Tone.BLUE),
    RunStatus.STOPPED: (N_("Parada"), Tone.YELLOW),
    RunStatus.FAILED: (N_("Recusada"), Tone.RED),
    RunStatus.DONE: (N_("Concluída"), Tone.GREEN),
}
ROLES: Mapping[str, str] = {
    Role.HEADER: N_("Cabeçalho"),
    Role.SUMMARY: N_("Resumo por linha"),
    Role.ADDRESS: N_("Endereços"),
    Role.CALL: N_("Chamadas"),
    Role.SERVICE: N_("Serviços"),
    Role.DISCOUNT: N_("Descontos"),
    Role.PLAN: N_("Planos"),
    Role.ADJUSTMENT: N_("Ajustes"),
    Role.NOTE: N_("Notas fiscais"),
    Role.NOTICE: N_("Informativos"),
    Role.TRAILER: N_("Fechamento"),
}
TARIFF_KINDS: Mapping[TariffKind, str] = {
    TariffKind.FEE: N_("Assinatura ou serviço"),
    TariffKind.RATE: N_("Tarifa de chamada"),
    TariffKind.ALLOWANCE: N_("Franquia"),
    TariffKind.DISCOUNT: N_("Desconto"),
    TariffKind.TAX: N_("Alíquota"),
    TariffKind.INSTALMENT: N_("Parcelas de aparelho"),
}
UNITS: Mapping[TariffUnit, str] = {
    TariffUnit.EACH: N_("por unidade"),
    TariffUnit.MINUTE: N_("por minuto"),
    TariffUnit.CALL: N_("por chamada"),
    TariffUnit.MESSAGE: N_("mensagem"),
    TariffUnit.MEGABYTE: N_("megabyte"),
}
#: What an allowance is of.
ALLOWED: Mapping[TariffUnit, str] = {
    TariffUnit.MINUTE: N_("minutos"),
    TariffUnit.MESSAGE: N_("mensagens"),
    TariffUnit.MEGABYTE: N_("megabytes"),
}
SHARINGS: Mapping[Sharing, str] = {
    Sharing.LINE: N_("de cada linha do plano"),
    Sharing.SUMMED: N_("somada entre as linhas do plano"),
    Sharing.ACCOUNT: N_("uma só para as linhas do plano"),
}
CROSSINGS: Mapping[Crossing, str] = {
    Crossing.WHOLE: N_("é cobrada inteira"),
    Crossing.REST: N_("só o que passa é cobrado"),
}
LINE_KINDS: Mapping[LineKind, str] = {
    LineKind.MOBILE: N_("Móvel"),
    LineKind.FIXED: N_("Fixa"),
    LineKind.SIM: N_("Chip"),
    LineKind.DEVICE: N_("Aparelho"),
    LineKind.CIRCUIT: N_("Circuito"),
}
LINE_STATUSES: Mapping[LineStatus, tuple[str, Tone]] = {
    LineStatus.ACTIVE: (N_("Ativa"), Tone.GREEN),
    LineStatus.SUSPENDED: (N_("Suspensa"), Tone.YELLOW),
    LineStatus.CANCELLED: (N_("Cancelada"), Tone.GREY),
}


def badge(word: tuple[str, Tone]) -> Badge:
    """A state as a badge, in the reader's language."""
    return Badge(gettext(word[0]), word[1])


def options(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    """Choices of a form, in the reader's language."""
    return [(str(value), gettext(text)) for value, text in words.items()]


def rule_name(rule: str) -> str:
    """A rule in the reader's language."""
    return gettext(RULES[Rule(rule)])


def kind_name(kind: str) -> str:
    """A kind of charge in the reader's language."""
    return gettext(KINDS[kind]) if kind else KINDS[""]


def layout_name(key: str) -> str:
    """A layout as its manual calls it; a mapping by its code and version."""
    if key in LAYOUTS:
        return LAYOUTS[key].name
    if not key:
        return ""
    code, _, version = key.partition(OF_VERSION)
    return gettext("%(code)s, versão %(version)s") % {"code": code, "version": version}
