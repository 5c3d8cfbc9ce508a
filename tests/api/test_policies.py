"""The policies editor: what is seen, changed, refused, remembered."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlmodel import select

from models.people import AuditEntry, Team
from models.policies import PolicyValue, load_channel_hours, load_contact_hours, load_policy
from rules.agreements import AgreementPolicy
from rules.collections import CollectionsPolicy
from rules.ladder_steps import LadderPolicy
from rules.reminders import Reminder
from rules.task_reminders import TaskPolicy
from tests.support.web import Web

PATH = "/cadastros/politicas"
MOST = "AgreementPolicy.most_instalments"
HOURS = {
    "weekdays_opens": "09:00", "weekdays_closes": "17:00",
    "saturday_opens": "", "saturday_closes": "",
}  # fmt: skip


async def stored(web: Web) -> dict[str, object]:
    async with web.database.read() as session:
        return {row.name: row.value for row in await session.exec(select(PolicyValue))}


async def test_a_change_holds_at_once_and_is_remembered(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit")

    answer = await browser.post(f"{PATH}/{MOST}", data={"value": "12", "seen": "60"})

    assert answer.status_code == 303
    async with web.database.read() as session:
        assert (await load_policy(session, AgreementPolicy())).most_instalments == 12
        [entry] = (await session.exec(select(AuditEntry).order_by("id"))).all()
    assert (entry.by, entry.action, entry.subject) == ("ana", "policy.change", f"policy/{MOST}")
    assert entry.details == {"before": 60, "after": 12}
    page = (await browser.get(f"{PATH}/{MOST}")).text
    assert 'value="12"' in page
    assert "Voltar ao padrão" in page
    assert "<td>Ana</td>" in page


async def test_back_to_the_default_leaves_no_row(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit")
    await browser.post(f"{PATH}/{MOST}", data={"value": "12"})

    await browser.post(f"{PATH}/{MOST}", data={"value": "x", "padrao": "1"})

    assert await stored(web) == {}
    assert "Nunca foi alterada" not in (await browser.get(f"{PATH}/{MOST}")).text


@pytest.mark.parametrize("typed", ["0", "121", "doze", "-1", "1,5", "", "²"])
async def test_a_value_that_is_not_allowed_is_refused_beside_its_field(web: Web, typed) -> None:
    browser = await web.browser("registries:see", "policies:edit")

    answer = await browser.post(f"{PATH}/{MOST}", data={"value": typed})

    assert answer.status_code == 422
    assert 'id="e-value"' in answer.text
    assert await stored(web) == {}


async def test_what_changed_meanwhile_is_not_overwritten(web: Web) -> None:
    first = await web.browser("registries:see", "policies:edit")
    second = await web.browser("registries:see", "policies:edit", login="bia")
    await first.post(f"{PATH}/{MOST}", data={"value": "12", "seen": "60"})

    answer = await second.post(f"{PATH}/{MOST}", data={"value": "24", "seen": "60"})

    assert answer.status_code == 409
    assert "por ana" in answer.text
    assert await stored(web) == {MOST: 12}


async def test_contact_hours_of_a_state_take_the_place_of_its_law(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit")

    answer = await browser.post(f"{PATH}/ContactHours.SP", data=HOURS)

    assert answer.status_code == 303
    async with web.database.read() as session:
        windows = (await load_contact_hours(session))["SP"]
    assert {each.weekday for each in windows} == {0, 1, 2, 3, 4}
    page = (await browser.get(PATH)).text
    assert "dias úteis, das 09:00 às 17:00" in page


async def test_hours_of_a_channel_narrow_those_of_the_states(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit")

    answer = await browser.post(f"{PATH}/ChannelHours.sms", data=HOURS)

    assert answer.status_code == 303
    async with web.database.read() as session:
        assert {each.weekday for each in await load_channel_hours(session, "sms")} == set(range(5))
        assert await load_channel_hours(session, "email") == ()
    assert "Horário de contato por canal" in (await browser.get(PATH)).text


async def test_hours_in_which_a_channel_reaches_nobody_of_a_state_are_refused(web: Web) -> None:
    program = await web.program("registries:see", "policies:edit")
    night = {"weekdays": ["21:00", "22:00"], "saturday": None}
    evening = {"weekdays": ["18:30", "20:00"], "saturday": None}

    by_channel = await program.put("/api/policies/ChannelHours.sms", json={"value": night})
    late = {"weekdays": ["18:00", "20:00"], "saturday": None}
    for uf in ("SP", "MG"):
        await program.put(f"/api/policies/ContactHours.{uf}", json={"value": late})
    still = await program.put("/api/policies/ChannelHours.sms", json={"value": evening})

    by_app = await program.put("/api/policies/ChannelHours.app", json={"value": night})

    assert (by_channel.status_code, by_channel.json()["code"]) == (422, "HoursApart")
    assert "por aplicativo em" in by_app.json()["detail"]
    assert "reached by app:" in by_app.json()["detail_en"]
    assert (still.status_code, still.json()["field"]) == (422, "value")
    assert set(await stored(web)) == {"ContactHours.SP", "ContactHours.MG"}


async def test_hours_that_end_before_they_begin_are_refused(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit")

    answer = await browser.post(
        f"{PATH}/ContactHours.SP", data=HOURS | {"weekdays_closes": "08:00"}
    )

    assert answer.status_code == 422
    assert "o fim depois do início" in answer.text


async def test_the_day_of_a_law_is_set_and_a_day_that_does_not_exist_is_refused(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit")
    path = f"{PATH}/LadderPolicy.regime_effective_from"

    refused = await browser.post(path, data={"value": "2026-02-30"})
    changed = await browser.post(path, data={"value": "2026-03-01", "seen": "2025-09-01"})

    assert (refused.status_code, changed.status_code) == (422, 303)
    async with web.database.read() as session:
        policy = await load_policy(session, LadderPolicy())
    assert policy.regime_effective_from == date(2026, 3, 1)
    assert "01/03/2026" in (await browser.get(PATH)).text


async def test_a_message_is_taken_out_of_the_cadence(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit")
    sent = {"day_contact_cadence_1": "2", "day_contact_cadence_2": "", "day_contact_cadence_3": "9"}

    await browser.post(f"{PATH}/CollectionsPolicy.cadence", data=sent)

    async with web.database.read() as session:
        policy = await load_policy(session, CollectionsPolicy())
    assert [tuple(each) for each in policy.cadence] == [
        (2, "contact_cadence_1"), (9, "contact_cadence_3"),
    ]  # fmt: skip


async def test_reminders_of_tasks_are_set_line_by_line(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit")
    path = f"{PATH}/TaskPolicy.reminders"
    page = (await browser.get(path)).text
    assert page.count('name="amount_') == len(TaskPolicy().reminders) + 3

    lines = {
        0: ("2", "days", "before_due", "assignee"), 1: ("", "hours", "after_due", "lead"),
        2: ("0", "hours", "after_due", "user:ana"),
    }  # fmt: skip
    names = ("amount", "unit", "moment", "to")
    sent = {f"{n}_{at}": v for at, line in lines.items() for n, v in zip(names, line, strict=True)}
    saved = await browser.post(path, data=sent)
    refused = await browser.post(path, data=sent | {"amount_0": "dois"})
    unknown = await browser.post(path, data=sent | {"to_2": "user:ninguem"})

    assert (saved.status_code, refused.status_code, unknown.status_code) == (303, 422, 422)
    assert 'value="dois"' in refused.text
    async with web.database.read() as session:
        policy = await load_policy(session, TaskPolicy())
    first = Reminder("before_due", 2, "days", "assignee")
    assert policy.reminders == (first, Reminder("after_due", 0, "hours", "user:ana"))
    told = (await browser.get(PATH)).text
    assert "2 dias úteis antes do prazo: responsável; no fim do prazo: Ana" in told


async def test_reminders_of_a_promise_count_its_parts_and_know_the_executive(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit")
    path = f"{PATH}/TicketPolicy.resolution_reminders"
    page = (await browser.get(path)).text
    sent = {"amount_0": "75", "unit_0": "percent", "moment_0": "elapsed", "to_0": "executive"}

    saved = await browser.post(path, data=sent)
    refused = await browser.post(path, data=sent | {"unit_0": "hours"})

    assert 'value="executive"' in page
    assert (saved.status_code, refused.status_code) == (303, 422)
    assert "Por cento, de 1 a 99" in refused.text
    assert "75% do prazo já passados: executivo de conta" in (await browser.get(PATH)).text
    assert 'value="executive"' not in (await browser.get(f"{PATH}/TaskPolicy.reminders")).text


async def test_the_trail_tells_a_change_as_the_policy_itself_does(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit", "audit:see")
    sent = {"amount_0": "75", "unit_0": "percent", "moment_0": "elapsed", "to_0": "user:ana"}

    await browser.post(f"{PATH}/ContractPolicy.activation_reminders", data=sent)

    trail = (await browser.get("/pessoas/auditoria")).text
    assert "para 75% do prazo já passados: Ana" in trail
    assert "percent" not in trail


async def test_only_a_team_that_exists_collects(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit")
    async with web.database.write() as session:
        session.add(Team(code="sul", name="Cobrança Sul"))

    refused = await browser.post(f"{PATH}/CollectionsPolicy.team", data={"value": "norte"})
    taken = await browser.post(f"{PATH}/CollectionsPolicy.team", data={"value": "sul"})

    assert (refused.status_code, taken.status_code) == (422, 303)
    assert await stored(web) == {"CollectionsPolicy.team": "sul"}


async def test_programs_read_and_change_the_same(web: Web) -> None:
    program = await web.program("registries:see", "policies:edit")

    changed = await program.put(f"/api/policies/{MOST}", json={"value": 24, "seen": 60})
    refused = await program.put(f"/api/policies/{MOST}", json={"value": "24"})
    unknown = await program.put("/api/policies/Nothing.here", json={"value": 1})

    assert changed.json() == {"name": MOST, "value": 24}
    assert (refused.status_code, refused.json()["field"]) == (422, "value")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "PolicyUnknown")
    told = {each["name"]: each for each in (await program.get("/api/policies")).json()}
    assert (told[MOST]["value"], told[MOST]["default"], told[MOST]["changed_by"]) == (
        24,
        60,
        "robo",
    )


async def test_whoever_may_not_edit_sees_and_cannot_save(web: Web) -> None:
    browser = await web.browser("registries:see")

    page = (await browser.get(f"{PATH}/{MOST}")).text

    assert '<fieldset class="card-body" disabled>' in page
    assert (await browser.post(f"{PATH}/{MOST}", data={"value": "9"})).status_code == 403


async def test_every_policy_has_a_page_that_saves_what_it_shows(web: Web) -> None:
    browser = await web.browser("registries:see", "policies:edit")
    program = await web.program("registries:see", "policies:edit")
    policies = (await program.get("/api/policies")).json()
    async with web.database.write() as session:
        for code in {each["default"] for each in policies if each["name"].endswith(".team")}:
            session.add(Team(code=code, name=code))

    for each in policies:
        assert (await browser.get(f"{PATH}/{each['name']}")).status_code == 200
        same = {"value": each["value"], "seen": json.loads(json.dumps(each["value"]))}
        answer = await program.put(f"/api/policies/{each['name']}", json=same)
        assert answer.json().get("value") == each["default"], each["name"]
    assert await stored(web) == {}


async def test_policies_are_found_by_their_words(web: Web) -> None:
    browser = await web.browser("registries:see")

    found = (await browser.get(f"{PATH}?busca=PARCELAS máximo")).text
    nothing = (await browser.get(f"{PATH}?busca=xyzzy")).text

    assert (MOST in found, "CollectionsPolicy.team" in found) == (True, False)
    assert "Nenhuma política com estas palavras." in nothing
