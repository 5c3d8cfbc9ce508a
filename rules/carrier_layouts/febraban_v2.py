"""FEBRABAN's layout of a telecom invoice, version 2 ("Conta Única"): 350 characters a line.

A line's subscription stands in its summary (record 1); calls are counted in tenths of a minute.
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
    record("0", Role.HEADER, """
        type 1 1 X; sequence 2 13 N; made_on 14 21 D; carrier_name 22 36 X; carrier_uf 37 38 X;
        customer_code 39 53 X; customer_name 54 93 X; customer_cnpj 94 108 X; account 109 133 X;
        due_date 134 141 D; issue_date 142 149 D; filler 150 350 X
    """),
    record("1", Role.SUMMARY, """
        type 1 1 X; sequence 2 13 N; account 14 38 X; due_date 39 46 D; issue_date 47 54 D;
        resource_id 55 79 X; cnl 80 84 N; city 85 109 X; area 110 111 X; phone 112 121 X;
        service 122 125 X; service_name 126 160 X; feature 161 175 X; step 176 177 X;
        speed 178 182 X; speed_unit 183 186 X; subscribed_from 187 194 D;
        subscribed_until 195 202 D; measured_from 203 210 D; measured_until 211 218 D;
        usage_unit 219 223 X; usage 224 230 N; usage_sign 231 231 S; usage_amount 232 244 V2;
        fee_sign 245 245 S; fee 246 258 V2; tax_rate 259 260 X; icms_sign 261 261 S;
        icms_amount 262 274 V2; other_tax_sign 275 275 S; other_tax_amount 276 288 V2;
        note_number 289 300 X; total_sign 301 301 S; total 302 314 V2; filler 315 350 X
    """, adds="total"),
    record("2", Role.ADDRESS, """
        type 1 1 X; sequence 2 13 N; resource_id 14 38 X; area 39 40 X; phone 41 50 X;
        feature 51 65 X; cnl_a 66 70 X; city_a 71 90 X; uf_a 91 92 X; street_a 93 122 X;
        street_number_a 123 127 X; complement_a 128 137 X; district_a 138 157 X; cnl_b 158 162 X;
        city_b 163 182 X; uf_b 183 184 X; street_b 185 214 X; street_number_b 215 219 X;
        complement_b 220 229 X; district_b 230 249 X; filler 250 350 X
    """),
    record("3", Role.CALL, """
        type 1 1 X; sequence 2 13 N; due_date 14 21 D; issue_date 22 29 D; resource_id 30 54 X;
        cnl 55 59 N; area 60 61 X; phone 62 71 X; feature 72 86 X; step 87 88 X; date 89 96 D;
        called_cnl 97 101 N; called_city 102 126 X; called_uf 127 128 X; reach 129 130 X;
        carrier_code 131 132 X; carrier_description 133 152 X; called_country 153 155 X;
        called_area 156 159 X; called 160 169 X; called_pair 170 171 X; minutes 172 177 V1;
        category 178 180 X; description 181 230 X; time 231 236 H; call_type 237 237 X;
        hour_group 238 238 X; hour_description 239 263 X; call_step 264 265 N; sign 266 266 S;
        tax_rate 267 271 V2; amount 272 284 V2; service_class 285 289 N; filler 290 350 X
    """),
    record("4", Role.SERVICE, """
        type 1 1 X; sequence 2 13 N; due_date 14 21 D; issue_date 22 29 D; resource_id 30 54 X;
        cnl 55 59 N; area 60 61 X; phone 62 71 X; feature 72 86 X; date 87 94 D;
        called_cnl 95 99 N; called_city 100 124 X; called_uf 125 126 X; reach 127 128 X;
        carrier_code 129 130 X; carrier_description 131 150 X; called_country 151 153 X;
        called_area 154 157 X; called 158 167 X; called_pair 168 169 X; minutes 170 175 V1;
        time 176 181 H; group 182 184 X; group_description 185 214 X; category 215 217 X;
        description 218 257 X; sign 258 258 S; amount 259 271 V2; service_class 272 276 N;
        filler 277 350 X
    """),
    record("5", Role.DISCOUNT, """
        type 1 1 X; sequence 2 13 N; due_date 14 21 D; issue_date 22 29 D; resource_id 30 54 X;
        account 55 79 X; cnl 80 84 N; area 85 86 X; phone 87 96 X; group 97 99 X;
        group_description 100 179 X; sign 180 180 S; base 181 193 V2; percent 194 198 V2;
        amount 199 211 V2; date 212 219 D; time 220 225 H; until_date 226 233 D;
        until_time 234 239 H; service_class 240 244 N; filler 245 350 X
    """),
    record("9", Role.TRAILER, """
        type 1 1 X; sequence 2 13 N; customer_code 14 28 X; account 29 53 X; due_date 54 61 D;
        issue_date 62 69 D; records 70 81 N; resources 82 93 N; total_sign 94 94 S;
        total 95 107 V2; filler 108 350 X
    """),
)
# fmt: on

LINE = "area+phone"
CODES = ("category", "group")

LAYOUT = FixedLayout(
    key="febraban_v2",
    name="FEBRABAN V2",
    width=350,
    records=RECORDS,
    charges=(
        ChargeSource(
            "1", ChargeKind.PLAN, number=LINE, codes=("service",), description="service_name",
            date="subscribed_from", until="subscribed_until", amount="fee", sign="fee_sign",
            tax_rate="", quantity="usage", unit="usage_unit",
        ),
        ChargeSource(
            "3", ChargeKind.CALL, number=LINE, codes=CODES, description="description",
            called="called_area+called", quantity="minutes", seconds_each=6,
        ),
        ChargeSource(
            "4", ChargeKind.SERVICE, number=LINE, codes=CODES, called="called_area+called",
            quantity="",
        ),
        ChargeSource(
            "5", ChargeKind.DISCOUNT, number=LINE, codes=CODES, description="group_description",
        ),
    ),
    totals=(
        DeclaredTotal("total", sign="total_sign"),
        DeclaredTotal("records", is_count=True),
        DeclaredTotal("resources", ("1",), is_count=True),
    ),
    mark=(1, "0"),
)  # fmt: skip

#: What a sample of this layout can say: it has no record of adjustments.
SAMPLED = (ChargeKind.CALL, ChargeKind.SERVICE, ChargeKind.PLAN, ChargeKind.DISCOUNT)


def sample(bill: Bill) -> Iterator[str]:
    """This will write a bill in this layout, line by line, without line ends."""
    return numbered(_records(bill))


def _records(bill: Bill) -> Iterator[tuple[RecordType, Mapping[str, Any]]]:
    count = 2
    for code, values in _told(bill):
        count += code != "0"
        yield LAYOUT.by_code[code], _common(bill) | values
    trailer = {"total": bill.total, "total_sign": bill.total, "resources": len(bill.lines)}
    yield LAYOUT.by_code["9"], _common(bill) | trailer | {"records": count}


def _told(bill: Bill) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "0", {"carrier_name": "OPERADORA", "made_on": bill.issue_date}
    for number in bill.lines:
        yield "1", _line(number) | _summary(bill, number)
        for code, kind in (("3", ChargeKind.CALL), ("4", ChargeKind.SERVICE)):
            yield from ((code, _charge(each)) for each in bill.of_line(number, kind))
    yield from (("5", _charge(each)) for each in bill.of_kind(ChargeKind.DISCOUNT))


def _common(bill: Bill) -> dict[str, Any]:
    return {
        "account": bill.account, "issue_date": bill.issue_date, "due_date": bill.due_date,
    }  # fmt: skip


def _summary(bill: Bill, number: str) -> dict[str, Any]:
    plan = next(iter(bill.of_line(number, ChargeKind.PLAN)), None)
    total = sum(each.amount for each in bill.of_line(number))
    subscription = {} if plan is None else {
        "service": plan.plan, "service_name": plan.description, "subscribed_from": plan.day,
        "subscribed_until": plan.until, "fee": plan.amount, "fee_sign": plan.amount,
    }  # fmt: skip
    return {**subscription, "total": total, "total_sign": total}


def _charge(each: BilledCharge) -> dict[str, Any]:
    return _line(each.number) | {
        "date": each.day, "time": each.time, "called_area": each.called[:2],
        "called": each.called[2:], "minutes": each.quantity // 6, "category": each.initials,
        "group": each.initials, "description": each.description,
        "group_description": each.description, "tax_rate": each.tax_rate,
        "amount": each.amount, "sign": each.amount, "base": each.base, "percent": each.percent,
    }  # fmt: skip


def _line(number: str) -> dict[str, Any]:
    return {"resource_id": number, "area": number[:2], "phone": number[2:]}
