"""Writes findings as sentences in plain English, from the template of their kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tb_wordembed.analysis.findings.finding import Finding, Numbers
from tb_wordembed.analysis.findings.sentence_templates import TEMPLATES

SHOWN = 5
"""The largest number of tokens that a sentence names."""

LONGEST = 40
"""The largest number of characters of a token that a sentence shows."""

Label = Callable[[int], str]


def sentence(finding: Finding, tokens: Sequence[str] | Label) -> str:
    """Writes a finding in plain English, with the numbers behind it.

    Args:
      tokens: the label of each row, or a function that returns it. Characters that
        can't be printed are shown as a space.
    """
    label = tokens if callable(tokens) else tokens.__getitem__
    template = TEMPLATES[finding.kind]
    if not isinstance(template, str):
        template = template(finding)
    text = template.format(**_fields(finding, label))
    return f"{text[0].upper()}{text[1:]}."


def quoted(label: str, row: int) -> str:
    """Returns a token in quotation marks, on one line, ``LONGEST`` characters at most;
    the number of its row where it has no visible character."""
    # No more is looked at than could be shown.
    head = label[: 10 * LONGEST]
    seen = "".join(char if char.isprintable() else " " for char in head)
    text = " ".join(seen.split()).replace("“", '"').replace("”", '"')
    if len(text) > LONGEST or len(label) > len(head):
        text = text[: LONGEST - 1] + "…"
    return f"“{text}”" if text else f"row {row}"


_WORDS = {
    "they": ("it", "they"),
    "them": ("it", "them"),
    "their": ("its", "their"),
    "were": ("was", "were"),
    "are": ("is", "are"),
    "at_least": ("", "at least "),
    "at_most": ("", "at most "),
    "their_norm": ("the norm", "the norms"),
}
"""The words of a template that differ between one row and several."""


class _Number(float):
    """A number of a template: written with three digits, or whole from 1,000 on, where
    the template does not say how."""

    def __format__(self, spec: str) -> str:
        whole = 1000 <= abs(self) < 1e9
        return super().__format__(spec or (",.0f" if whole else ".3g"))


def _fields(finding: Finding, label: Label) -> dict[str, Any]:
    """Returns what a template may name: ``_WORDS``, each number of the finding, ``who``
    it is about, ``counted`` of how many, ``when``, and its ``names``. Only here do
    tokens come in: they may hold braces."""
    numbers, are_many = finding.numbers, len(finding.rows) != 1
    names = [quoted(one, 0) for one in finding.names[:SHOWN]]
    return {
        **{name: words[are_many] for name, words in _WORDS.items()},
        **{
            name: _Number(value) if isinstance(value, float) else value
            for name, value in numbers.items()
        },
        "who": _subject(finding, label),
        "counted": _counted(numbers) if "tokens" in numbers else "",
        "step": finding.step,
        "when": f"at step {finding.step}"
        if finding.step is not None or "from_step" not in numbers
        else f"at other steps, from {numbers['from_step']} to {numbers['to_step']}",
        "names": names,
        "listed_names": _listed([*names, *_more(len(finding.names))]),
    }


def _subject(finding: Finding, label: Label) -> str:
    names = [quoted(label(row), row) for row in finding.rows[:SHOWN].tolist()]
    names += _more(len(finding.rows))
    if len(names) <= 1 or "tokens" not in finding.numbers:
        return _listed(names)
    return f"{_counted(finding.numbers)} ({_listed(names)})"


def _more(count: int) -> list[str]:
    """Returns how many more there are than a sentence names."""
    return [f"{count - SHOWN:,} more"] if count > SHOWN else []


def _listed(names: list[str]) -> str:
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _counted(numbers: Numbers) -> str:
    if numbers["tokens"] == numbers["of"]:
        return f"all {numbers['of']:,.0f} tokens"
    return f"{numbers['tokens']:,.0f} of {numbers['of']:,.0f} tokens"
