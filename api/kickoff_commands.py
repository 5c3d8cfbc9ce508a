"""Every command on a kickoff, once: its addresses, its form, its update, and what is told."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.actions import Action, Seen
from api.dependencies import Principal, need
from api.forms import Amount, Instant
from api.language import N_
from rules import kickoff_commands as rules

See = Annotated[Principal, need("kickoffs:see")]
Act = Annotated[Principal, need("kickoffs:see", "kickoffs:act")]


class TakeInput(Seen):
    """Who brings it to its end; nobody named: whoever asks."""

    to: str = Field(default="", max_length=60)


class DatesInput(Seen):
    """Dates for the meeting."""

    dates: list[Instant] = Field(min_length=1, max_length=10)


class MeetingInput(Seen):
    """The meeting: when, how long, and where."""

    at: Instant
    minutes: int = 60
    place: str = Field(default="", max_length=200)


class HeldInput(Seen):
    """The meeting that was held."""

    held_at: Instant
    minutes: str = Field(min_length=1, max_length=20_000)
    decisions: str = Field(default="", max_length=20_000)
    attendees: str = Field(min_length=1, max_length=2_000)


class CheckInput(Seen):
    """An item that is done, or open again."""

    item_id: int
    is_done: bool = False


class ItemInput(Seen):
    """One more item."""

    title: str = Field(min_length=1, max_length=160)
    is_client: bool = False


class WaitInput(Seen):
    """What the client is waited for."""

    reason: str = Field(min_length=1, max_length=300)


class ReadyInput(Seen):
    """The client did it."""


class InstalledInput(Seen):
    """Since when everything is installed; blank: now."""

    installed_at: Instant | None = None


class AcceptInput(Seen):
    """Who accepted for the client, when (blank: now), and what the installation costs."""

    accepted_by: str = Field(min_length=1, max_length=160)
    accepted_at: Instant | None = None
    installation_amount: Amount | None = None


class CancelInput(Seen):
    """Who called it off for the client, on which channel, and why."""

    requested_by: str = Field(min_length=1, max_length=160)
    channel: str = Field(min_length=1, max_length=20)
    reason: str = Field(min_length=1, max_length=500)


def _dates(by: str, ip: str, dates: list[Instant]) -> rules.ProposeDates:
    return rules.ProposeDates(by=by, ip=ip, dates=tuple(dates))


_dates.__doc__ = rules.ProposeDates.__doc__

ACTIONS: tuple[Action, ...] = (
    Action("assumir", "assignment", "take", TakeInput, rules.TakeKickoff,
           N_("Implantação assumida.")),
    Action("datas", "dates", "propose", DatesInput, _dates, N_("Datas propostas ao cliente.")),
    Action("reuniao", "meeting", "schedule", MeetingInput, rules.ScheduleMeeting,
           N_("Reunião marcada; o convite foi enviado.")),
    Action("ata", "minutes", "hold", HeldInput, rules.HoldMeeting,
           N_("Ata registrada; a lista de parametrização está aberta.")),
    Action("item", "items/check", "check", CheckInput, rules.CheckItem, N_("Lista atualizada.")),
    Action("novo-item", "items", "add_item", ItemInput, rules.AddItem, N_("Item acrescentado.")),
    Action("espera", "wait", "wait", WaitInput, rules.WaitForClient,
           N_("O prazo está parado à espera do cliente.")),
    Action("retorno", "client-ready", "ready", ReadyInput, rules.ClientReady,
           N_("O prazo voltou a correr.")),
    Action("instalacao", "installation", "report_installed", InstalledInput,
           rules.ReportInstalled, N_("Instalada; o cliente foi chamado a aceitar.")),
    Action("aceite", "acceptance", "accept", AcceptInput, rules.AcceptKickoff,
           N_("Em operação: a cobrança começou.")),
    Action("cancelamento", "cancellation", "cancel", CancelInput, rules.CancelKickoff,
           N_("Implantação cancelada.")),
)  # fmt: skip
BY_PATH = {each.path: each for each in ACTIONS}
