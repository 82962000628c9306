"""Sentences in plain English for findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tb_wordembed.analysis.findings.finding import Finding, Kind, Numbers

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
    words = _ONE if len(finding.rows) == 1 else _MANY
    text = _SENTENCES[finding.kind](finding, _subject(finding, label), words)
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


class _Words(NamedTuple):
    """The words that differ between one row and several."""

    they: str
    them: str
    their: str
    were: str
    are: str
    at_least: str
    at_most: str
    their_norm: str


_ONE = _Words("it", "it", "its", "was", "is", "", "", "the norm")
_MANY = _Words(
    "they", "them", "their", "were", "are", "at least ", "at most ", "the norms"
)


def _subject(finding: Finding, label: Label) -> str:
    rows = finding.rows[:SHOWN].tolist()
    names = [quoted(label(row), row) for row in rows]
    names += _more(len(finding.rows))
    listed = _listed(names)
    if len(names) <= 1 or "tokens" not in finding.numbers:
        return listed
    return f"{_share(finding.numbers)} ({listed})"


def _more(count: int) -> list[str]:
    """Returns how many more there are than a sentence names."""
    return [f"{count - SHOWN:,} more"] if count > SHOWN else []


def _listed(names: list[str]) -> str:
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _share(numbers: Numbers) -> str:
    if numbers["tokens"] == numbers["of"]:
        return f"all {numbers['of']:,.0f} tokens"
    return f"{numbers['tokens']:,.0f} of {numbers['of']:,.0f} tokens"


def _when(finding: Finding) -> str:
    if finding.step is not None:
        return f"at step {finding.step}"
    numbers = finding.numbers
    return f"at other steps, from {numbers['from_step']} to {numbers['to_step']}"


def _span(numbers: Numbers) -> str:
    return f"from step {numbers['first_step']} to {numbers['last_step']}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e9 else f"{value:.3g}"


def _not_finite(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    text = f"{who} {words.were} NaN or infinite for the first time {_when(finding)}"
    last, still = numbers["last_step"], numbers["still"]
    if last == finding.step:
        return text
    if still == numbers["tokens"]:
        return f"{text}, and still {words.are} at step {last}"
    if not still:
        return f"{text}, and {words.are} finite at step {last}"
    return f"{text}, and {still:,} of them {_is(still)} not finite at step {last}"


def _is(count: float) -> str:
    return "is" if count == 1 else "are"


def _zero_rows(finding: Finding, who: str, words: _Words) -> str:
    if "from_step" in finding.numbers:
        return f"{who} became zero {_when(finding)}"
    return f"{who} {words.are} zero, as padding is"


def _all_equal(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    since = "" if finding.step is None else f" since step {finding.step}"
    if numbers["zero"] == numbers["tokens"]:
        same = f"are zero{since}"
    elif numbers["zero"]:
        same = f"have one and the same vector{since}, and {numbers['zero']:,} more "
        same += f"{_is(numbers['zero'])} zero"
    else:
        same = f"have one and the same vector{since}"
    return f"{_share(numbers)} {same}: nothing tells them apart"


def _collapsed(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    groups, radius = numbers["groups"], numbers["radius"]
    if radius:
        near = f"came within {_number(radius)} of "
        near += "one point" if groups == 1 else f"{groups:,} points"
    else:
        near = "became " + (
            "one and the same row"
            if groups == 1
            else f"the same row in {groups:,} groups"
        )
    text = f"{who} collapsed onto one another: they {near} {_when(finding)}"
    if "before" not in numbers:
        return text
    before = _number(numbers["before"])
    return f"{text}, and had been about {before} away from there the step before"


def _swapped(finding: Finding, who: str, words: _Words) -> str:
    return (
        f"{who} took one another's places {_when(finding)}: each came at least "
        f"{_number(finding.numbers['nearer'])} times as near to where another had been "
        "as to where it had been itself"
    )


def _never_updated(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    if not len(finding.rows):
        return (
            f"Nothing was updated at all: {_share(numbers)} stayed the same "
            f"{_span(numbers)}"
        )
    text = f"{who} {words.were} never updated {_span(numbers)}"
    zero = numbers["zero"]
    if not zero:
        return text
    some = words.they if zero == numbers["tokens"] else f"{zero:,} of them"
    return f"{text}; {some} {_is(zero)} zero, as padding is"


def _undertrained(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    return (
        f"{who} may be hardly trained: {words.they} {words.are} as near to the mean of "
        f"the {numbers['unused']:,} unused rows as {numbers['share']:.0%} of these"
    )


def _fixed_rows_moved(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    return (
        f"{who} must not change, and {words.were} changed {_when(finding)} for the "
        f"first time: {words.they} moved by {words.at_most}{_number(numbers['path'])} "
        f"in all, up to step {numbers['last_step']}"
    )


def _returned(finding: Finding, who: str, words: _Words) -> str:
    return (
        f"{who} {words.were} updated, and {words.are} exactly what {words.they} "
        f"{words.were} at step {finding.numbers['first_step']} again {_when(finding)}"
    )


def _frozen_since(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    idle, last = f"{numbers['intervals']:,}", numbers["last_step"]
    if not len(finding.rows):
        return (
            f"Nothing was updated after step {finding.step}: {_share(numbers)} stayed "
            f"the same at the next {idle} steps, up to step {last}"
        )
    return (
        f"{who} {words.were} updated {_when(finding)} for the last time; others were "
        f"updated {words.at_least}{idle} times after that, up to step {last}"
    )


def _broke_off(finding: Finding, who: str, words: _Words) -> str:
    jump, strength = (_number(finding.numbers[name]) for name in ("jump", "strength"))
    return (
        f"{who} broke off {words.their} own trend {_when(finding)}: {words.they} moved "
        f"{words.at_least}{jump} times as far as {words.they} usually did, a break of "
        f"{words.at_least}{strength} standard errors"
    )


def _changed_neighbors(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    share = f"{words.at_most}{numbers['overlap']:.0%}" if numbers["overlap"] else "none"
    return (
        f"{who} changed neighbors {_span(numbers)}: {words.they} kept {share} "
        f"of {words.their} {numbers['k']:,} nearest "
        f"neighbors, {words.at_least}{numbers['deviations']:.1f} standard deviations "
        f"less than the {numbers['usual']:.0%} that tokens usually kept"
    )


def _course(numbers: Numbers) -> str:
    return ", ".join(
        f"{_number(numbers[name])} at step {numbers[f'{name}_step']}"
        for name in ("first", "middle", "last")
    )


def _norms_exploding(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    if "tokens" in numbers:
        return (
            f"Norms explode: {_when(finding)}, {words.their_norm} of {who} began to "
            f"leave the others behind; up to step {numbers['last_step']}, "
            f"{words.they} grew {words.at_least}{_number(numbers['growth'])} times as "
            "much as usual"
        )
    share = numbers["quantile"]
    what = "the largest norm" if share == 1 else f"the {share:.0%} quantile of norms"
    return (
        f"Norms explode: {what} grew faster and faster, {_course(numbers)}; it is "
        f"largest for {who}"
    )


def _rank_collapsing(finding: Finding, who: str, words: _Words) -> str:
    return (
        "The rank collapses: the effective rank fell faster and faster, "
        f"{_course(finding.numbers)}"
    )


def _rows_shuffled(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    return (
        f"The rows of the table were shuffled {_when(finding)}: "
        f"{numbers['elsewhere']:,.0f} of {numbers['sampled']:,.0f} rows are where "
        "other rows were at the step before, so tokens may label the wrong rows"
    )


def _began_anew(finding: Finding, who: str, words: _Words) -> str:
    return (
        f"The table began anew {_when(finding)}: half of the tokens turned by "
        f"{_number(finding.numbers['turn'])}° or more, and no rotation of the table "
        f"before explains it (CKA {_number(finding.numbers['cka'])})"
    )


def _rotated(finding: Finding, who: str, words: _Words) -> str:
    return (
        f"The whole table was rotated or reflected {_when(finding)}: half of the "
        f"tokens turned by {_number(finding.numbers['turn'])}° or more, and one "
        f"rotation explains all but {finding.numbers['left']:.1%} of it, so distances "
        "between tokens stayed the same"
    )


def _rescaled(finding: Finding, who: str, words: _Words) -> str:
    factor = _number(finding.numbers["factor"])
    return (
        f"The whole table was rescaled {_when(finding)}: all norms became {factor} "
        "times what they were, and directions stayed the same"
    )


def _rank_changed(finding: Finding, who: str, words: _Words) -> str:
    before, after = finding.numbers["before"], finding.numbers["after"]
    went = "fell" if after < before else "rose"
    return (
        f"The effective rank {went} from {_number(before)} to {_number(after)} "
        f"{_when(finding)}: the table uses {_number(after)} dimensions from then on"
    )


def _narrow_cone(finding: Finding, who: str, words: _Words) -> str:
    before, after = (_number(finding.numbers[name]) for name in ("before", "after"))
    return (
        f"All tokens took on one common direction {_when(finding)}: the mean cosine "
        f"between two tokens rose from {before} to {after}"
    )


def _settled(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    rate, largest = numbers["rate"], numbers["largest_rate"]
    return (
        f"The table has settled since step {finding.step}: up to step "
        f"{numbers['last_step']}, half of the tokens turned by {_number(rate)}° a step "
        f"at most, {rate / largest:.1%} of the {_number(largest)}° a step when they "
        "turned fastest"
    )


def _changed_beyond_noise(finding: Finding, who: str, words: _Words) -> str:
    numbers = finding.numbers
    text = f"{who} changed by more than noise {_between(finding)}"
    if "multiple" in numbers:
        multiple = f"{words.at_least}{_number(numbers['multiple'])}"
        text += f": {multiple} times as much as seeds usually differ in {words.them}"
    return f"{text} (false discovery rate {numbers['rate']})"


def _group_beyond_noise(finding: Finding, who: str, words: _Words) -> str:
    column, name = finding.names
    numbers = finding.numbers
    median, others = (_number(numbers[one]) for one in ("median", "others"))
    return (
        f"The {numbers['tokens']:,.0f} tokens whose {quoted(column, 0)} is "
        f"{quoted(name, 0)} changed by more than noise, and by more than other tokens, "
        f"{_between(finding)}: their median is {median}, that of others {others} "
        f"(false discovery rate {_number(numbers['rate'])})"
    )


def _between(finding: Finding) -> str:
    first, last = (finding.numbers[name] for name in ("from_step", "to_step"))
    by = {"overlap": "by neighbors", "second_order": "by second-order drift"}
    measure = finding.view.measure or ""
    how = by.get(measure, f"by {measure} drift")
    return f"from step {first} of the reference to step {last}, {how}"


def _new_tokens(finding: Finding, who: str, words: _Words) -> str:
    return f"{who} {words.are} new: the reference lacks {words.them}"


def _gone_tokens(finding: Finding, who: str, words: _Words) -> str:
    names = [quoted(one, 0) for one in finding.names[:SHOWN]]
    names += _more(len(finding.names))
    numbers = finding.numbers
    return (
        f"{_share(numbers)} of the reference {_is(numbers['tokens'])} gone "
        f"({_listed(names)})"
    )


_SENTENCES: dict[Kind, Callable[[Finding, str, _Words], str]] = {
    "not_finite": _not_finite,
    "zero_rows": _zero_rows,
    "all_equal": _all_equal,
    "collapsed": _collapsed,
    "swapped": _swapped,
    "never_updated": _never_updated,
    "undertrained": _undertrained,
    "fixed_rows_moved": _fixed_rows_moved,
    "returned": _returned,
    "frozen_since": _frozen_since,
    "broke_off": _broke_off,
    "changed_neighbors": _changed_neighbors,
    "norms_exploding": _norms_exploding,
    "rank_collapsing": _rank_collapsing,
    "rows_shuffled": _rows_shuffled,
    "began_anew": _began_anew,
    "rotated": _rotated,
    "rescaled": _rescaled,
    "rank_changed": _rank_changed,
    "narrow_cone": _narrow_cone,
    "settled": _settled,
    "changed_beyond_noise": _changed_beyond_noise,
    "group_beyond_noise": _group_beyond_noise,
    "new_tokens": _new_tokens,
    "gone_tokens": _gone_tokens,
}
