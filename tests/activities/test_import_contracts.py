"""Contracts brought by file: charged from the day that the file says, by the plan's own terms."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from activities.contract_upkeep import keep_up
from models.contract_changes import ContractChange
from models.contracts import Contract, ContractEvent
from models.database import Database
from models.people import AuditEntry
from models.plans import BillingGroup, Consultant, DiscountTable, Plan, PriceIndex
from models.registries import LedgerAccount
from tests import builders
from tests.contracts import a_plan, charges, day
from tests.support.asked import counted
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


async def test_a_name_that_the_plan_gave_stays_when_the_file_comes_again(
    database: Database, folder: Path
) -> None:
    path = write_csv(folder / "k.csv", [{**ROW, "descricao": "", "cobrar_de": ""}])

    await import_files(database, path)
    again = await import_files(database, path)

    assert (again.unchanged, again.changed) == (1, 0)
    async with database.read() as session:
        assert (await session.exec(select(Contract.description))).one() == "Fibra 300"


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
        ({"codigo_plano": "NONE"}, "RegistryCodeUnknown"),
        ({"regra_vencimento": "NONE"}, "RegistryCodeUnknown"),
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
        ({"indice_reajuste": "NONE"}, "RegistryCodeUnknown"),
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
        (2, "codigo_plano", "RegistryCodeUnknown"),
        (2, "fim", "ImportedEndNotAfterStart"),
    ]


# --- what a portfolio that moves in brings --------------------------------------------------------

SETUP = {"taxa_adesao": "300,00", "parcelas_adesao": "3", "plano_contas_adesao": "3.1"}


@pytest.fixture
async def accounts(database: Database, folder: Path) -> Path:
    """Where files are written, in a house that also keeps accounts and consultants."""
    async with database.write() as session:
        await builders.stored(session, LedgerAccount(code="3.1", name="Adesões"))
        await builders.stored(session, LedgerAccount(code="3.2", name="Mensalidades"))
        await builders.stored(session, Consultant(code="LIA", name="Lia"))
    return folder


async def test_a_file_says_everything_else_that_the_wizard_sets(
    database: Database, accounts: Path
) -> None:
    contract, errors = await imported(
        database, accounts, consultor="LIA", plano_contas="3.2", data_adesao="05/01/2025",
        **SETUP, composicao_adesao="NFS-e", forma_renovacao="sucessor",
        valor_renovacao="sugerido", valor_sugerido="149,90", fidelidade_meses="12",
        assinado_em="05/01/2025", fidelidade_desde="05/02/2026",
        metodo_reajuste="Variação mensal", casas_reajuste="4", defasagem_reajuste="2",
        reajuste_negativo="manter", endereco_instalacao="Rua da Aurora, 10",
        cidade_instalacao="Recife", uf_instalacao="pe", cep_instalacao="50050000",
    )  # fmt: skip

    assert errors == []
    assert contract is not None
    assert (contract.consultant_id, contract.ledger_account_id, contract.setup_account_id) == (
        1, 2, 1,
    )  # fmt: skip
    assert (contract.setup_fee, contract.setup_instalments) == (Decimal(300), 3)
    assert (contract.setup_composition, contract.adhesion_date) == ("nfse", day("05/01/2025"))
    assert (contract.renewal_form, contract.renewal_price) == ("successor", "suggested")
    assert contract.suggested_amount == Decimal("149.90")
    assert contract.minimum_term_from == day("05/02/2026")
    assert (contract.readjustment_method, contract.readjustment_decimals) == ("monthly_rates", 4)
    assert (contract.readjustment_lag_months, contract.negative_readjustment) == (2, "keep")
    assert contract.address == {
        "street": "Rua da Aurora, 10", "city": "Recife", "uf": "PE", "postal_code": "50050-000",
    }  # fmt: skip


async def test_a_setup_that_was_paid_elsewhere_is_not_charged_again(
    database: Database, accounts: Path
) -> None:
    contract, errors = await imported(database, accounts, **SETUP)
    await keep_up(database, at=AT)

    assert errors == []
    async with database.read() as session:
        assert await charges(session, contract, kind="setup") == []


async def test_what_is_left_of_a_setup_is_charged_here_once(
    database: Database, accounts: Path
) -> None:
    left = {**SETUP, "parcelas_adesao_a_cobrar": "2", "data_adesao": "05/09/2026"}

    contract, errors = await imported(database, accounts, **left)
    await keep_up(database, at=AT)
    await imported(database, accounts, **left)
    await keep_up(database, at=AT)

    assert errors == []
    async with database.read() as session:
        made = await charges(session, contract, kind="setup")
    assert [(each.description, each.amount, each.due_date) for each in made] == [
        ("Adesão 2/3", Decimal(100), day("10/01/2027")),
        ("Adesão 3/3", Decimal(100), day("10/02/2027")),
    ]


async def test_a_setup_told_later_is_not_charged_either(database: Database, accounts: Path) -> None:
    await imported(database, accounts)
    await keep_up(database, at=AT)

    contract, errors = await imported(database, accounts, **SETUP)
    again, wrong = await imported(database, accounts, **SETUP)

    assert (errors, wrong) == ([], [])
    assert (contract.setup_fee, contract.setup_charged_before) == (Decimal(300), 3)
    assert again.version == contract.version
    async with database.read() as session:
        assert await charges(session, contract, kind="setup") == []


async def test_contracts_that_name_one_group_are_billed_together(
    database: Database, folder: Path
) -> None:
    rows = [{**ROW, "agrupador": "Sede"}, {**ROW, "codigo": "K2", "agrupador": " sede "},
            {**ROW, "codigo": "K3", "cliente": "C2", "agrupador": "Sede"}]  # fmt: skip
    await import_files(database, write_csv(folder / "k.csv", rows), is_dry_run=True)
    async with database.read() as session:
        assert (await session.exec(select(BillingGroup))).all() == []

    first = await import_files(database, write_csv(folder / "k.csv", rows))
    again = await import_files(database, write_csv(folder / "k.csv", rows))

    assert (first.errors, again.unchanged) == (0, 3)
    async with database.read() as session:
        groups = (await session.exec(select(BillingGroup).order_by("id"))).all()
        contracts = (await session.exec(select(Contract).order_by("id"))).all()
    assert [(each.name, each.code) for each in groups] == [("Sede", "AG00001"), ("Sede", "AG00002")]
    assert [each.billing_group_id for each in contracts] == [1, 1, 2]


async def test_groups_are_made_in_sets_of_a_page(database: Database, folder: Path) -> None:
    asked = []
    for numbers in (range(1, 3), range(3, 33)):
        rows = [{**ROW, "codigo": f"K{n}", "agrupador": f"Sede {n}"} for n in numbers]
        with counted(database) as statements:
            await import_files(database, write_csv(folder / "k.csv", rows))
        asked.append(len(statements))

    assert asked[0] == asked[1], "no statement for each row"
    async with database.read() as session:
        groups = (await session.exec(select(BillingGroup).order_by("id"))).all()
        trail = (await session.exec(select(AuditEntry.action))).all()
    assert [(each.name, each.code) for each in groups[:2]] == [
        ("Sede 1", "AG00001"), ("Sede 2", "AG00002"),
    ]  # fmt: skip
    assert trail.count("billing_group.make") == len(groups) == 32


async def test_a_charged_contract_joins_a_group_by_file(database: Database, charged: Path) -> None:
    contract, errors = await imported(database, charged, agrupador="Sede")

    assert errors == []
    assert contract.billing_group_id == 1


@pytest.mark.parametrize(
    ("values", "column", "code"),
    [
        ({"consultor": "NONE"}, "consultor", "RegistryCodeUnknown"),
        ({"plano_contas": "NONE"}, "plano_contas", "RegistryCodeUnknown"),
        ({"agrupador": "Sede", "metodo_faturamento": "por conta"}, "agrupador",
         "GroupWithoutGrouping"),
        ({"taxa_adesao": "300,00"}, "plano_contas_adesao", "SetupAccountRequired"),
        ({"parcelas_adesao": "61"}, "parcelas_adesao", "NumberNotPossible"),
        ({**SETUP, "parcelas_adesao_a_cobrar": "4"}, "parcelas_adesao_a_cobrar",
         "SetupLeftTooMany"),
        ({"parcelas_adesao_a_cobrar": "1"}, "parcelas_adesao_a_cobrar", "SetupLeftWithoutFee"),
        ({**SETUP, "parcelas_adesao_a_cobrar": "1", "cobrar_de": ""}, "parcelas_adesao_a_cobrar",
         "SetupLeftNotCharged"),
        ({"data_adesao": "16/11/2030"}, "data_adesao", "AdhesionTooFar"),
        ({"forma_renovacao": "talvez"}, "forma_renovacao", "WordNotKnown"),
        ({"valor_renovacao": "sugerido"}, "valor_sugerido", "SuggestedAmountRequired"),
        ({"fidelidade_desde": "16/11/2030"}, "fidelidade_desde", "MinimumTermFromNotPossible"),
        ({"defasagem_reajuste": "4"}, "defasagem_reajuste", "NumberNotPossible"),
        ({"revisar_contas": "sim"}, "revisar_contas", "ReviewNotPossible"),
        ({"observacao_fiscal": "Obra"}, "observacao_fiscal", "FiscalNoteNotPossible"),
        ({"endereco_instalacao": "Rua A, 1"}, "endereco_instalacao", "InstallationNotWhole"),
        ({"uf_instalacao": "XX"}, "uf_instalacao", "StateNotValid"),
        ({"cobrar_de": "04/10/2026"}, "cobrar_de", "ChargedFromPast"),
    ],
)  # fmt: skip
async def test_a_term_that_cannot_be_is_refused_beside_its_column(
    database: Database, accounts: Path, values: dict[str, str], column: str, code: str
) -> None:
    contract, errors = await imported(database, accounts, **values)

    assert contract is None
    assert errors == [(2, column, code)]


async def test_another_customers_group_and_a_closed_one_are_refused(
    database: Database, folder: Path
) -> None:
    async with database.write() as session:
        for number, customer_id, is_active in ((1, 2, True), (2, 1, False)):
            await builders.stored(
                session,
                BillingGroup(code=f"AG{number}", name=f"G{number}", customer_id=customer_id,
                             is_active=is_active),
            )  # fmt: skip

    _, other = await imported(database, folder, agrupador="AG1")
    _, closed = await imported(database, folder, agrupador="AG2")

    assert other == [(2, "agrupador", "GroupNotOfCustomer")]
    assert closed == [(2, "agrupador", "RegistryNotActive")]


async def test_a_charged_contract_keeps_its_place_and_its_setup(
    database: Database, charged: Path
) -> None:
    place = {"endereco_instalacao": "Rua A, 1", "cidade_instalacao": "Recife",
             "uf_instalacao": "PE"}  # fmt: skip
    first, errors = await imported(database, charged, **place)
    assert (errors, first.address["street"]) == ([], "Rua A, 1")

    moved = {**place, "endereco_instalacao": "Rua B, 2"}
    contract, errors = await imported(database, charged, **moved)

    assert errors == [(2, "endereco_instalacao", "AddressOfChargedContract")]
    assert contract.address["street"] == "Rua A, 1"


async def test_a_terminal_of_an_ended_contract_is_free(database: Database, folder: Path) -> None:
    async with database.write() as session:
        await a_plan(session, code="FONE", plan_type="telephony")
    line = {**ROW, "codigo_plano": "FONE", "terminal": "1133334444", "ignorar_renovacao": "sim"}
    await import_files(database, write_csv(folder / "k.csv", [line]))
    async with database.write() as session:
        old = (await session.exec(select(Contract))).one()
        old.stage = "cancelled"
        session.add(old)
    taken = write_csv(folder / "k.csv", [{**line, "codigo": "K2"}])

    tried = await import_files(database, taken, is_dry_run=True)
    assert (tried.changed, tried.errors) == (1, 0)
    async with database.read() as session:
        assert (await session.exec(select(Contract))).one().phone_terminal == "1133334444"
    run = await import_files(database, taken)

    assert await errors_of(database, run) == []
    async with database.read() as session:
        lines = (await session.exec(select(Contract.phone_terminal).order_by(Contract.id))).all()
        told = (await session.exec(select(ContractEvent.kind))).all()
    assert (lines, told) == ([None, "1133334444"], ["terminal_freed"])


async def test_a_contract_that_ends_by_the_file_gives_its_terminal_to_another_of_it(
    database: Database, folder: Path
) -> None:
    async with database.write() as session:
        await a_plan(session, code="FONE", plan_type="telephony")
    line = {**ROW, "codigo_plano": "FONE", "terminal": "1133334444", "ignorar_renovacao": "sim"}
    await import_files(database, write_csv(folder / "k.csv", [line]))

    rows = [{**line, "encerrado_em": "01/11/2026"}, {**line, "codigo": "K2"}]
    run = await import_files(database, write_csv(folder / "k.csv", rows))

    assert await errors_of(database, run) == []
    async with database.read() as session:
        lines = (await session.exec(select(Contract.phone_terminal).order_by(Contract.id))).all()
    assert lines == [None, "1133334444"]
