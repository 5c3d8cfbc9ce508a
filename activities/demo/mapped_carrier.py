"""A carrier whose CSV has no layout of ours: a mapping was told for it, and reads its invoice."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from activities.carrier_mappings import make_mapping
from activities.demo.carriers import import_bill, issued_before, register
from models.database import Database
from models.people import Deed
from rules.audit_rules import Rule
from rules.business_days import local_date
from rules.carrier_errors import plant
from rules.carrier_mapped_samples import mapped_file
from rules.carrier_mappings import CsvMapping, Target
from rules.carrier_records import ChargeKind
from rules.carrier_samples import ALLOWANCE_MINUTES, Sample, make_sample

ACCOUNT = "0033112244"
#: After the companies of the other carriers.
PLACE = 3
#: So that its lines are no other company's.
SEED_APART = 10
WRONG = (Rule.FEE_DIFFERS, Rule.ALLOWANCE_NOT_APPLIED)
MAPPING = CsvMapping(
    code="planilha_algar", name="Planilha da Algar",
    columns={
        "account": "Conta", "invoice_number": "Fatura", "issue_date": "Emissão",
        "due_date": "Vencimento", "number": "Terminal", "row_kind": "Natureza",
        "category": "Sigla", "description": "Descrição", "plan_name": "Plano", "date": "Data",
        "until_date": "Até", "time": "Hora", "called": "Destino", "duration": "Duração",
        "quantity": "Quantidade", "unit": "Unidade", "allowance": "Franquia", "amount": "Valor",
        "tax_rate": "ICMS",
    },
    words={
        "Ligação": Target.CALL, "Serviço": Target.SERVICE, "Assinatura": Target.PLAN,
        "Desconto": Target.DISCOUNT, "Encargo": Target.ADJUSTMENT, "Total": Target.TOTAL,
    },
)  # fmt: skip


async def load_mapped(database: Database, *, at: datetime, seed: int, uploads: Path | None) -> None:
    """This will tell the mapping, and have it read, and audited, one invoice of a company."""
    sample = _sample(at, seed)
    async with database.write() as session:
        await make_mapping(session, MAPPING, is_active=True, deed=Deed("gestora", at))
        await register(
            session, [sample], code="algar", name="Algar", place=PLACE, layout=MAPPING.code
        )
    raw, name = mapped_file(sample.bill, MAPPING), f"algar_{sample.bill.issue_date:%Y_%m}.csv"
    await import_bill(database, sample, at=at, uploads=uploads, file=(name, raw))


def _sample(at: datetime, seed: int) -> Sample:
    day = issued_before(local_date(at))
    sample = make_sample(seed + SEED_APART, lines=6, calls=12, issue_date=day, account=ACCOUNT)
    for plan in sample.bill.of_kind(ChargeKind.PLAN):
        plan.quantity = 0
        if plan.plan == "PCRP":
            plan.granted, plan.unit = ALLOWANCE_MINUTES, "min"
    for rule in WRONG:
        plant(sample, rule)
    return sample
