"""FEBRABAN's layout of a telecom invoice, version 3, release 0: 350 characters a line.

Two public readers agree on every boundary. Where a carrier's own file was seen to differ, the
positions of the majority stand here. Trailer totals have two decimals each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rules.carrier_bills import Bill, BilledCharge, numbered
from rules.carrier_records import (
    ChargeKind,
    ChargeSource,
    DeclaredTotal,
    FixedLayout,
    RecordType,
    Role,
    record,
)

# fmt: off
RECORDS = (
    record("00", Role.HEADER, """
        type 1 2 X; sequence 3 14 N; account 15 39 X; issue_date 40 47 D; month 48 53 M;
        made_on 54 61 D; due_date 62 69 D; carrier_code 70 72 X; carrier_name 73 87 X;
        carrier_cnpj 88 102 X; carrier_uf 103 104 X; customer_code 105 119 X;
        customer_name 120 149 X; customer_cnpj 150 164 X; version 165 168 X;
        invoice_number 169 184 X; barcode 185 234 X; collection_code 235 236 N;
        collection_description 237 256 X; bank 257 260 X; branch 261 264 X;
        bank_account 265 274 X; tax_office 275 309 X; filler 310 324 X; carrier_free 325 349 X;
        end_mark 350 350 X
    """),
    record("10", Role.SUMMARY, """
        type 1 2 X; sequence 3 14 N; account 15 39 X; issue_date 40 47 D; month 48 53 M;
        resource_id 54 78 X; cnl 79 83 N; number 84 99 X; modality 100 103 N;
        active_from 104 111 D; active_until 112 119 D; calls 120 128 N; calls_amount 129 141 V2;
        services 142 150 N; services_amount 151 165 V2; tax_amount 166 178 V2; total 179 191 V2;
        step 192 193 X; speed 194 198 X; speed_unit 199 202 X; due_date 203 210 D;
        filler 211 324 X; carrier_free 325 349 X; end_mark 350 350 X
    """, adds="total"),
    record("20", Role.ADDRESS, """
        type 1 2 X; sequence 3 14 N; account 15 39 X; issue_date 40 47 D; month 48 53 M;
        resource_id 54 78 X; number 79 94 X; cnl_a 95 99 X; city_a 100 114 X; uf_a 115 116 X;
        street_a 117 146 X; street_number_a 147 151 X; complement_a 152 159 X;
        district_a 160 169 X; cnl_b 170 174 X; city_b 175 189 X; uf_b 190 191 X;
        street_b 192 221 X; street_number_b 222 226 X; complement_b 227 234 X;
        district_b 235 244 X; cnl_c 245 249 X; city_c 250 264 X; uf_c 265 266 X;
        street_c 267 296 X; street_number_c 297 301 X; complement_c 302 309 X;
        district_c 310 319 X; filler 320 324 X; carrier_free 325 349 X; end_mark 350 350 X
    """),
    record("30", Role.CALL, """
        type 1 2 X; sequence 3 14 N; account 15 39 X; issue_date 40 47 D; month 48 53 M;
        resource_id 54 78 X; cnl 79 83 N; number 84 99 X; date 100 107 D; called_cnl 108 112 N;
        called_city 113 137 X; called_uf 138 139 X; reach 140 141 X; csp 142 143 X;
        csp_name 144 163 X; called 164 180 X; roaming 181 185 N; called_eot 186 188 X;
        seconds 189 195 N; category 196 198 N; initials 199 201 X; description 202 226 X;
        time 227 232 H; tax_rate 233 237 V2; amount 238 250 V2; net_amount 251 265 V4;
        note_type 266 266 N; note_number 267 278 X; call_type 279 279 X; hour_group 280 280 X;
        hour_description 281 295 X; call_step 296 297 N; filler 298 324 X; carrier_free 325 349 X;
        end_mark 350 350 X
    """),
    record("40", Role.SERVICE, """
        type 1 2 X; sequence 3 14 N; account 15 39 X; issue_date 40 47 D; month 48 53 M;
        resource_id 54 78 X; cnl 79 83 N; number 84 99 X; date 100 107 D; reach 108 109 X;
        called 110 126 X; roaming 127 131 N; called_eot 132 134 X; quantity 135 140 N;
        unit 141 142 X; time 143 148 H; category 149 151 N; initials 152 154 X;
        description 155 179 X; amount 180 192 V2; net_amount 193 207 V4; note_type 208 208 N;
        note_number 209 220 X; filler 221 324 X; carrier_free 325 349 X; end_mark 350 350 X
    """),
    record("50", Role.DISCOUNT, """
        type 1 2 X; sequence 3 14 N; account 15 39 X; issue_date 40 47 D; month 48 53 M;
        resource_id 54 78 X; number 79 94 X; bound_to 95 95 X; category 96 98 N;
        initials 99 101 X; description 102 126 X; base 127 139 V2; note_type 140 140 N;
        note_number 141 152 X; percent 153 157 V2; sign 158 158 S; amount 159 171 V2;
        date 172 179 D; time 180 185 H; until_date 186 193 D; until_time 194 199 H;
        filler 200 324 X; carrier_free 325 349 X; end_mark 350 350 X
    """),
    record("60", Role.PLAN, """
        type 1 2 X; sequence 3 14 N; account 15 39 X; issue_date 40 47 D; month 48 53 M;
        resource_id 54 78 X; number 79 94 X; bound_to 95 95 X; date 96 103 D;
        until_date 104 111 D; carrier_code 112 114 X; carrier_name 115 129 X; measured 130 141 N;
        allowance 142 153 N; unit 154 155 X; category 156 158 N; initials 159 161 X;
        description 162 186 X; plan 187 191 X; plan_name 192 216 X; amount 217 229 V2;
        net_amount 230 244 V4; note_type 245 245 N; note_number 246 257 X; filler 258 324 X;
        carrier_free 325 349 X; end_mark 350 350 X
    """),
    record("70", Role.ADJUSTMENT, """
        type 1 2 X; sequence 3 14 N; account 15 39 X; issue_date 40 47 D; month 48 53 M;
        resource_id 54 78 X; number 79 94 X; bound_to 95 95 X; category 96 98 N;
        initials 99 101 X; description 102 141 X; base 142 154 V2; percent 155 159 V2;
        sign 160 160 S; amount 161 173 V2; date 174 181 D; time 182 187 H; until_date 188 195 D;
        until_time 196 201 H; filler 202 324 X; carrier_free 325 349 X; end_mark 350 350 X
    """),
    record("80", Role.NOTE, """
        type 1 2 X; sequence 3 14 N; account 15 39 X; issue_date 40 47 D; month 48 53 M;
        due_date 54 61 D; carrier_code 62 64 X; carrier_name 65 79 X; carrier_cnpj 80 94 X;
        amount 95 107 V2; note_type 108 108 N; note_number 109 120 X; filler 121 324 X;
        carrier_free 325 349 X; end_mark 350 350 X
    """),
    record("90", Role.NOTICE, """
        type 1 2 X; sequence 3 14 N; account 15 39 X; issue_date 40 47 D; month 48 53 M;
        resource_id 54 78 X; cnl 79 83 N; number 84 99 X; category 100 102 N; text 103 302 X;
        sign 303 303 S; amount 304 316 V2; filler 317 324 X; carrier_free 325 349 X;
        end_mark 350 350 X
    """),
    record("99", Role.TRAILER, """
        type 1 2 X; sequence 3 14 N; account 15 39 X; issue_date 40 47 D; month 48 53 M;
        due_date 54 61 D; customer_code 62 76 X; total 77 89 V2; records 90 101 N;
        amount_10 102 114 V2; count_10 115 123 N; count_20 124 132 N; amount_30 133 145 V2;
        count_30 146 154 N; amount_40 155 167 V2; count_40 168 176 N; sign_50 177 177 S;
        amount_50 178 190 V2; count_50 191 199 N; amount_60 200 212 V2; count_60 213 221 N;
        sign_70 222 222 S; amount_70 223 235 V2; count_70 236 244 N; amount_80 245 257 V2;
        count_80 258 266 N; filler 267 324 X; carrier_free 325 349 X; end_mark 350 350 X
    """),
)
# fmt: on

LAYOUT = FixedLayout(
    key="febraban_v3r0",
    name="FEBRABAN V3R0",
    width=350,
    records=RECORDS,
    charges=(
        ChargeSource("30", ChargeKind.CALL, quantity="seconds"),
        ChargeSource("40", ChargeKind.SERVICE),
        ChargeSource("50", ChargeKind.DISCOUNT),
        ChargeSource("60", ChargeKind.PLAN, quantity="measured"),
        ChargeSource("70", ChargeKind.ADJUSTMENT),
    ),
    totals=(
        DeclaredTotal("total"),
        DeclaredTotal("records", is_count=True),
        DeclaredTotal("amount_10", ("10",)),
        DeclaredTotal("count_10", ("10",), is_count=True),
        DeclaredTotal("count_20", ("20",), is_count=True),
        DeclaredTotal("amount_30", ("30",)),
        DeclaredTotal("count_30", ("30",), is_count=True),
        DeclaredTotal("amount_40", ("40",)),
        DeclaredTotal("count_40", ("40",), is_count=True),
        DeclaredTotal("amount_50", ("50",), sign="sign_50"),
        DeclaredTotal("count_50", ("50",), is_count=True),
        DeclaredTotal("amount_60", ("60",)),
        DeclaredTotal("count_60", ("60",), is_count=True),
        DeclaredTotal("amount_70", ("70",), sign="sign_70"),
        DeclaredTotal("count_70", ("70",), is_count=True),
        DeclaredTotal("amount_80", ("80",)),
        DeclaredTotal("count_80", ("80",), is_count=True),
    ),
    mark=(165, "V3R0"),
    summary_calls="calls_amount",
    summary_services="services_amount",
    summary_until="active_until",
)

_KINDS = {
    "30": ChargeKind.CALL,
    "40": ChargeKind.SERVICE,
    "50": ChargeKind.DISCOUNT,
    "60": ChargeKind.PLAN,
    "70": ChargeKind.ADJUSTMENT,
}

#: What a sample of this layout can say.
SAMPLED = tuple(ChargeKind)


def sample(bill: Bill) -> Iterator[str]:
    """This will write a bill in this layout, line by line, without line ends."""
    return numbered(_records(bill))


def _records(bill: Bill) -> Iterator[tuple[RecordType, Mapping[str, Any]]]:
    counts: dict[str, int] = {}
    for code, values in _told(bill):
        counts[code] = counts.get(code, 0) + 1
        yield LAYOUT.by_code[code], _common(bill) | values
    yield LAYOUT.by_code["99"], _common(bill) | _trailer(bill, counts)


def _told(bill: Bill) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "00", {"version": "V3R0", "invoice_number": bill.invoice_number, "end_mark": "*"}
    for number in bill.lines:
        yield "10", _summary(bill, number)
        for code, kind in _KINDS.items():
            yield from ((code, _charge(each)) for each in bill.of_line(number, kind))
    for code, kind in _KINDS.items():
        yield from ((code, _charge(each)) for each in bill.of_line("", kind))
    yield "80", {"amount": bill.total, "note_number": bill.invoice_number}


def _common(bill: Bill) -> dict[str, Any]:
    return {
        "account": bill.account, "issue_date": bill.issue_date, "month": bill.issue_date,
        "made_on": bill.issue_date, "due_date": bill.due_date, "carrier_name": "OPERADORA",
    }  # fmt: skip


def _summary(bill: Bill, number: str) -> dict[str, Any]:
    calls = bill.of_line(number, ChargeKind.CALL)
    services = bill.of_line(number, ChargeKind.SERVICE)
    return {
        "resource_id": number, "number": number, "active_until": bill.ended.get(number),
        "calls": len(calls), "calls_amount": sum(each.amount for each in calls),
        "services": len(services), "services_amount": sum(each.amount for each in services),
        "total": sum(each.amount for each in bill.of_line(number)),
    }  # fmt: skip


def _charge(each: BilledCharge) -> dict[str, Any]:
    return {
        "resource_id": each.number, "number": each.number, "date": each.day, "time": each.time,
        "until_date": each.until, "called": each.called, "seconds": each.quantity,
        "quantity": each.quantity, "measured": each.quantity, "unit": each.unit,
        "allowance": each.granted, "category": each.category,
        "initials": each.initials, "description": each.description, "plan": each.plan,
        "plan_name": each.description if each.plan else "", "tax_rate": each.tax_rate,
        "amount": each.amount, "sign": each.amount, "net_amount": each.net, "base": each.base,
        "percent": each.percent, "bound_to": "R" if each.number else "C",
    }  # fmt: skip


def _trailer(bill: Bill, counts: Mapping[str, int]) -> dict[str, Any]:
    amounts = {code: sum(c.amount for c in bill.of_kind(kind)) for code, kind in _KINDS.items()}
    amounts |= {"10": sum(c.amount for c in bill.charges if c.number), "80": bill.total}
    return {
        "total": bill.total, "records": sum(counts.values()) + 1,
        "sign_50": amounts["50"], "sign_70": amounts["70"],
        **{f"count_{code}": count for code, count in counts.items()},
        **{f"amount_{code}": amount for code, amount in amounts.items()},
    }  # fmt: skip
