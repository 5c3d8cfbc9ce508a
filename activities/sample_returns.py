"""Return files to train with: made of open invoices, as their bank would report them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.amounts_due import due_of, terms_of
from models import sample_returns as rows
from models.boleto_numbers import bank_account, number_boleto
from models.invoices import Invoice
from models.payment_profiles import profile_of
from models.registries import PaymentProfile
from rules import sample_returns as rules
from rules.business_days import local_date
from rules.cnab_samples import BANK, SampleTitle
from rules.money import ZERO
from rules.payments import check_paid_on
from rules.return_numbers import our_number_in_file, sequence_in
from rules.sample_returns import MOST, Fate, Owed

#: How much of our own number a title of so many columns holds.
_YOUR_NUMBER = {400: 10, 240: 15}


@dataclass(frozen=True)
class AskedSample:
    """What the file is to tell. `columns` None: as the bank's are read.

    `has_unknown` adds a payment of nobody's boleto, `has_unreadable` a line that cannot be read.
    """

    fates: Sequence[tuple[int, Fate]]
    paid_on: date
    columns: int | None = None
    has_unknown: bool = False
    has_unreadable: bool = False


@dataclass(frozen=True)
class SampleFile:
    """A file as the page of return files takes it."""

    name: str
    content: bytes


async def make_sample(session: AsyncSession, asked: AskedSample, *, at: datetime) -> SampleFile:
    """This will make a file of open invoices; boletos that had no number yet get theirs.

    Refuses an empty choice, a day to come, invoices that are not open, and those of two banks.
    """
    check_paid_on(asked.paid_on, today=local_date(at))
    if not (asked.fates or asked.has_unknown or asked.has_unreadable):
        raise rules.SampleWithoutLines
    if len(asked.fates) > MOST:
        raise rules.SampleTooLong(most=MOST)
    found = await rows.open_invoices_among(session, {number for number, _ in asked.fates})
    if any(number not in found for number, _ in asked.fates):
        raise rules.SampleInvoiceNotFound
    profiles = {key: await profile_of(session, invoice) for key, invoice in found.items()}
    bank = _bank_of([profile for profile in profiles.values() if profile])
    columns = asked.columns or rules.columns_of(bank)
    rules.check_bank(bank, columns=columns)
    counter = _Counter(session, bank, columns, asked.paid_on, at)
    titles = [
        title
        for number, fate in asked.fates
        for title in await counter.titles(found[number], profiles[number], fate)
    ]
    strangers = asked.has_unknown + asked.has_unreadable
    titles += [rules.unknown_title(on=asked.paid_on) for _ in range(strangers)]
    content = rules.write_sample(
        titles, bank=bank, columns=columns, spoils_last=asked.has_unreadable
    )
    return SampleFile(f"treinamento-{bank}-{asked.paid_on:%Y%m%d}.ret", content)


def _bank_of(profiles: Sequence[PaymentProfile]) -> str:
    """The one bank of the profiles; that of most samples where they name none."""
    banks = sorted({profile.bank for profile in profiles if profile.bank})
    if len(banks) > 1:
        raise rules.SampleOfManyBanks(banks=", ".join(banks))
    return banks[0] if banks else BANK


@dataclass(frozen=True)
class _Counter:
    """A bank on a day: what it would tell of invoices in a file of so many columns."""

    session: AsyncSession
    bank: str
    columns: int
    on: date
    at: datetime

    async def titles(
        self, invoice: Invoice, profile: PaymentProfile | None, fate: Fate
    ) -> list[SampleTitle]:
        """The lines of one invoice."""
        terms = await terms_of(self.session, invoice)
        due = await due_of(self.session, invoice, on=self.on, terms=terms)
        owed = Owed(
            our_number=await self._our_number(invoice, profile),
            your_number=_your_number(invoice, _YOUR_NUMBER[self.columns]),
            due_date=invoice.due_date,
            open_amount=invoice.open_amount,
            total=due.total if due else invoice.open_amount,
            charges=due.charges.total if due else ZERO,
        )
        return rules.titles_of(owed, fate, on=self.on)

    async def _our_number(self, invoice: Invoice, profile: PaymentProfile | None) -> str:
        """The number of its boleto; an invoice without one goes by its code, as other systems' do,
        where that reads like no boleto of ours."""
        if profile is None or bank_account(profile) is None:
            is_ours = sequence_in(invoice.code, bank=self.bank, columns=self.columns) is not None
            return "" if is_ours else invoice.code
        boleto = await number_boleto(self.session, invoice, profile=profile, at=self.at)
        number = our_number_in_file(
            boleto.sequence, boleto.our_number, bank=self.bank, columns=self.columns,
            width=rules.our_number_width(self.bank, columns=self.columns),
        )  # fmt: skip
        return number or ""


def _your_number(invoice: Invoice, digits: int) -> str:
    """What people call the invoice, if the bank's field holds it; else its code, cut."""
    called = (invoice.number, invoice.code)
    return next((each for each in called if 0 < len(each) <= digits), invoice.code[:digits])
