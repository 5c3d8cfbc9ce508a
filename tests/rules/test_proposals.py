from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import NegativeAmount, TooPrecise, from_cents
from rules.proposal_instalments import (
    Instalment,
    InstalmentCountNotPositive,
    InstalmentNotPositive,
    InstalmentPartsDoNotAddUp,
    InstalmentsDoNotAddUp,
    InstalmentsOutOfOrder,
    change_amount,
    check_instalments,
    plan_instalments,
)
from rules.proposals import (
    Components,
    ComponentWithoutLedgerAccount,
    InvoiceFacts,
    NotAuthorised,
    SpecialProcesses,
    ToleranceBeforeLastDue,
    ToleranceNotAfterToday,
    TotalNotPositive,
    check_components,
    check_tolerance,
    quote,
    refusal_of,
)

pytestmark = pytest.mark.once

THOUSAND = Decimal("1000.00")
EXAMPLE = Components(  # the worked example of the collections specification
    increase_percent=Decimal(5),
    fine_percent=Decimal(2),
    discount=Decimal("10.00"),
    charges=Decimal("5.00"),
    fees=Decimal("10.00"),
    increase_account_id=1,
    fine_account_id=2,
    discount_account_id=3,
    charges_account_id=4,
    fees_account_id=5,
)
FIRST_DUE = date(2026, 1, 31)


def reais(*amounts):
    return [Decimal(amount) for amount in amounts]


def with_component(components, field, value):
    return replace(components, **{field: value})


def example_rows():
    return plan_instalments(quote(THOUSAND, components=EXAMPLE), count=3, first_due=FIRST_DUE)


# The quote


def test_the_worked_example_comes_to_1075():
    quoted = quote(THOUSAND, components=EXAMPLE)

    assert quoted.increase == Decimal("50.00")
    assert quoted.fine == Decimal("20.00")
    assert quoted.discount == Decimal("10.00")
    assert quoted.spread == Decimal("1040.00")
    assert quoted.total == Decimal("1075.00")


def test_each_percentage_is_of_the_principal_and_rounded_half_up_by_itself():
    five = Components(
        increase_percent=Decimal(5), fine_percent=Decimal(5), discount_percent=Decimal(5)
    )

    quoted = quote(Decimal("10.10"), components=five)  # 5 % of it is 0.505

    assert (quoted.increase, quoted.fine, quoted.percent_discount) == (Decimal("0.51"),) * 3
    assert quoted.total == Decimal("10.61")


@pytest.mark.parametrize(
    ("field", "account"),
    [
        ("increase_percent", "increase_account_id"),
        ("fine_percent", "fine_account_id"),
        ("discount_percent", "discount_account_id"),
        ("discount", "discount_account_id"),
        ("charges", "charges_account_id"),
        ("fees", "fees_account_id"),
    ],
)
def test_only_a_component_in_use_must_name_its_ledger_account(field, account):
    used = with_component(Components(), field, Decimal(1))

    with pytest.raises(ComponentWithoutLedgerAccount) as refused:
        check_components(used, principal=THOUSAND)

    assert refused.value.field == account
    check_components(with_component(used, account, 7), principal=THOUSAND)
    check_components(Components(), principal=THOUSAND)


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [("-0.01", NegativeAmount), ("0.001", TooPrecise), ("-1", NegativeAmount)],
)
@pytest.mark.parametrize("field", ["increase_percent", "discount_percent", "discount", "fees"])
def test_a_component_is_neither_negative_nor_finer_than_two_decimals(field, amount, refusal):
    with pytest.raises(refusal) as refused:
        check_components(with_component(EXAMPLE, field, Decimal(amount)), principal=THOUSAND)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("discount", "is_refused"), [("99.99", False), ("100", True), ("101", True)]
)
def test_the_total_must_be_positive(discount, is_refused):
    components = Components(discount=Decimal(discount), discount_account_id=3)

    if is_refused:
        with pytest.raises(TotalNotPositive):
            check_components(components, principal=Decimal(100))
    else:
        check_components(components, principal=Decimal(100))


# Instalments


def test_the_worked_example_in_three_instalments():
    rows = example_rows()

    assert [row.amount for row in rows] == reais("381.67", "346.67", "346.66")
    assert [row.increase for row in rows] == reais("16.67", "16.67", "16.66")
    assert [row.discount for row in rows] == reais("3.34", "3.33", "3.33")
    assert [row.principal for row in rows] == reais("333.34", "333.33", "333.33")
    assert [row.fine for row in rows] == reais("20", "0", "0")
    assert [row.charges for row in rows] == reais("5", "0", "0")
    assert [row.fees for row in rows] == reais("10", "0", "0")
    assert [row.ordinal for row in rows] == [1, 2, 3]


def test_the_31st_is_the_last_day_of_february_and_the_31st_again_after():
    assert [row.due_date for row in example_rows()] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]


def test_within_a_row_the_principal_absorbs_the_cent_of_its_parts():
    components = Components(increase_percent=Decimal(1), discount=Decimal("0.02"))

    rows = plan_instalments(
        quote(Decimal("100.00"), components=components), count=3, first_due=FIRST_DUE
    )

    assert [row.amount for row in rows] == reais("33.66", "33.66", "33.66")
    assert [row.increase for row in rows] == reais("0.34", "0.33", "0.33")
    assert [row.discount for row in rows] == reais("0.01", "0.01", "0.00")
    assert [row.principal for row in rows] == reais("33.33", "33.34", "33.33")


percents = st.integers(min_value=0, max_value=2000).map(from_cents)
charged = st.integers(min_value=0, max_value=50_000).map(from_cents)


@given(
    st.integers(min_value=10_000, max_value=10**9).map(from_cents),
    st.builds(
        Components,
        increase_percent=percents,
        fine_percent=percents,
        discount_percent=percents,
        discount=st.integers(min_value=0, max_value=1000).map(from_cents),
        charges=charged,
        fees=charged,
    ),
    st.integers(min_value=1, max_value=60),
)
def test_instalments_add_up_in_every_part(principal, components, count):
    quoted = quote(principal, components=components)

    rows = plan_instalments(quoted, count=count, first_due=FIRST_DUE)

    assert sum(row.amount for row in rows) == quoted.total
    for part in ("principal", "increase", "fine", "discount", "charges", "fees"):
        assert sum(getattr(row, part) for row in rows) == getattr(quoted, part)
    assert all(row.parts_total == row.amount for row in rows)
    later = [row.amount for row in rows[1:]]
    assert later == sorted(later, reverse=True)


def test_an_agreement_has_at_least_one_instalment():
    with pytest.raises(InstalmentCountNotPositive):
        plan_instalments(quote(THOUSAND, components=EXAMPLE), count=0, first_due=FIRST_DUE)


def test_two_cents_cannot_be_paid_in_three_instalments():
    with pytest.raises(InstalmentNotPositive, match="A parcela 3 ficou em R\\$ 0,00"):
        plan_instalments(
            quote(Decimal("0.02"), components=Components()), count=3, first_due=FIRST_DUE
        )


def test_an_operator_may_move_an_amount_from_one_row_to_another():
    first, second, third = example_rows()

    rows = [
        change_amount(first, amount=Decimal("400.00")),
        second,
        change_amount(third, amount=Decimal("328.33")),
    ]

    check_instalments(rows, total=Decimal("1075.00"))
    assert sum(row.principal for row in rows) == THOUSAND
    assert rows[0].fine == Decimal("20.00")


@pytest.mark.parametrize(("amount", "refusal"), [("-1", NegativeAmount), ("1.001", TooPrecise)])
def test_a_row_is_not_changed_to_an_amount_that_cannot_be_paid(amount, refusal):
    with pytest.raises(refusal):
        change_amount(example_rows()[0], amount=Decimal(amount))


@pytest.mark.parametrize("total", ["1074.99", "1075.01"])
def test_rows_that_miss_the_total_by_a_cent_are_refused(total):
    with pytest.raises(InstalmentsDoNotAddUp) as refused:
        check_instalments(example_rows(), total=Decimal(total))

    assert refused.value.params["sum"] == "1.075,00"


def test_no_rows_at_all_do_not_add_up():
    with pytest.raises(InstalmentsDoNotAddUp):
        check_instalments([], total=Decimal("1075.00"))


def test_rows_must_be_positive_add_up_in_themselves_and_follow_one_another():
    total = Decimal("1075.00")
    first, second, third = example_rows()
    nothing = Instalment(4, date(2026, 4, 30), amount=Decimal(0), principal=Decimal(0))
    changed_only_in_amount = replace(first, amount=Decimal("381.66"))
    same_day = replace(second, due_date=first.due_date)

    with pytest.raises(InstalmentNotPositive):
        check_instalments([first, second, third, nothing], total=total)
    with pytest.raises(InstalmentPartsDoNotAddUp):
        check_instalments([changed_only_in_amount, second, third], total=total)
    with pytest.raises(InstalmentsOutOfOrder) as refused:
        check_instalments([first, same_day, third], total=total)
    assert refused.value.params == {"ordinal": 2}


# The tolerance date

TODAY = date(2026, 3, 10)


def test_the_tolerance_date_is_later_than_today():
    check_tolerance(date(2026, 3, 11), today=TODAY, last_due=None)
    for refused in (date(2026, 3, 9), TODAY):
        with pytest.raises(ToleranceNotAfterToday):
            check_tolerance(refused, today=TODAY, last_due=None)


def test_the_tolerance_date_is_not_before_the_last_due_date():
    last_due = date(2026, 5, 10)

    check_tolerance(date(2026, 5, 11), today=TODAY, last_due=last_due)
    check_tolerance(last_due, today=TODAY, last_due=last_due)
    with pytest.raises(ToleranceBeforeLastDue, match="10/05/2026"):
        check_tolerance(date(2026, 5, 9), today=TODAY, last_due=last_due)


# Authorisation

STRICT = SpecialProcesses()
LENIENT = SpecialProcesses(allows_fiscal_document=True, allows_remittance=True)


@pytest.mark.parametrize(
    ("facts", "strict", "lenient"),
    [
        (InvoiceFacts(), None, None),
        (InvoiceFacts(is_settled=True), NotAuthorised.SETTLED, NotAuthorised.SETTLED),
        (InvoiceFacts(is_suspended=True), NotAuthorised.SUSPENDED, NotAuthorised.SUSPENDED),
        (InvoiceFacts(is_cancelled=True), NotAuthorised.CANCELLED, NotAuthorised.CANCELLED),
        (
            InvoiceFacts(is_in_live_agreement=True),
            NotAuthorised.IN_AGREEMENT,
            NotAuthorised.IN_AGREEMENT,
        ),
        (InvoiceFacts(has_fiscal_document=True), NotAuthorised.FISCAL_DOCUMENT, None),
        (InvoiceFacts(has_remittance=True), NotAuthorised.REMITTANCE, None),
        (
            InvoiceFacts(is_settled=True, has_remittance=True),
            NotAuthorised.SETTLED,
            NotAuthorised.SETTLED,
        ),
    ],
)
def test_the_special_processes_setting_lets_only_issued_papers_through(facts, strict, lenient):
    assert refusal_of(facts, settings=STRICT) == strict
    assert refusal_of(facts, settings=LENIENT) == lenient


def test_each_special_process_is_allowed_by_itself():
    both = InvoiceFacts(has_fiscal_document=True, has_remittance=True)

    assert (
        refusal_of(both, settings=SpecialProcesses(allows_fiscal_document=True))
        == NotAuthorised.REMITTANCE
    )
    assert (
        refusal_of(both, settings=SpecialProcesses(allows_remittance=True))
        == NotAuthorised.FISCAL_DOCUMENT
    )
