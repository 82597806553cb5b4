"""The command `marsad`: one module a command, imported only when it is asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from keyword import iskeyword

import click

from .. import __version__
from ..errors import MarsadError

__all__ = ["main"]

_COMMANDS = {
    "init": "Make a new case in a folder.",
    "add": "Preserve and read files, folders or web addresses.",
    "refresh": "Extract claims from what is new, and link them into incidents.",
    "read": "Read one file without a case and print its claims.",
    "reports": "List the reports of a case.",
    "incidents": "List the incidents of a case.",
    "show": "Show one incident, claim, report or exhibit.",
    "search": "Find reports and incidents by words, in any script.",
    "ledger": "Count casualties as ranges, under a named rule.",
    "matrix": "Draft the matrix of grave violations against children.",
    "export": "Print the incidents as a table of another body (UCDP, ACLED, Airwars, MRM).",
    "import": "Take a UCDP, ACLED or Airwars table in beside the reports.",
    "match": "Hold the incidents against such a table: only theirs, only ours, both.",
    "judge": "Accept, reject, correct, merge, split, set a status, or undo.",
    "learn": "Fit the linker to the judgements of a case; reversible.",
    "people": "List the people of a case, add one, or change a role.",
    "cover": "Paint over faces in a picture, for release.",
    "names": "List and approve the names that a public release shows.",
    "publish": "Write a release folder that is safe to share.",
    "verify": "Check every exhibit and the whole chain of custody.",
    "backup": "Copy a case to another disk, each byte checked; check such a copy.",
    "restore": "Make a case again from a backup.",
    "evidence": "Packages, timestamps, witnesses, encryption, legal holds; erase by law.",
    "desk": "Serve the web desk of a case on this machine.",
    "demo": "Make a case from bundled fictional reports and serve its desk.",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f".{cmd_name}{'_' if iskeyword(cmd_name) else ''}", __name__).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands, in the order of the work"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(f"{error.message} The commands are: {', '.join(_COMMANDS)}.", ctx) from None

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except MarsadError as error:
            from ._output import safe

            click.echo(f"marsad: {safe(str(error))}", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            from ._faults import STOPPED

            click.echo(f"\nmarsad: {STOPPED}", err=True)
            sys.exit(130)
        except OSError as error:
            from ._faults import told
            from ._output import safe

            if (line := told(error)) is None:
                raise
            click.echo(f"marsad: {safe(line)}", err=True)
            sys.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="marsad")
def main() -> None:
    """Marsad documents what is done to people in armed conflict.

    It preserves reports, reads their claims (who did what to whom, where, when, how many, according to whom and how
    surely), links them into incidents, counts ranges without counting anyone twice, and publishes safely.

    \b
    A first case:
      marsad init mycase
      marsad add mycase articles/ https://example.org/report
      marsad incidents mycase
      marsad desk mycase

    Exit codes: 0 done; 1 an error, said in one line; 2 a wrong command line; 3 evidence does not verify;
    4 a release was refused; 5 done, but some sources could not be read; 130 stopped by Ctrl-C.
    """
