"""Writes docs/reference/cli.md from the commands: `python docs/cli_reference.py`. A test holds the two together."""

import inspect
import sys
from pathlib import Path

import click

from marsad.cli import main

PAGE = Path(__file__).parent / "reference" / "cli.md"
HEAD = """# Commands

Written from the commands themselves (`marsad COMMAND --help`) by `docs/cli_reference.py`.

CASE is the folder of a case. Wherever an ID is asked for, the first few characters do, as long as they name one thing.
With `--json` a command prints JSON for a program, described in [JSON](json.md), and nothing else.

| exit code | means |
| --- | --- |
| 0 | done |
| 1 | an error, said in one line; for `search`, nothing found |
| 2 | a wrong command line |
| 3 | evidence does not verify |
| 4 | a release was refused |
| 5 | done, but some sources could not be read; they are kept, with the reason |
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    context = click.Context(main, info_name="marsad")
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        inner = command.commands if isinstance(command, click.Group) else {"": command}
        parts += [section(f"marsad {name} {n}".rstrip(), c) for n, c in inner.items()]
    return "\n".join(parts)


def section(name: str, command: click.Command) -> str:
    """One command: its usage, what it does, its options."""
    context = click.Context(command, info_name=name)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    lines = [f"## {name}", "", "```text", usage, "```", "", described(command.help or "")]
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    if options:
        lines += ["", "| option | what it does |", "| --- | --- |"]
        lines += [
            f"| {shape(o, context)} | {(o.help or '').replace('|', chr(92) + '|')}{default(o)} |" for o in options
        ]
    return "\n".join([*lines, ""])


def described(text: str) -> str:
    """Click's help as Markdown: paragraphs as they are, what `\\b` keeps together as a block."""
    out = []
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith("\b"):
            block = inspect.cleandoc("\n" + paragraph.removeprefix("\b").lstrip("\n"))
            out.append(f"```text\n{block}\n```")
        else:
            out.append(paragraph)
    return "\n\n".join(out)


def shape(option: click.Option, context: click.Context) -> str:
    """The option as it is typed: `--field TEXT`, `--role [reader|analyst|editor]`."""
    names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    if option.is_flag:
        return names
    return f"{names} `{option.make_metavar(context)}`".replace("|", "\\|")


def default(option: click.Option) -> str:
    """Its default, where the option shows one."""
    return f" Default: {option.default}." if option.show_default and option.default is not None else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)
