"""A portfolio of a million invoices, made in the database itself: one statement for each table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Date, Integer, MetaData, Table, Text, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.base import UTCDateTime
from models.database import Database
from models.people import User
from models.registries import AgreementCategory, ContactCategory
from models.standings import rebuild_standings

CUSTOMERS = 200_000
INVOICES = 5 * CUSTOMERS
AT = datetime(2026, 11, 19, 13, tzinfo=UTC)

FIRST = (
    "Ana", "Beatriz", "João", "Pedro", "Íris", "Luísa", "Fábio", "Marcos", "Paula", "Rafael",
    "Giane", "Otávio", "Célia", "Davi",
)  # fmt: skip
LAST = (
    "Souza", "Lima", "Conceição", "Araújo", "Gonçalves", "Magalhães", "Três", "Prado", "Antunes",
    "Évora", "Nunes",
)  # fmt: skip
CITIES = (
    ("São Paulo", "SP"), ("Uberlândia", "MG"), ("Betim", "MG"), ("Contagem", "MG"),
    ("Chapecó", "SC"), ("Belo Horizonte", "MG"), ("Londrina", "PR"), ("Niterói", "RJ"),
    ("Sete Lagoas", "MG"), ("Campinas", "SP"), ("Caxias do Sul", "RS"), ("Olinda", "PE"),
)  # fmt: skip
PEOPLE = ("giane", "marcos", "paula", "rafael", "otavio")
WORDS = 400

#: What the statements look up by a number: names, cities, and the days before and after AT.
SCRATCH = MetaData()
words = Table(
    "bench_words", SCRATCH,
    Column("k", Integer, primary_key=True), Column("first", Text), Column("last", Text),
    Column("city", Text), Column("uf", Text), Column("person", Text),
    Column("day", Date), Column("ahead", Date), Column("at", UTCDateTime),
)  # fmt: skip

NUMBERS = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) """
#: One customer in a hundred is in each bucket b; it decides the stage of the invoices m = 1 to 5.
STAGE = """CASE
    WHEN b BETWEEN 30 AND 49 AND m <= 3 THEN 'classified'
    WHEN b BETWEEN 50 AND 54 AND m <= 2 THEN 'in_contact'
    WHEN b BETWEEN 55 AND 64 AND m <= 3 THEN 'negotiating'
    WHEN b BETWEEN 65 AND 79 AND m <= 4 THEN 'in_agreement'
    WHEN b BETWEEN 80 AND 91 THEN 'fulfilled'
    WHEN b BETWEEN 92 AND 97 AND m <= 4 THEN 'broken'
    WHEN b >= 98 THEN 'recovered' END"""
BUREAU = """CASE
    WHEN b BETWEEN 92 AND 97 AND m <= 2 THEN 'registered'
    WHEN b >= 98 AND m <= 2 THEN 'conflict'
    WHEN b BETWEEN 90 AND 91 THEN 'removed' END"""

CUSTOMER_ROWS = (
    NUMBERS.format(count=CUSTOMERS)
    + """
INSERT INTO customers (id, code, name, document, city, uf, created_at)
SELECT i, 'C' || i, f.first || ' ' || l.last || ' ' || i,
       CAST(52900000000 + (i * 7919) % 8999999 AS TEXT), c.city, c.uf, c.at
FROM n JOIN bench_words f ON f.k = (i * 17) % 389 JOIN bench_words l ON l.k = (i * 13) % 397
       JOIN bench_words c ON c.k = (i * 7) % 383"""
)
CASE_ROWS = """
INSERT INTO cases (id, process, subject_id, customer_id, stage, stage_since, owner, version, epoch,
                   opened_at)
SELECT c.id, 'collections', c.id, c.id, 'negotiating', w.at, w.person, 1, 1, w.at
FROM customers c JOIN bench_words w ON w.k = c.id % 360"""
ACCOUNT_ROWS = """
INSERT INTO collection_accounts (id, customer_id, opened_at, opened_by)
SELECT c.id, c.id, c.created_at, 'giane' FROM customers c"""
AGREEMENT_ROWS = """
INSERT INTO agreements (id, customer_id, kind, status, category_id, tolerance_date, principal,
                        total, components, keeps_discount, description, made_at, made_by,
                        ended_at, reason, approved_by)
SELECT id, id, 'unchanged',
       CASE WHEN b < 80 THEN 'in_progress' WHEN b < 92 THEN 'fulfilled' ELSE 'broken' END,
       1, CASE WHEN b < 80 THEN ahead ELSE day END, 10000, 10000, '{}', false, '', at, person,
       CASE WHEN b >= 80 THEN at END, '', ''
FROM (SELECT c.id, (c.id * 7919) % 100 AS b, w.ahead, w.day, w.at, w.person
      FROM customers c JOIN bench_words w ON w.k = (c.id * 13) % 360) x
WHERE b BETWEEN 65 AND 97"""
INVOICE_ROWS = (
    NUMBERS.format(count=INVOICES)
    + f"""
INSERT INTO invoices (id, code, number, customer_id, due_date, description, amount, open_amount,
                      status, settled_on, fiscal_document_issued, remittance_generated,
                      pay_on_time_discount, collection_stage, stage_since, agreement_id,
                      bureau_stage)
SELECT i, 'F' || i, 'N' || i, customer_id, day, '', cents,
       CASE WHEN owed THEN cents ELSE 0 END, CASE WHEN owed THEN 'open' ELSE 'settled' END,
       CASE WHEN owed THEN NULL ELSE day END, false, false, 0, stage, at,
       CASE WHEN b BETWEEN 65 AND 97 AND stage IS NOT NULL THEN customer_id END, bureau
FROM (SELECT i, (i - 1) / 5 + 1 AS customer_id, b, w.day, w.at, 5000 + (i * 37) % 45000 AS cents,
             {STAGE} AS stage, {BUREAU} AS bureau,
             ({STAGE}) IN ('classified', 'in_contact', 'negotiating', 'in_agreement', 'broken')
             AS owed
      FROM (SELECT i, (((i - 1) / 5 + 1) * 7919) % 100 AS b, (i - 1) % 5 + 1 AS m FROM n) y
      JOIN bench_words w ON w.k = (i * 31) % 397) x"""
)
RECORD_ROWS = """
INSERT INTO bureau_records (id, invoice_id, customer_id, stage, details, override_reason, added_by,
                            noticed_at, registered_at, expires_on, removed_at, removal_details,
                            proof)
SELECT i.id, i.id, i.customer_id, i.bureau_stage, '', '', 'giane', i.stage_since, i.stage_since,
       i.due_date, CASE WHEN i.bureau_stage = 'removed' THEN i.stage_since END, '', ''
FROM invoices i WHERE i.bureau_stage IS NOT NULL"""
CONTACT_ROWS = (
    NUMBERS.format(count=CUSTOMERS)
    + """
INSERT INTO contacts (id, account_id, kind, channel, person, category_id, subject, text, at, by)
SELECT i, i, 'active', 'phone', '', 1, '', '', w.at, w.person
FROM n JOIN bench_words w ON w.k = (i * 31) % 397"""
)
MESSAGE_ROWS = (
    NUMBERS.format(count=400_000)
    + """
INSERT INTO messages (id, key, contact, customer_id, channel, purpose, to_address, cc_address,
                      subject, text, html, note, respects_window, requires_open_invoice, status,
                      reason, in_reply_to, not_before, attempts, created_at, created_by, sent_at)
SELECT i, 'm/' || i, '', i % 200000 + 1, CASE WHEN i % 3 = 0 THEN 'sms' ELSE 'email' END, '', '',
       '', '', '', '', '', true, true, 'sent', '', '', w.at, 1, w.at,
       CASE WHEN i % 5 = 0 THEN w.person ELSE 'system' END, w.at
FROM n JOIN bench_words w ON w.k = (i * 31) % 397"""
)
PROMISE_ROWS = """
INSERT INTO promises (id, customer_id, amount, promised_on, invoices, status, note, made_at,
                      made_by)
SELECT c.id, c.id, 10000, w.day, '{}', CASE WHEN c.id % 2 = 0 THEN 'broken' ELSE 'kept' END, '',
       w.at, w.person
FROM customers c JOIN bench_words w ON w.k = (c.id * 31) % 360 WHERE c.id % 7 = 0"""
PAUSE_ROWS = """
INSERT INTO ladder_pauses (id, invoice_id, reason, reference, since, until, at, by, note)
SELECT i.id, i.id, CASE WHEN i.id % 2 = 0 THEN 'contestation' ELSE 'promise' END, 'bench',
       i.due_date, CASE WHEN i.id % 3 > 0 THEN i.due_date END, i.stage_since, 'giane', ''
FROM invoices i WHERE i.id % 53 = 0"""
EVENT_ROWS = (
    NUMBERS.format(count=1_000_000)
    + """
INSERT INTO case_events (id, case_id, at, by, kind, parameters)
SELECT i, i % 200000 + 1, w.at, CASE WHEN i % 5 = 0 THEN w.person ELSE 'system' END, 'stage', '{}'
FROM n JOIN bench_words w ON w.k = (i * 31) % 397"""
)


async def fill(database: Database) -> None:
    """This will fill an empty database, count the standings, and let the planner know the rows."""
    async with database.engine.begin() as connection:
        await connection.run_sync(SCRATCH.create_all)
        await connection.execute(insert(words), [_word(k) for k in range(WORDS)])
        people = [{"login": login, "name": login.title(), "created_at": AT} for login in PEOPLE]
        await connection.execute(insert(User), people)
        await _registries(connection)
        for statement in (
            CUSTOMER_ROWS, CASE_ROWS, ACCOUNT_ROWS, AGREEMENT_ROWS, INVOICE_ROWS, RECORD_ROWS,
            CONTACT_ROWS, MESSAGE_ROWS, EVENT_ROWS, PROMISE_ROWS, PAUSE_ROWS,
        ):  # fmt: skip
            await connection.exec_driver_sql(statement)
    async with database.write() as session:
        await rebuild_standings(session)
    async with database.engine.begin() as connection:
        await connection.execute(text("ANALYZE"))


def _word(k: int) -> dict[str, object]:
    city, uf = CITIES[k % len(CITIES)]
    at = AT - timedelta(days=k, minutes=k)
    return {
        "k": k, "first": FIRST[k % len(FIRST)], "last": LAST[k % len(LAST)], "city": city,
        "uf": uf, "person": PEOPLE[k % len(PEOPLE)], "day": at.date(),
        "ahead": (AT + timedelta(days=k % 90)).date(), "at": at,
    }  # fmt: skip


async def _registries(connection: AsyncConnection) -> None:
    for registry in (AgreementCategory, ContactCategory):
        await connection.execute(insert(registry).values(id=1, code="1", name="Geral"))
