"""docs/processes.md and the tables of docs/operations.md, written from the code.

`python -m docs.generate_processes` writes them, and tests/test_docs.py proves that somebody did.
Stages, steps and commands are the code's own; which leads where stands in docs/journeys, and a
page that leaves one out is refused (NotDrawn).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from activities.activation import ActivationCommand
from activities.agreement_moves import AgreementCommand
from activities.anonymisation import AnonymisationCommand
from activities.bureau_moves import BureauCommand
from activities.collections import CollectionsCommand
from activities.contestation_moves import ContestationCommand
from activities.contract_changes import ChangeCommand
from activities.kickoff_moves import KickoffCommand
from activities.readjustments import ReadjustmentCommand
from activities.renewals import RenewalCommand
from activities.task_moves import TaskCommand
from activities.ticket_moves import TicketCommand
from api.language import in_language
from docs.journeys import JOURNEYS
from docs.journeys.arrows import Arrow, Journey
from rules.policies import GROUPS
from rules.policy_values import REMINDER_SCOPES, Kind, Setting
from rules.reminders import CountedIn, Moment
from rules.words import NEXT_STEPS
from settings import Settings

ROOT = Path(__file__).parent.parent
PROCESSES = ROOT / "docs" / "processes.md"
OPERATIONS = ROOT / "docs" / "operations.md"

COMMANDS: dict[str, Any] = {
    "collections": CollectionsCommand,
    "agreements": AgreementCommand,
    "bureau": BureauCommand,
    "tasks": TaskCommand,
    "contestation": ContestationCommand,
    "activation": ActivationCommand,
    "contract_changes": ChangeCommand,
    "renewals": RenewalCommand,
    "readjustments": ReadjustmentCommand,
    "kickoff": KickoffCommand,
    "tickets": TicketCommand,
    "anonymisation": AnonymisationCommand,
}
#: Every journey has these; they lead nowhere by themselves.
COMMON = {"elapsed", "news"}

LAYERS = ("rules", "models", "activities", "workflows", "api", "templates/pages")
NAMES = (
    *("collections", "classification", "agreements", "bureau", "tasks", "messages"),
    *("kickoff", "tickets"),
    *("imports", "ladder", "provisioning", "payments", "bank_returns"),
    *("people", "registries", "carriers"),
    "billing",
    *("contestation", "cases"),
    *("contracts", "activation", "contract_changes", "renewals", "readjustments"),
    "anonymisation",
)
#: Where a process has another name in a layer, or is part of a neighbour there.
ELSEWHERE = {
    ("bureau", "api"): "collection_commands",
    ("carriers", "rules"): "audit",
    ("cases", "workflows"): "journey",
    ("classification", "templates/pages"): "collections",
    ("people", "rules"): "permissions",
    ("carriers", "api"): "carrier_accounts",
    ("ladder", "models"): "ladders",
    ("ladder", "api"): "ladders",
    ("contestation", "models"): "contestations",
    ("contestation", "activities"): "contestation_moves",
    ("contestation", "api"): "contestations",
    ("contracts", "workflows"): "contract_upkeep",
    ("anonymisation", "models"): "anonymisations",
}


class NotDrawn(Exception):  # noqa: N818 - reads as what it is
    """A stage, step or command of the code has no arrow in docs/journeys."""


# --- docs/processes.md ----------------------------------------------------------------------------


def processes_page() -> str:
    """The whole page. Refuses when an arrow is missing (NotDrawn)."""
    parts = [INTRODUCTION, _matrix(), JOURNEY_WORDS]
    for journey in JOURNEYS:
        parts += [_heading(journey), _diagram(journey), _steps(journey)]
    return "\n\n".join(part for part in parts if part) + "\n"


INTRODUCTION = """\
# Processes

Written by `python -m docs.generate_processes` from the code; do not edit.

A process keeps one name in every layer; where a layer has it under another, the link says which. So
this table is also the way to its code. Beside a module stand those named after it:
`agreement_terms.py`, `agreement_ends.py`; `git ls-files | grep agree` lists them. `cases` is not a
process: it is what all of them share."""

JOURNEY_WORDS = """\
## Stages

An arrow in `code` is a command that a person gives. An arrow in CAPITALS is a step that comes by
itself when nobody acts; each has its instant, shown on the case's page. Anything else is news: what
was paid, cancelled or taken back."""


def _matrix() -> str:
    rows = [["process", *LAYERS, "tests"], ["---"] * (len(LAYERS) + 2)]
    for name in NAMES:
        rows.append([name, *(_cell(name, layer) for layer in LAYERS), _tests(name)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(process: str, layer: str) -> str:
    name = ELSEWHERE.get((process, layer), process)
    path = f"{layer}/{name}" if layer.startswith("templates") else f"{layer}/{name}.py"
    return f"[{name}](../{path})" if (ROOT / path).exists() else "—"


def _tests(process: str) -> str:
    found = sorted((ROOT / "tests").glob(f"*/test_{process}.py"))
    return ", ".join(f"[{each.parent.name}](../{each.relative_to(ROOT)})" for each in found) or "—"


def _heading(journey: Journey) -> str:
    return f"### {journey.title}\n\n{journey.words}"


def _diagram(journey: Journey) -> str:
    check_drawn(journey)
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {_place(a.source)} --> {_place(a.target)}: {_label(a)}" for a in journey.arrows]
    lines += [f"    {_place(stage)} --> [*]" for stage in journey.final]
    return "\n".join([*lines, "```"])


def _place(stage: StrEnum | None) -> str:
    return "[*]" if stage is None else stage.value


def _label(arrow: Arrow) -> str:
    why = arrow.why
    if isinstance(why, type):
        return _kind(why)
    return why.value.upper() if isinstance(why, StrEnum) else why


def _kind(command: type) -> str:
    return next(str(field.default) for field in fields(command) if field.name == "kind")


def check_drawn(journey: Journey) -> None:
    """This will refuse a journey of which a stage, step or command is drawn nowhere (NotDrawn)."""
    places = {stage for arrow in journey.arrows for stage in (arrow.source, arrow.target)}
    missing = [stage.value for stage in journey.stages if stage not in places]
    if missing:
        raise NotDrawn(f"{journey.title}: {', '.join(missing)}")


def check_commands() -> None:
    """This will refuse commands that no journey draws (NotDrawn)."""
    drawn = {_label(arrow) for journey in JOURNEYS for arrow in journey.arrows}
    for process, union in COMMANDS.items():
        kinds = {_kind(command) for command in get_args(get_args(union)[0])}
        if missing := kinds - drawn - COMMON:
            raise NotDrawn(f"{process}: {', '.join(sorted(missing))}")


def _steps(journey: Journey) -> str:
    if journey.steps is None or journey.process is None:
        return ""
    known = NEXT_STEPS[journey.process]
    lines = ["By itself, if nobody acts:", "", "| step | on the screen | what it means |"]
    lines.append("|---|---|---|")
    for step in journey.steps:
        label, meaning = known[step.value]
        lines.append(f"| `{step.value}` | {label} | {meaning} |")
    return "\n".join(lines)


# --- tables of docs/operations.md -----------------------------------------------------------------


def with_tables(text: str) -> str:
    """The page with each table between its marks written anew."""
    for name, table in (("settings", settings_table()), ("policies", policies_table())):
        before, mark, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->\n")
        text = f"{before}{mark}{table}\n{end}{after}"
    return text


def settings_table() -> str:
    """Every setting with its default."""
    rows = ["| setting | default | |", "|---|---|---|"]
    rows += [f"| `{name}` | {default} | {words} |" for name, default, words in settings_rows()]
    return "\n".join(rows)


def settings_rows(
    model: type[BaseModel] = Settings, prefix: str = "ACERTO_"
) -> Iterator[tuple[str, str, str]]:
    """Name, default and description of every setting, groups after plain ones."""
    groups: list[tuple[str, type[BaseModel]]] = []
    for name, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            groups.append((f"{prefix}{name.upper()}__", kind))
            continue
        default = "—" if info.default is None else f"`{info.default}`"
        yield f"{prefix}{name.upper()}", default, info.description or ""
    for group, kind in groups:
        yield from settings_rows(kind, group)


def policies_table() -> str:
    """Every policy with its default."""
    rows = ["| policy | default | | where from |", "|---|---|---|---|"]
    for setting in (each for group in GROUPS for each in group.settings):
        words = (in_language(text, language="en") for text in (setting.label, setting.source))
        label, source = words
        help_ = in_language(setting.help, language="en")
        rows.append(f"| `{setting.name}` | {_default(setting)} | {label}. {help_} | {source} |")
    return "\n".join(rows)


def _default(setting: Setting) -> str:
    default = setting.default
    if setting.kind is Kind.CADENCE:
        return ", ".join(f"day {day}: `{purpose}`" for day, purpose in default)
    if setting.kind is Kind.HOURS:
        return "; ".join(" to ".join(stretch) for stretch in default.values() if stretch)
    if setting.kind in REMINDER_SCOPES:
        return "; ".join(_reminder(**each) for each in default)
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _reminder(moment: str, amount: int, unit: str, to: str) -> str:
    if moment == Moment.ELAPSED:
        return f"after {amount} % of the time: the {to}"
    if moment == Moment.AFTER_DUE and not amount:
        return f"when due: the {to}"
    since = {
        Moment.BEFORE_DUE: "before due", Moment.AFTER_DUE: "after due",
        Moment.UNTAKEN: "with nobody on it",
    }[Moment(moment)]  # fmt: skip
    kind = "working" if unit == CountedIn.HOURS else "business"
    return f"{amount} {kind} {unit if amount > 1 else unit[:-1]} {since}: the {to}"


def main() -> None:
    """This will write both pages."""
    check_commands()
    PROCESSES.write_text(processes_page())
    OPERATIONS.write_text(with_tables(OPERATIONS.read_text()))


if __name__ == "__main__":
    main()
