"""The ladder's editor as a form: rows of steps, read and given back as they were typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import Field
from starlette.datastructures import FormData

from activities.ladder_edit import Draft
from api.inputs import Input
from api.language import N_, gettext
from rules.ladder_edit import MOST_STEPS, refusal_of
from rules.ladder_law import breaches, nominal_days
from rules.ladder_steps import Action, LadderPolicy, Rung
from rules.message_templates import PURPOSES
from rules.messages import Channel

ACTIONS: Mapping[str, tuple[str, str, str]] = {
    Action.MESSAGE: (N_("Mensagem"), "mail", "blue"),
    Action.REDUCE: (N_("Reduzir velocidade"), "gauge", "orange"),
    Action.BLOCK: (N_("Suspender"), "lock", "red"),
    Action.TERMINATE: (N_("Rescindir o contrato"), "file-x", "red"),
    Action.TASK: (N_("Criar tarefa"), "checkbox", "purple"),
    Action.FORWARD: (N_("Encaminhar para a cobrança"), "arrow-right", "teal"),
    Action.PROPOSE_BUREAU: (N_("Propor registro no SPC"), "alert-triangle", "orange"),
    Action.PROPOSE_PROTEST: (N_("Propor protesto"), "gavel", "red"),
}
#: What a step may say, in the order of the ladder.
LETTERS = tuple(
    (each.code, each.label) for each in PURPOSES
    if each.code.startswith(("ladder_", "contact_cadence"))
)  # fmt: skip
ROW = ("key", "name", "action", "offset", "after", "purpose")
#: A number that nobody typed as one; no offset is so large.
UNREADABLE = 100_000


class StepInput(Input):
    """A step as a program sends it; `after` is the place in the list, from 1, of another step."""

    id: int | None = Field(default=None, description="of a step that the ladder has already")
    name: str = Field(default="", max_length=80)
    action: Action
    offset_days: int
    after: int | None = None
    purpose: str = Field(default="", max_length=40)
    channels: list[Channel] = Field(default=[])


class LadderInput(Input):
    """A whole ladder; `seen_version` is the one that was read before."""

    name: str = Field(min_length=1, max_length=120)
    for_telecom: bool = True
    override_reason: str = Field(default="", max_length=300)
    seen_version: int | None = None
    steps: list[StepInput] = Field(max_length=MOST_STEPS)

    def draft(self) -> Draft:
        """The ladder as the rules see it; new steps get numbers of the draft's own."""
        ids = [step.id or -place for place, step in enumerate(self.steps, 1)]
        rungs = tuple(
            Rung(
                id=number, action=step.action, offset_days=step.offset_days, name=step.name,
                after=_nth(ids, step.after), purpose=step.purpose,
                channels=tuple(map(str, step.channels)),
            )
            for number, step in zip(ids, self.steps, strict=True)
        )  # fmt: skip
        return Draft(self.name, rungs, self.for_telecom, self.override_reason, self.seen_version)


@dataclass(frozen=True)
class Mark:
    """A step on the time line: on which day of a customer who never pays, and what stands by it."""

    place: int
    rung: Rung
    day: int | None
    label: str
    icon: str
    tone: str
    breaches: tuple[str, ...]


def raw_of(
    rungs: Sequence[Rung], *, name: str, for_telecom: bool, override_reason: str, seen: int | None
) -> dict[str, Any]:
    """This will give a ladder as the form's fields have it."""
    raw: dict[str, Any] = {
        "name": name, "for_telecom": for_telecom, "override_reason": override_reason,
        "seen": "" if seen is None else str(seen), "rows": len(rungs),
    }  # fmt: skip
    for place, rung in enumerate(rungs):
        raw |= _row(place, rung)
    return raw


def sent_raw(sent: FormData) -> dict[str, Any]:
    """This will give what was typed, with the row added, taken out or moved by a button."""
    rows = min(_whole(sent.get("rows")) or 0, MOST_STEPS + 1)
    raw: dict[str, Any] = {
        "name": sent.get("name", ""), "for_telecom": "for_telecom" in sent,
        "override_reason": sent.get("override_reason", ""), "seen": sent.get("seen", ""),
    }  # fmt: skip
    table = [_sent_row(sent, place) for place in range(rows)]
    _press(table, str(sent.get("do", "")))
    raw["rows"] = len(table)
    for place, row in enumerate(table):
        raw |= {f"{field}-{place}": value for field, value in row.items()}
    return raw


def draft_of(raw: Mapping[str, Any]) -> Draft:
    """This will read the form into a draft; what cannot be read is what no ladder may have."""
    rungs = tuple(_rung(raw, place) for place in range(raw["rows"]))
    return Draft(
        str(raw["name"]), rungs, bool(raw["for_telecom"]), str(raw["override_reason"]),
        _whole(raw["seen"]),
    )  # fmt: skip


def marks_of(draft: Draft, policy: LadderPolicy) -> list[Mark]:
    """This will put the steps on the time line, each with what the law says of it."""
    days = nominal_days(draft.rungs)
    found = breaches(draft.rungs, policy) if draft.for_telecom else []
    said: dict[int, list[str]] = {}
    for breach in found:
        refusal = refusal_of(breach, draft.rungs)
        said.setdefault(breach.step_id, []).append(gettext(refusal.message, **refusal.params))
    marks = []
    for place, rung in enumerate(draft.rungs):
        label, icon, tone = ACTIONS.get(rung.action, (rung.action, "point", "secondary"))
        marks.append(
            Mark(place, rung, days.get(rung.id), gettext(label), icon, tone,
                 tuple(said.get(rung.id, ())))
        )  # fmt: skip
    return marks


def in_order(marks: Sequence[Mark]) -> list[Mark]:
    """The marks as the days pass; what hangs on nothing stands last."""
    return sorted(marks, key=lambda mark: (mark.day is None, mark.day or 0, mark.place))


def _row(place: int, rung: Rung) -> dict[str, Any]:
    return {
        f"key-{place}": str(rung.id), f"name-{place}": rung.name, f"action-{place}": rung.action,
        f"offset-{place}": str(rung.offset_days),
        f"after-{place}": "" if rung.after is None else str(rung.after),
        f"purpose-{place}": rung.purpose, f"channels-{place}": list(rung.channels),
    }  # fmt: skip


def _sent_row(sent: FormData, place: int) -> dict[str, Any]:
    row: dict[str, Any] = {field: str(sent.get(f"{field}-{place}", "")) for field in ROW}
    row["channels"] = [str(each) for each in sent.getlist(f"channels-{place}")]
    return row


def _press(table: list[dict[str, Any]], button: str) -> None:
    verb, _, number = button.partition("-")
    place = _whole(number)
    if verb == "add":
        lowest = min([0, *(_whole(row["key"]) or 0 for row in table)])
        table.append(_blank(lowest - 1))
    elif place is None or place >= len(table):
        return
    elif verb == "remove":
        del table[place]
    elif verb in {"earlier", "later"}:
        days = _whole(table[place]["offset"])
        if days is not None:
            table[place]["offset"] = str(days + (1 if verb == "later" else -1))


def _blank(key: int) -> dict[str, Any]:
    return {
        "key": str(key), "name": "", "action": str(Action.MESSAGE), "offset": "1", "after": "",
        "purpose": "ladder_overdue", "channels": [str(Channel.EMAIL)],
    }  # fmt: skip


def _rung(raw: Mapping[str, Any], place: int) -> Rung:
    offset, after = _whole(raw[f"offset-{place}"]), raw[f"after-{place}"]
    rung = Rung(
        id=_whole(raw[f"key-{place}"]) or -1000 - place, action=raw[f"action-{place}"],
        offset_days=UNREADABLE if offset is None else offset,
        after=(_whole(after) or UNREADABLE) if after else None, name=raw[f"name-{place}"][:80],
        purpose=raw[f"purpose-{place}"], channels=tuple(raw[f"channels-{place}"]),
    )  # fmt: skip
    return rung if rung.is_message else replace(rung, purpose="", channels=())


def _whole(typed: Any) -> int | None:
    text = str(typed or "").strip().replace("\u2212", "-")
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < 10 else None


def _nth(ids: Sequence[int], place: int | None) -> int | None:
    if place is None:
        return None
    return ids[place - 1] if 1 <= place <= len(ids) else UNREADABLE
