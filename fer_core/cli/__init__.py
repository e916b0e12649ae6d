"""The command line: every job of the app, scriptable. `--json` prints one JSON document on standard output."""

import sys
from collections.abc import Callable
from typing import NoReturn

import typer

from fer_core.cli import jobs
from fer_core.cli.audit import data_audit
from fer_core.cli.card import scorecard
from fer_core.cli.groups import data_app, models_app, runs_app
from fer_core.errors import FerError

__all__ = ["main"]

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(data_app, name="data")
app.add_typer(runs_app, name="runs")
app.add_typer(models_app, name="models")
data_app.command("audit")(data_audit)
for job in (jobs.train, jobs.evaluate, scorecard, jobs.check, jobs.predict):
    app.command()(job)


def main() -> None:
    """Run the command line; see layout of exit codes: 0 done, 1 a FerError, 2 wrong usage, 130 interrupted."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except FerError as error:
        _leave(1, f"error: {error}")
    except KeyboardInterrupt:
        _leave(130, "interrupted")
    except typer.Abort:
        _leave(130, "interrupted")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        show: Callable[[], None] = getattr(error, "show", lambda: None)
        show()
        sys.exit(getattr(error, "exit_code", 2))


def _leave(code: int, text: str) -> NoReturn:
    typer.echo(text, err=True)
    sys.exit(code)
