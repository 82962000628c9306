"""The directive ``command-line``: a section for each command, as it prints its help."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tb_wordembed.cli import parser


class CommandLine(SphinxDirective):
    """Documents ``tb-wordembed`` from its own parser."""

    def run(self) -> list[nodes.Node]:
        """Returns the sections."""
        return [self._section(*one) for one in _commands(parser())]

    def _section(
        self, name: str, summary: str, parser: argparse.ArgumentParser
    ) -> nodes.section:
        section = nodes.section(names=[name], ids=[nodes.make_id(name)])
        section += nodes.title(text=name)
        section += nodes.paragraph(text=f"{summary[:1].upper()}{summary[1:]}.")
        printed = nodes.literal_block(text=parser.format_help())
        printed["language"] = "text"
        section += printed
        return section


def _commands(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Yields each command, its summary in the list of commands, and its parser."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for listed in action._choices_actions:
                yield listed.dest, listed.help or "", action.choices[listed.dest]


def setup(app: Sphinx) -> dict[str, bool]:
    """Adds the directive."""
    app.add_directive("command-line", CommandLine)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
