"""What people do to a kickoff, and what refuses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from rules.business_days import local_date
from rules.kickoff import BEFORE_MEETING, KickoffStage
from rules.money import ZERO
from rules.refusals import Refusal, written_date

LONGEST_MEETING = 480


@dataclass(frozen=True)
class TakeKickoff:
    """Mine to bring to its end, or somebody else's who is named."""

    by: str
    to: str = ""
    ip: str = ""
    kind: Literal["take_kickoff"] = "take_kickoff"


@dataclass(frozen=True)
class ProposeDates:
    """Dates for the meeting, for the client to choose from."""

    by: str
    dates: tuple[datetime, ...]
    ip: str = ""
    kind: Literal["propose_dates"] = "propose_dates"


@dataclass(frozen=True)
class ScheduleMeeting:
    """The meeting's instant; said again it is moved, and the first one stays on record."""

    by: str
    at: datetime
    minutes: int = 60
    place: str = ""
    ip: str = ""
    kind: Literal["schedule_meeting"] = "schedule_meeting"


@dataclass(frozen=True)
class HoldMeeting:
    """The meeting was held: its minutes, what was decided, and who was there."""

    by: str
    held_at: datetime
    minutes: str
    decisions: str
    attendees: str
    ip: str = ""
    kind: Literal["hold_meeting"] = "hold_meeting"


@dataclass(frozen=True)
class CheckItem:
    """An item of the check-list is done, or open again."""

    by: str
    item_id: int
    is_done: bool = True
    ip: str = ""
    kind: Literal["check_item"] = "check_item"


@dataclass(frozen=True)
class AddItem:
    """One more item, ours or the client's."""

    by: str
    title: str
    is_client: bool = False
    ip: str = ""
    kind: Literal["add_item"] = "add_item"


@dataclass(frozen=True)
class WaitForClient:
    """Nothing goes on without the client, and why: the clock stands."""

    by: str
    reason: str
    ip: str = ""
    kind: Literal["wait_for_client"] = "wait_for_client"


@dataclass(frozen=True)
class ClientReady:
    """The client did what was waited for: the clock goes on."""

    by: str
    ip: str = ""
    kind: Literal["client_ready"] = "client_ready"


@dataclass(frozen=True)
class ReportInstalled:
    """Everything is installed; the client is asked to accept."""

    by: str
    installed_at: datetime | None = None
    ip: str = ""
    kind: Literal["report_installed"] = "report_installed"


@dataclass(frozen=True)
class AcceptKickoff:
    """The client accepted, by whom: in service from then on.

    `installation_amount` is charged once, on the first invoice; None: what was agreed before.
    """

    by: str
    accepted_by: str
    accepted_at: datetime | None = None
    installation_amount: Decimal | None = None
    ip: str = ""
    kind: Literal["accept_kickoff"] = "accept_kickoff"


@dataclass(frozen=True)
class CancelKickoff:
    """Called off by the client's contract administrator, on which channel, and why."""

    by: str
    requested_by: str
    channel: str
    reason: str
    ip: str = ""
    kind: Literal["cancel_kickoff"] = "cancel_kickoff"


class KickoffNotFound(Refusal):
    message = "Esta implantação não existe."


class KickoffAlreadyClaimed(Refusal):
    message = "A implantação já foi assumida por %(by)s."


class MeetingInThePast(Refusal):
    message = "A reunião precisa estar no futuro."
    field = "at"


class MeetingTooLong(Refusal):
    message = "Uma reunião dura de 15 a %(most)s minutos."
    field = "minutes"


class MeetingAlreadyHeld(Refusal):
    message = "A reunião de início já foi realizada."


class MeetingNotHeld(Refusal):
    message = "A reunião de início ainda não foi realizada."


class HeldInTheFuture(Refusal):
    message = "Esta data ainda não chegou."
    field = "held_at"


class HeldBeforeSignature(Refusal):
    message = "O contrato foi assinado em %(signed)s. Corrija a data da reunião."
    field = "held_at"


class InstalledInTheFuture(HeldInTheFuture):
    """An installation that has not been yet."""

    field = "installed_at"


class AcceptedInTheFuture(HeldInTheFuture):
    """An acceptance that has not been yet."""

    field = "accepted_at"


class AcceptedBeforeInstalled(Refusal):
    message = "O aceite não pode ser anterior à instalação."
    field = "accepted_at"


class InstallationAmountNegative(Refusal):
    message = "A taxa de instalação não pode ser negativa."
    field = "installation_amount"


class KickoffItemsOpen(Refusal):
    message = "Ainda há %(count)s item(ns) em aberto na lista."


class KickoffItemUnknown(Refusal):
    message = "Este item não é da implantação."


class KickoffNotInstalled(Refusal):
    message = "A implantação ainda não foi dada por instalada."


class KickoffAlreadyInstalled(Refusal):
    message = "A implantação já foi dada por instalada."


class KickoffNotWaiting(Refusal):
    message = "A implantação não está à espera do cliente."


class KickoffAlreadyWaiting(Refusal):
    message = "A implantação já está à espera do cliente."


class KickoffTextRequired(Refusal):
    message = "Preencha este campo."


def check_take(*, owner: str | None, command: TakeKickoff) -> None:
    """This will refuse to take what a colleague has; giving it to somebody who is named may."""
    if owner is not None and not command.to and owner != command.by:
        raise KickoffAlreadyClaimed(by=owner)


def check_dates(dates: Sequence[datetime], *, now: datetime) -> None:
    """This will refuse no dates at all, and dates that have passed."""
    if not dates or min(dates) <= now:
        raise MeetingInThePast(field="dates")


def check_meeting(command: ScheduleMeeting, stage: KickoffStage, *, now: datetime) -> None:
    """This will refuse a meeting that was held, lies in the past, or lasts for ever."""
    if stage not in {*BEFORE_MEETING, KickoffStage.WAITING_CLIENT}:
        raise MeetingAlreadyHeld
    if command.at <= now:
        raise MeetingInThePast
    if not 15 <= command.minutes <= LONGEST_MEETING:
        raise MeetingTooLong(most=LONGEST_MEETING)


def check_held(command: HoldMeeting, *, signed_at: datetime, now: datetime) -> None:
    """This will refuse a meeting without minutes or people, one that has not been yet, and one of
    a day before the signature. On its day it may be earlier than the hour it was told at.
    """
    if command.held_at > now:
        raise HeldInTheFuture
    if local_date(command.held_at) < local_date(signed_at):
        raise HeldBeforeSignature(signed=written_date(local_date(signed_at)))
    for name in ("minutes", "attendees"):
        if not getattr(command, name).strip():
            raise KickoffTextRequired(field=name)


def check_installed(
    stage: KickoffStage, *, open_items: int, installed_at: datetime | None, now: datetime
) -> None:
    """This will refuse what is not parametrised, or not yet."""
    if stage is KickoffStage.INSTALLED:
        raise KickoffAlreadyInstalled
    if stage is not KickoffStage.PARAMETRISING:
        raise MeetingNotHeld
    if open_items:
        raise KickoffItemsOpen(count=open_items)
    if installed_at is not None and installed_at > now:
        raise InstalledInTheFuture


def check_accepted(
    command: AcceptKickoff, stage: KickoffStage, *, installed_at: datetime | None, now: datetime
) -> None:
    """This will refuse an acceptance by nobody, of nothing, before its time or in the future."""
    if stage is not KickoffStage.INSTALLED or installed_at is None:
        raise KickoffNotInstalled
    if not command.accepted_by.strip():
        raise KickoffTextRequired(field="accepted_by")
    if command.installation_amount is not None and command.installation_amount < ZERO:
        raise InstallationAmountNegative
    at = command.accepted_at or now
    if at > now:
        raise AcceptedInTheFuture
    # Forms know minutes, not seconds.
    if at < installed_at.replace(second=0, microsecond=0):
        raise AcceptedBeforeInstalled


def check_text(text: str, *, field: str) -> None:
    """This will refuse an empty field."""
    if not text.strip():
        raise KickoffTextRequired(field=field)
