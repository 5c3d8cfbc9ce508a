"""What operators do in the pages, each deed a function; the journeys are put together from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.support.portfolio import write_csv

#: The plan of tests/contracts.py, as it is offered.
FIBRA = "Fibra 300 (R$\xa0100,00, mensal)"


async def press(page: Page, name: str, *, within: Locator | None = None) -> None:
    """This will press a button that leads to another page, and wait for that page."""
    async with page.expect_navigation():
        await (within or page.locator("main")).get_by_role("button", name=name).last.click()


async def told(page: Page) -> str:
    """The short message that says what was done."""
    return (await page.locator("#flash").inner_text()).strip()


async def first_log_in(page: Page, password: str, own: str) -> None:
    """This will log in with the one-time password, and choose one's own."""
    await log_in(page, password)
    await page.get_by_label("Senha atual").fill(password)
    await page.locator("#f-new_password").fill(own)
    await page.locator("#f-confirmation").fill(own)
    await press(page, "Trocar a senha")


async def log_in(page: Page, password: str) -> None:
    """This will log in as the administrator, in a browser that is not logged in."""
    await page.goto("/")
    await page.get_by_label("Usuário").fill("admin")
    await page.get_by_label("Senha").fill(password)
    await press(page, "Entrar")


async def add_to_registry(page: Page, slug: str, **fields: str) -> None:
    """This will add a row to a registry."""
    await page.goto(f"/cadastros/{slug}/novo")
    for name, value in fields.items():
        await page.locator(f"#f-{name}").fill(value)
    async with page.expect_navigation():
        await page.locator("main form button").last.click()


async def import_files(
    page: Page, *files: Path, button: str = "Importar", end: str = "Concluída"
) -> None:
    """This will upload portfolio files, and wait until the import is over."""
    await page.goto("/importacoes")
    await page.locator("#f-files").set_input_files(files)
    await press(page, button)
    await expect(page.get_by_text(end, exact=True)).to_be_visible(timeout=30_000)


def portfolio(folder: Path, due: Sequence[date]) -> list[Path]:
    """Files of a customer with three invoices, and of one with a single small one."""
    amounts = ("400,00", "400,00", "200,00")
    ana = [
        {"codigo": f"F{n}", "cliente": "C1", "vencimento": f"{day}", "valor": amount,
         "contrato": "K1", "descricao": "Mensalidade"}
        for n, (day, amount) in enumerate(zip(due, amounts, strict=True), 1)
    ]  # fmt: skip
    joao = {**ana[0], "codigo": "F9", "cliente": "C2", "valor": "99,90", "contrato": "K2"}
    customer = {"email": "a@exemplo.com.br", "celular": "(81) 98765-4321", "uf": "PE"}
    return [
        write_csv(folder / "customers.csv", [
            {"codigo": "C1", "nome": "Ana Souza", "cpf_cnpj": "529.982.247-25", **customer},
            {"codigo": "C2", "nome": "João Lima", "cpf_cnpj": "111.444.777-35", **customer},
        ]),
        write_csv(folder / "contracts.csv", [
            {"codigo": "K1", "cliente": "C1", "descricao": "Fibra 500 Mega"},
            {"codigo": "K2", "cliente": "C2", "descricao": "Fibra 300 Mega"},
        ]),
        write_csv(folder / "invoices.csv", [*ana, joao]),
    ]  # fmt: skip


async def classify(page: Page) -> None:
    """This will run the classifier from panel 1, and wait until it is over."""
    await page.goto("/cobrancas/classificados")
    await press(page, "Executar o classificador agora")
    await expect(page.get_by_text("Concluída")).to_be_visible(timeout=30_000)


async def start_collection(page: Page, customer_id: int) -> None:
    """This will start every classified invoice of the customer from the details page."""
    await page.goto(f"/cobrancas/classificados/{customer_id}")
    await page.locator("[data-pick-all]").check()
    await press(page, "Dar início ao processo")
    await press(page, "Dar início")


async def use_on_row(page: Page, panel: str, customer: str, tool: str) -> None:
    """This will tick a row of a panel and press a tool's button, which asks before it does it."""
    await page.goto(f"/cobrancas/{panel}")
    row = page.locator("[data-row]").filter(has_text=customer).first
    await row.locator("input[name=ids]").check()
    await press(page, tool, within=page.locator("[data-picked]"))


async def begin_agreement(page: Page, customer_id: int) -> None:
    """This will pick all that awaits an agreement, and go to the wizard's second step."""
    await page.goto(f"/cobrancas/contas/{customer_id}")
    await page.locator("[data-pick-all]").check()
    await press(page, "Fazer acordo")
    await press(page, "Continuar")


async def fill_terms(page: Page, *, tolerance: date) -> None:
    """This will fill in the terms of every agreement."""
    await page.get_by_label("Data de tolerância").fill(tolerance.isoformat())
    await page.get_by_label("Categoria do acordo").select_option(label="Parcelamento")


async def fill_components(page: Page, **values: str) -> None:
    """This will fill in the components of a new proposal, each with a ledger account."""
    await page.get_by_label("Gerar nova proposta").check()
    for name, value in values.items():
        await page.locator(f"#f-{name}").fill(value)
        account = f"#f-{name.removesuffix('_percent')}_account_id"
        await page.locator(account).select_option(index=1)
