"""Four eyes on an agreement: whoever stands in for its author is no second person."""

from __future__ import annotations

from decimal import Decimal

import pytest

from activities.agreement_requests import check_decision, refuse_request
from models.agreement_rules import AgreementRequest
from models.database import Database
from models.people import Deed
from rules.agreement_requests import OwnRequestRefused
from rules.business_days import local_date
from tests import builders
from tests.builders import AT


@pytest.mark.parametrize(("is_away", "stands_aside"), [(False, False), (True, True)])
async def test_the_substitute_of_who_asked_decides_only_once_they_are_back(
    database: Database, *, is_away: bool, stands_aside: bool
) -> None:
    async with database.write() as session:
        ana, bia = [await builders.a_user(session, login) for login in ("ana", "bia")]
        ana.substitute_id = bia.id
        ana.absent_until = local_date(AT) if is_away else None
        customer = await builders.a_customer(session)
        request = AgreementRequest(
            customer_id=customer.id or 0, form={}, excess={"told": []}, principal=Decimal(1000),
            total=Decimal(800),
            asked_at=AT, asked_by="ana",
        )  # fmt: skip
        session.add(request)
        await session.flush()

        for login in ("ana", "bia"):
            if login == "ana" or stands_aside:
                with pytest.raises(OwnRequestRefused):
                    await refuse_request(
                        session, request.number, reason="não", deed=Deed(login, AT)
                    )
            else:
                await check_decision(session, request, deed=Deed(login, AT))
        await check_decision(session, request, deed=Deed("caio", AT))
