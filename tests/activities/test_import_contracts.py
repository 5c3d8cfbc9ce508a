"""Contracts brought by file: charged from the day that the file says, by the plan's own terms."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from activities.contract_upkeep import keep_up
from models.contract_changes import ContractChange
from models.contracts import Contract
from models.database import Database
from models.plans import DiscountTable, Plan, PriceIndex
from tests import builders
from tests.contracts import a_plan, charges, day
from tests.support.portfolio import AT, CUSTOMERS, errors_of, import_files, write_csv

ROW = {
    "codigo": "K1", "cliente": "C1", "inicio": "05/01/2025", "fim": "", "codigo_plano": "FIBRA",
    "regra_vencimento": "", "metodo_faturamento": "agrupada", "cobrar_de": "05/12/2026",
    "encerrado_em": "",
}  # fmt: skip


async def imported(database: Database, folder: Path, **values: str) -> tuple[Contract | None, list]:
    """The contract that a file of one row brings, and what is wrong with the row."""
    run = await import_files(database, write_csv(folder / "k.csv", [{**ROW, **values}]))
    async with database.read() as session:
        return (await session.exec(select(Contract))).first(), await errors_of(database, run)


@pytest.fixture
async def folder(database: Database, tmp_path: Path) -> Path:
    """Where files are written, in a house with customers and a plan."""
    await import_files(database, write_csv(tmp_path / "c.csv", CUSTOMERS))
    async with database.write() as session:
        await a_plan(session, code="FIBRA", periodicity_months=1)
    return tmp_path


async def test_a_plan_fills_in_what_the_file_leaves_open(database: Database, folder: Path) -> None:
    contract, errors = await imported(database, folder)

    assert errors == []
    assert contract is not None
    assert (contract.description, contract.monthly_amount) == ("Fibra 300", Decimal("100.00"))
    assert contract.due_day_rule_id is not None
    assert contract.stage == "active"


@pytest.mark.parametrize(
    ("told", "amount", "is_telecom"),
    [
        ({"mensalidade": "", "telecom": ""}, "100.00", False),
        ({"mensalidade": "0,00", "telecom": "sim"}, "0.00", True),
        ({"mensalidade": "", "telecom": "", "codigo_plano": "", "cobrar_de": ""}, "0.00", True),
    ],
)
async def test_an_empty_cell_leaves_it_to_the_plan_and_nothing_is_an_amount(
    database: Database, folder: Path, told: dict[str, str], amount: str, is_telecom: bool
) -> None:
    async with database.write() as session:
        plan = (await session.exec(select(Plan))).one()
        plan.telecom_service = False
        session.add(plan)

    contract, errors = await imported(database, folder, **told)

    assert errors == []
    assert contract is not None
    assert contract.monthly_amount == Decimal(amount)
    assert contract.telecom_service is is_telecom


async def test_an_empty_cell_changes_nothing_of_a_known_contract(
    database: Database, folder: Path
) -> None:
    await imported(database, folder, mensalidade="77,00", telecom="nao")

    contract, errors = await imported(database, folder, mensalidade="", telecom="")

    assert errors == []
    assert contract is not None
    assert (contract.monthly_amount, contract.telecom_service) == (Decimal("77.00"), False)


async def test_a_file_says_what_the_wizard_sets(database: Database, folder: Path) -> None:
    async with database.write() as session:
        await builders.stored(session, PriceIndex(code="IGP-DI", name="IGP-DI"))
        await builders.stored(session, DiscountTable(code="EMDIA", name="Em dia"))

    contract, errors = await imported(
        database, folder, periodicidade="trimestral", forma_pagamento="Pix automático",
        tabela_descontos="EMDIA", fidelidade_meses="12", multa_fidelidade="300,00",
        indice_reajuste="IGP-DI", ultimo_reajuste="05/01/2026", mes_data_base="1",
        ignorar_renovacao="sim", nota_automatica="não", observacoes="Portão azul",
        assinado_em="05/01/2025",
    )  # fmt: skip

    assert errors == []
    assert contract is not None
    assert (contract.periodicity_months, contract.monthly_amount) == (3, Decimal("300.00"))
    assert (contract.payment_method, contract.ignore_automatic_renewal) == ("pix_automatic", True)
    assert (contract.minimum_term_months, contract.minimum_term_fee) == (12, Decimal(300))
    assert (contract.readjusted_on, contract.data_base_month) == (day("05/01/2026"), 1)
    assert (contract.discount_table_id, contract.price_index_id) == (1, 1)
    assert (contract.fiscal_document, contract.notes) == (False, "Portão azul")
    assert (await keep_up(database, at=AT)).extended == 1
    async with database.read() as session:
        made = await charges(session, contract)
    assert [each.amount for each in made[:2]] == [Decimal("101.09"), Decimal("300.00")]


async def test_a_terminal_is_of_one_contract_of_a_file(database: Database, folder: Path) -> None:
    async with database.write() as session:
        await a_plan(session, code="FONE", plan_type="telephony")
    line = {
        **ROW, "codigo_plano": "FONE", "terminal": "(11) 3333-4444", "ignorar_renovacao": "sim",
    }  # fmt: skip

    run = await import_files(
        database, write_csv(folder / "k.csv", [line, {**line, "codigo": "K2"}])
    )

    assert [(each[0], each[2]) for each in await errors_of(database, run)] == [(3, "TerminalTaken")]
    async with database.read() as session:
        [kept] = await session.exec(select(Contract))
    assert (kept.code, kept.phone_terminal) == ("K1", "1133334444")


async def test_an_empty_cell_leaves_the_terms_as_they_are(database: Database, folder: Path) -> None:
    told = {"periodicidade": "anual", "fidelidade_meses": "24", "observacoes": "Portão azul"}
    await imported(database, folder, **told)

    contract, errors = await imported(database, folder, **dict.fromkeys(told, ""))

    assert errors == []
    assert contract is not None
    assert (contract.periodicity_months, contract.minimum_term_months) == (12, 24)
    assert contract.notes == "Portão azul"


async def test_it_is_charged_from_the_day_that_the_file_says(
    database: Database, folder: Path
) -> None:
    contract, _ = await imported(database, folder)

    assert [(await keep_up(database, at=AT)).extended for _ in range(2)] == [1, 0]

    async with database.read() as session:
        made = await charges(session, contract)
    assert (made[0].period_start, made[0].amount) == (day("05/12/2026"), Decimal("100.00"))


async def test_without_that_day_nothing_is_charged(database: Database, folder: Path) -> None:
    await imported(database, folder, cobrar_de="")

    assert (await keep_up(database, at=AT)).extended == 0


async def test_what_was_ended_elsewhere_is_over(database: Database, folder: Path) -> None:
    contract, _ = await imported(database, folder, encerrado_em="01/10/2026")

    assert contract is not None
    assert contract.stage == "terminated"
    assert (await keep_up(database, at=AT)).extended == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"codigo_plano": "NONE"}, "ReferenceUnknown"),
        ({"regra_vencimento": "NONE"}, "ReferenceUnknown"),
        ({"metodo_faturamento": "fiado"}, "BillingNotValid"),
        ({"fim": "05/01/2025"}, "ImportedEndNotAfterStart"),
        ({"inicio": ""}, "ChargedWithoutStart"),
        ({"codigo_plano": ""}, "ChargedWithoutStart"),
        ({"cobrar_de": "04/01/2025"}, "ChargedBeforeStart"),
        ({"periodicidade": "quinzenal"}, "PeriodNotValid"),
        ({"fidelidade_meses": "18"}, "TermNotValid"),
        ({"forma_pagamento": "cheque"}, "PaymentMethodNotValid"),
        ({"mes_data_base": "13"}, "MonthNotValid"),
        ({"terminal": "12-34"}, "TerminalNotValid"),
        ({"terminal": "1133334444"}, "TerminalNotPossible"),
        ({"indice_reajuste": "NONE"}, "ReferenceUnknown"),
        ({"desconto_inatividade": "sim", "periodicidade": "3"}, "InactivityDiscountNotPossible"),
        ({"ultimo_reajuste": "01/01/2030"}, "ReadjustedOutOfTime"),
        (
            {"assinado_em": "05/01/2026", "fim": "05/01/2027", "fidelidade_meses": "24"},
            "MinimumTermTooLong",
        ),
    ],
)
async def test_a_row_that_contradicts_itself_is_refused(
    database: Database, folder: Path, values: dict[str, str], code: str
) -> None:
    contract, errors = await imported(database, folder, **values)

    assert contract is None
    assert [each[2] for each in errors] == [code]


async def test_a_contract_that_nobody_charges_here_is_what_its_newest_file_says(
    database: Database, folder: Path
) -> None:
    await imported(database, folder)

    contract, errors = await imported(database, folder, inicio="01/02/2026", codigo_plano="")

    assert errors == []
    assert contract is not None
    assert contract.starts_on == day("01/02/2026")
    assert contract.plan_id is not None


@pytest.fixture
async def charged(database: Database, folder: Path) -> Path:
    """Where files are written, in a house that charges the contract and sells a faster plan."""
    await imported(database, folder)
    await keep_up(database, at=AT)
    async with database.write() as session:
        await a_plan(session, code="FIBRA600", name="Fibra 600", amount=Decimal(150))
        await a_plan(session, code="TV", name="TV", plan_type="tv")
    return folder


async def test_a_file_changes_plan_and_end_of_a_charged_contract_by_its_own_commands(
    database: Database, charged: Path
) -> None:
    contract, errors = await imported(
        database, charged, codigo_plano="FIBRA600", plano_desde="05/01/2027", fim="05/06/2027"
    )

    assert errors == []
    assert contract is not None
    assert contract.ends_on == day("05/06/2027")
    async with database.read() as session:
        change = (await session.exec(select(ContractChange))).one()
        made = [each for each in await charges(session, contract) if each.status != "cancelled"]
    assert (change.kind, change.starts_on, change.amount) == (
        "plan_change", day("05/01/2027"), Decimal(150),
    )  # fmt: skip
    assert made[-1].period_end == day("05/06/2027")
    again, errors = await imported(
        database, charged, codigo_plano="", plano_desde="", fim="05/06/2027"
    )
    assert (errors, again.version) == ([], contract.version)


async def test_a_file_changes_the_other_terms_of_a_charged_contract_too(
    database: Database, charged: Path
) -> None:
    contract, errors = await imported(
        database, charged, forma_pagamento="pix", fidelidade_meses="12", multa_fidelidade="300,00",
        observacoes="Portão azul",
    )  # fmt: skip

    assert errors == []
    assert contract is not None
    assert (contract.payment_method, contract.notes) == ("pix", "Portão azul")
    assert (contract.minimum_term_months, contract.minimum_term_fee) == (12, Decimal(300))


async def test_everything_that_a_row_may_not_change_is_told_and_nothing_changes(
    database: Database, charged: Path
) -> None:
    before, _ = await imported(database, charged)

    contract, errors = await imported(
        database, charged, inicio="06/01/2025", cobrar_de="06/12/2026", mensalidade="10,00",
        encerrado_em="01/10/2026", cliente="C2", codigo_plano="TV", plano_desde="15/11/2026",
        fim="16/11/2026", descricao="Outra", periodicidade="anual", ultimo_reajuste="05/01/2026",
    )  # fmt: skip

    assert {each[2] for each in errors} == {
        "StartOfChargedContract", "ChargedFromOfChargedContract", "PriceOfChargedContract",
        "EndingOfChargedContract", "OwnerOfChargedContract",
        "PlanSinceBeforeToday", "EndsInThePast", "PeriodicityOfChargedContract",
        "ReadjustmentOfChargedContract",
    }  # fmt: skip
    assert (contract.description, contract.version) == (before.description, before.version)


async def test_a_plan_of_another_type_is_refused_beside_its_column(
    database: Database, charged: Path
) -> None:
    _, errors = await imported(database, charged, codigo_plano="TV")

    assert errors == [(2, "codigo_plano", "ChangePlanOfOtherType")]


async def test_a_dry_run_tells_the_same_and_changes_nothing(
    database: Database, charged: Path
) -> None:
    rows = [{**ROW, "fim": "05/06/2027"}]
    run = await import_files(database, write_csv(charged / "k.csv", rows), is_dry_run=True)

    async with database.read() as session:
        contract = (await session.exec(select(Contract))).one()
    assert (run.changed, run.errors, contract.ends_on) == (1, 0, None)


async def test_unreadable_cells_and_what_contradicts_itself_are_told_together(
    database: Database, folder: Path
) -> None:
    contract, errors = await imported(
        database, folder, metodo_faturamento="fiado", codigo_plano="NONE", fim="05/01/2025"
    )

    assert contract is None
    assert errors == [
        (2, "metodo_faturamento", "BillingNotValid"),
        (2, "codigo_plano", "ReferenceUnknown"),
        (2, "fim", "ImportedEndNotAfterStart"),
    ]
