"""Who may call a kickoff off."""

import pytest

from rules.kickoff_cancellation import NotTheAdministrator, check_administrator


@pytest.mark.parametrize(
    ("name", "administrators", "passes"),
    [
        ("Ângela Prado", ["Ângela Prado"], True),
        ("angela  prado", ["Ângela Prado", "Rui"], True),
        ("Padaria Aurora", ["Rui"], True),  # the client in person
        ("Eva", ["Rui"], False),
        ("Eva", [], True),  # nobody is on record
        ("Eva", [""], True),
    ],
)
def test_an_administrator_or_the_client_calls_a_kickoff_off(name, administrators, passes):
    asked = {"administrators": administrators, "client": "Padaria Aurora"}
    if passes:
        check_administrator(name, **asked)
    else:
        with pytest.raises(NotTheAdministrator):
            check_administrator(name, **asked)
