"""TIM's invoice as a file of cells parted by semicolons; totals repeat among the rows.

Dated rows are usage, and add up to the line's "Total de Uso". Plan and other debits of a line stand
only in its totals; packages are rows without a date. The header comes back inside the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.carrier_bills import Bill, BilledCharge
from rules.carrier_records import ChargeKind, DelimitedLayout, Role, RowRule

COLUMNS = {
    "NumNF": "invoice_number",
    "NumIDCli": "account",
    "MesRef": "month",
    "NumAcs": "number",
    "Plano": "plan_name",
    "Nome": "customer_name",
    "Tpserv": "description",
    "Data": "date",
    "Hora": "time",
    "Origem": "origin",
    "Destino": "destination",
    "NumCham": "called",
    "Tipo": "hour_group",
    "Duração": "duration",
    "Valor": "amount",
    "OperLD": "carrier_code",
    "TIMID": "category",
    "Alíquota": "tax_rate",
    "CodFEBRABAN": "barcode",
    "TotalGeral": "total",
}

LAYOUT = DelimitedLayout(
    key="tim_csv",
    name="TIM CSV",
    separator=";",
    columns=COLUMNS,
    rules=(
        RowRule(Role.TRAILER, label="Total FATURA"),
        RowRule(Role.SUMMARY, label="Total de Uso", filled=("number",)),
        RowRule(
            Role.PLAN, ChargeKind.PLAN, label="Total de Assinatura do Plano", filled=("number",)
        ),
        RowRule(
            Role.ADJUSTMENT,
            ChargeKind.ADJUSTMENT,
            label="Total Outros Créditos e Débitos",
            filled=("number",),
        ),
        RowRule(Role.NOTICE, label="Total "),
        RowRule(Role.CALL, ChargeKind.CALL, filled=("date", "duration")),
        RowRule(Role.SERVICE, ChargeKind.SERVICE, filled=("date",)),
        RowRule(Role.SERVICE, ChargeKind.SERVICE, filled=("number", "amount")),
        RowRule(Role.NOTICE),
    ),
    usage_total="Total de Uso",
)

#: What a sample of this layout can say: discounts have no rows of their own.
SAMPLED = (ChargeKind.CALL, ChargeKind.SERVICE, ChargeKind.PLAN)


def sample(bill: Bill) -> Iterator[str]:
    """This will write a bill in this layout, line by line, without line ends."""
    yield ";".join(COLUMNS)
    for number in bill.lines:
        plan = "".join(each.plan for each in bill.of_line(number, ChargeKind.PLAN))
        yield from (_row(bill, plan_name=plan, **values) for values in _line(bill, number))
    yield _row(bill, description="Total FATURA", amount=_reais(bill.total))


def _line(bill: Bill, number: str) -> Iterator[dict[str, str]]:
    used = bill.of_line(number, ChargeKind.CALL, ChargeKind.SERVICE)
    yield from (_usage(each) for each in used)
    owed = {
        "Total de Uso": used,
        "Total de Assinatura do Plano": bill.of_line(number, ChargeKind.PLAN),
    }
    for words, charges in owed.items():
        if charges:
            total = _reais(sum(each.amount for each in charges))
            yield {"number": number, "description": words, "amount": total}


def _usage(each: BilledCharge) -> dict[str, str]:
    minutes, seconds = divmod(each.quantity, 60)
    clock = f"{each.time:06}"
    return {
        "number": each.number, "description": each.description, "called": each.called,
        "date": f"{each.day:%d/%m/%y}", "time": f"{clock[:2]}:{clock[2:4]}:{clock[4:]}",
        "duration": f"{minutes:02}m{seconds:02}s" if each.kind is ChargeKind.CALL else "",
        "amount": _reais(each.amount), "category": each.initials,
    }  # fmt: skip


def _row(bill: Bill, **values: str) -> str:
    told = {
        "account": bill.account, "month": f"{bill.issue_date:%m/%y}", "customer_name": "EMPRESA",
        "invoice_number": bill.invoice_number, "total": _reais(bill.total), **values,
    }  # fmt: skip
    return ";".join(told.get(name, "") for name in COLUMNS.values())


def _reais(cents: int) -> str:
    return f"{cents / 100:.2f}".replace(".", ",")
