"""The inbox in a real browser: by keyboard alone, live, and readable by everybody."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import Page, Route, expect

from activities.tasks import NewTask, make_task
from models.tasks import Task
from tests.browser.conftest import PHONE, Site
from tests.builders import a_collections_case, a_customer

pytestmark = pytest.mark.once("postgresql")

ACT = ("tasks:see", "tasks:act", "collections.account:see", "management:see")


async def some_tasks(site: Site) -> list[int]:
    """Three tasks of a customer in collections: late, due soon, due next week."""
    at = site.house.clock.now
    async with site.database.write() as session:
        customer = await a_customer(session, name="Maria Aparecida da Conceição")
        case = await a_collections_case(session, customer, at=at)
        made = [
            await make_task(
                session,
                NewTask(
                    key=f"t{hours}", title=title, due_at=at + timedelta(hours=hours),
                    process="collections", for_case_id=case.id, customer_id=customer.id,
                    priority=priority, description="Cliente prefere ser procurado à tarde.",
                    reason="Nenhum contato em 3 dias úteis.",
                    consequence="O caso sobe para a liderança da equipe.",
                ),
                by="system", at=at,
            )
            for hours, title, priority in (
                (-50, "Ligar para a cliente", 1),
                (5, "Conferir o endereço de e-mail", 2),
                (150, "Oferecer novo acordo", 3),
            )
        ]  # fmt: skip
    return [task.number for task in made]


async def task_of(site: Site, task_id: int) -> Task:
    async with site.database.read() as session:
        return await session.get_one(Task, task_id)


async def picked(page: Page) -> int:
    return await page.locator("input[name=ids]:checked").count()


async def test_a_day_of_work_by_keyboard_alone(site: Site) -> None:
    first, second, third = await some_tasks(site)
    page = await site.page(permissions=ACT)
    await page.goto("/tarefas/livres")

    # j and k walk the rows, x ticks, c claims the row in focus
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await expect(page.locator(f"#list-row-{first}")).to_be_focused()
    await page.keyboard.press("x")
    assert await picked(page) == 1
    await page.keyboard.press("x")
    assert await picked(page) == 0
    await page.keyboard.press("c")
    await expect(page.get_by_role("status").first).to_contain_text("1 tarefa assumida.")
    assert (await task_of(site, first)).assignee == "giane"

    # n takes the next one and opens it, e opens its conclusion
    await page.keyboard.press("n")
    await page.wait_for_url(f"**/tarefas/{second}")
    await page.keyboard.press("e")
    await expect(page.locator("#f-result")).to_be_focused()
    await page.get_by_label("Observações").fill("Endereço confere.")
    await page.get_by_role("button", name="Concluir", exact=True).click()
    await page.wait_for_url("**/tarefas")
    task = await task_of(site, second)
    assert (task.status, task.remarks) == ("concluded", "Endereço confere.")

    # e concludes from the list as well
    await page.keyboard.press("j")
    await page.keyboard.press("e")
    await page.locator("#bulk-result").select_option("no_answer")
    await page.get_by_role("button", name="Concluir", exact=True).click()
    await expect(page.get_by_role("status").first).to_contain_text("1 tarefa concluída.")
    assert (await task_of(site, first)).result == "no_answer"
    assert (await task_of(site, third)).status == "open"


async def slowly(route: Route) -> None:
    """A slow line: the script comes long after the others."""
    await asyncio.sleep(0.5)
    await route.continue_()


async def test_counts_follow_without_a_reload(site: Site) -> None:
    await some_tasks(site)
    page = await site.page(permissions=ACT)
    await page.route("**/hx-sse.min.js", slowly)
    await page.goto("/tarefas")
    free = page.locator("#inbox-chips").get_by_role("link", name="Sem responsável")
    await expect(free).to_contain_text("3")
    other = await site.web.program("tasks:see", "tasks:act", login="bia")

    await other.post("/api/tasks/next")

    await expect(free).to_contain_text("2", timeout=15_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_use_the_pages(site: Site, scheme: str) -> None:
    task_id, *_ = await some_tasks(site)
    page = await site.page(permissions=ACT, scheme=scheme)
    paths = ("/tarefas/todas", f"/tarefas/{task_id}", "/tarefas/nova", "/casos", "/gestao",
             "/busca?q=maria", "/casos/1", "/gestao/motor", "/agenda", "/ausencia",
             "/tarefas/todas?prioridade=1")  # fmt: skip

    found = {}
    for path in paths:
        await page.goto(path)
        found[path] = await site.violations(page)

    assert found == {path: [] for path in paths}


async def test_the_inbox_fits_a_phone(site: Site) -> None:
    task_id, *_ = await some_tasks(site)
    page = await site.page(permissions=ACT, viewport=PHONE)

    for path in ("/tarefas/todas", f"/tarefas/{task_id}", "/gestao"):
        await page.goto(path)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], path


async def test_nothing_can_be_done_to_no_task(site: Site) -> None:
    await some_tasks(site)
    page = await site.page(permissions=ACT)
    await page.goto("/tarefas/livres")
    bar = page.locator("[data-picked]")

    await expect(bar.get_by_role("button", name="Assumir")).to_be_disabled()
    await bar.get_by_text("Encaminhar…").click()
    await expect(bar.locator("details[open]")).to_have_count(0)
    assert await site.violations(page) == []

    await page.locator("input[name=ids]").first.check()
    await expect(bar.get_by_role("button", name="Assumir")).to_be_enabled()
    await bar.get_by_text("Encaminhar…").click()
    await expect(bar.locator("details[open]")).to_have_count(1)
