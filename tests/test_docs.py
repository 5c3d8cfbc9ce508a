"""The documents say what the code says: generated pages, settings, policies, links, commands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from activities.demo.people import PASSWORD, STAFF
from bench.__main__ import benchmarks
from cli import app
from docs import generate_processes as generator
from docs.journeys import JOURNEYS
from docs.screenshots import PICTURES, SHOTS
from rules.policies import BUREAU_PROOF, BY_NAME, CHANNEL_HOURS, CONTACT_HOURS

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")

pytestmark = pytest.mark.once


def test_the_page_of_processes_is_what_the_generator_writes() -> None:
    assert generator.PROCESSES.read_text() == generator.processes_page(), REGENERATE


def test_the_tables_of_settings_and_policies_are_what_the_generator_writes() -> None:
    written = generator.OPERATIONS.read_text()

    assert written == generator.with_tables(written), REGENERATE


REGENERATE = "run: python -m docs.generate_processes"


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.title)
def test_every_stage_stands_in_its_diagram(journey) -> None:
    generator.check_drawn(journey)


def test_every_command_and_every_step_stands_in_a_diagram() -> None:
    drawn = {arrow.why for journey in JOURNEYS for arrow in journey.arrows}

    generator.check_commands()
    for journey in JOURNEYS:
        if journey.steps is not None and journey.title != "An invoice in collections":
            assert set(journey.steps) <= drawn


def test_every_policy_that_is_loaded_is_documented() -> None:
    loaded = {
        name
        for layer in ("activities", "api", "models")
        for path in (ROOT / layer).glob("*.py")
        for name in re.findall(r"load_policy\(session, (\w+)\(\)\)", path.read_text())
    }

    declared = {name.partition(".")[0] for name in BY_NAME}
    assert loaded == declared - {BUREAU_PROOF, CHANNEL_HOURS, CONTACT_HOURS}  # loaded by name


def test_every_setting_stands_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()

    for name, _, _ in generator.settings_rows():
        assert re.search(rf"^#?{name}=", example, re.MULTILINE), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    for target in LINK.findall(page.read_text()):
        path, _, anchor = target.partition("#")
        if ":" in target:
            continue
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked), target


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_command_is_told_in_operations() -> None:
    operations = generator.OPERATIONS.read_text()

    for name in get_command(app).commands:
        assert f"`acerto {name}" in operations, name


def test_the_readme_names_people_and_password_of_the_demonstration() -> None:
    readme = (ROOT / "README.md").read_text()

    assert PASSWORD in readme
    assert {login for login, _, _ in STAFF} & set(re.findall(r"`(\w+)`", readme))


def test_every_picture_is_made_by_the_script_and_is_small() -> None:
    assert {path.stem for path in PICTURES.glob("*.png")} == {shot.name for shot in SHOTS}
    assert all(path.stat().st_size < 400_000 for path in PICTURES.glob("*.png"))


def test_every_benchmark_has_its_part_on_the_page_of_figures() -> None:
    page = (ROOT / "docs" / "performance.md").read_text()

    assert set(re.findall(r"^## .*\(`(\w+)`\)$", page, re.MULTILINE)) == set(benchmarks())


def test_an_unknown_benchmark_is_refused_by_name() -> None:
    command = [sys.executable, "-m", "bench", "nothing"]

    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 2
    assert "There is no benchmark nothing" in run.stderr
