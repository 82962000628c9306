"""Parses the command line; tokens and names that begin with a dash are no options."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from tb_wordembed.cli.common import count

# Nothing on a command line holds this character.
_MARK = "\0"


def parse(parser: argparse.ArgumentParser, given: Sequence[str]) -> argparse.Namespace:
    """Parses arguments as ``parser`` does, except that other texts with a dash are no
    options: ``-LRB-`` may be a token, and ``--x`` a run. After ``--`` there are no
    options."""
    found, rest = parser.parse_known_args(list(_marked(parser, given)))
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(map(_unmarked, rest))}")
    for name, value in vars(found).items():
        setattr(found, name, _unmarked(value))
    return found


def _unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return list(map(_unmarked, value))
    return value.removeprefix(_MARK) if isinstance(value, str) else value


def _marked(parser: argparse.ArgumentParser, given: Sequence[str]) -> Iterator[str]:
    """Yields the arguments, with a mark before those that only look like options."""
    options, is_over, before = parser._option_string_actions, False, ""
    for one in given:
        if one == "--" and not is_over:
            is_over = True
            continue
        commands = _commands(parser)
        if commands:
            parser = commands.get(one, parser)
            options = parser._option_string_actions
            yield one
            continue
        # argparse itself says what is wrong with a number.
        is_number = before in options and options[before].type is not None
        is_option = not is_over and (is_number or _is_option(options, one))
        looks_like_one = one.startswith("-") and not is_option
        yield _MARK + one if looks_like_one or one.startswith(_MARK) else one
        before = one


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found.update(action.choices)
    return found


def _is_option(options: dict[str, argparse.Action], text: str) -> bool:
    """Returns whether a text is an option, or its beginning, also with a value."""
    if text in options:
        return True
    if text.startswith("--"):
        name = text.partition("=")[0]
        return len(name) > 2 and any(one.startswith(name) for one in options)
    action = options.get(text[:2])
    if action is None or action.nargs == 0:
        return False
    return action.type is not count or text[2:].isdecimal()
