"""The sentence of each kind of finding, with places for its numbers and its tokens."""

from __future__ import annotations

from collections.abc import Callable

from tb_wordembed.analysis.findings.finding import Finding, Kind


def _is(count: float) -> str:
    return "is" if count == 1 else "are"


_SPAN = "from step {first_step} to {last_step}"
_COURSE = (
    "{first} at step {first_step}, {middle} at step {middle_step}, "
    "{last} at step {last_step}"
)


def _not_finite(finding: Finding) -> str:
    text = "{who} {were} NaN or infinite for the first time {when}"
    still = finding.numbers["still"]
    if finding.numbers["last_step"] == finding.step:
        return text
    if still == finding.numbers["tokens"]:
        return text + ", and still {are} at step {last_step}"
    if not still:
        return text + ", and {are} finite at step {last_step}"
    return (
        text
        + f", and {{still:,}} of them {_is(still)} not finite at step {{last_step}}"
    )


def _zero_rows(finding: Finding) -> str:
    has_become = "from_step" in finding.numbers
    return (
        "{who} became zero {when}" if has_become else "{who} {are} zero, as padding is"
    )


def _all_equal(finding: Finding) -> str:
    zero = finding.numbers["zero"]
    since = "" if finding.step is None else " since step {step}"
    if zero == finding.numbers["tokens"]:
        same = "are zero" + since
    else:
        same = "have one and the same vector" + since
        same += f", and {{zero:,}} more {_is(zero)} zero" if zero else ""
    return "{counted} " + same + ": nothing tells them apart"


def _collapsed(finding: Finding) -> str:
    is_one = finding.numbers["groups"] == 1
    if finding.numbers["radius"]:
        near = "came within {radius} of "
        near += "one point" if is_one else "{groups:,} points"
    elif is_one:
        near = "became one and the same row"
    else:
        near = "became the same row in {groups:,} groups"
    text = "{who} collapsed onto one another: they " + near + " {when}"
    if "before" not in finding.numbers:
        return text
    return text + ", and had been about {before} away from there the step before"


def _never_updated(finding: Finding) -> str:
    if not len(finding.rows):
        return "Nothing was updated at all: {counted} stayed the same " + _SPAN
    text, zero = "{who} {were} never updated " + _SPAN, finding.numbers["zero"]
    if not zero:
        return text
    some = "{they}" if zero == finding.numbers["tokens"] else "{zero:,} of them"
    return f"{text}; {some} {_is(zero)} zero, as padding is"


def _frozen_since(finding: Finding) -> str:
    if not len(finding.rows):
        return (
            "Nothing was updated after step {step}: {counted} stayed the same at the "
            "next {intervals:,} steps, up to step {last_step}"
        )
    return (
        "{who} {were} updated {when} for the last time; others were updated "
        "{at_least}{intervals:,} times after that, up to step {last_step}"
    )


def _changed_neighbors(finding: Finding) -> str:
    share = "{at_most}{overlap:.0%}" if finding.numbers["overlap"] else "none"
    return (
        "{who} changed neighbors " + _SPAN + ": {they} kept " + share + " of {their} "
        "{k:,} nearest neighbors, {at_least}{deviations:.1f} standard deviations less "
        "than the {usual:.0%} that tokens usually kept"
    )


def _norms_exploding(finding: Finding) -> str:
    if "tokens" in finding.numbers:
        return (
            "Norms explode: {when}, {their_norm} of {who} began to leave the others "
            "behind; up to step {last_step}, {they} grew {at_least}{growth} times as "
            "much as usual"
        )
    is_largest = finding.numbers["quantile"] == 1
    what = "the largest norm" if is_largest else "the {quantile:.0%} quantile of norms"
    return (
        f"Norms explode: {what} grew faster and faster, {_COURSE}; it is largest for "
        "{who}"
    )


def _rank_changed(finding: Finding) -> str:
    went = "fell" if finding.numbers["after"] < finding.numbers["before"] else "rose"
    return (
        f"The effective rank {went} from "
        "{before} to {after} {when}: the table uses {after} dimensions from then on"
    )


def _settled(finding: Finding) -> str:
    share = finding.numbers["rate"] / finding.numbers["largest_rate"]
    return (
        "The table has settled since step {step}: up to step {last_step}, half of the "
        f"tokens turned by {{rate}}° a step at most, {share:.1%} of the "
        "{largest_rate}° a step when they turned fastest"
    )


def _between(finding: Finding) -> str:
    by = {"overlap": "by neighbors", "second_order": "by second-order drift"}
    measure = finding.view.measure or ""
    how = by.get(measure, f"by {measure} drift")
    return "from step {from_step} of the reference to step {to_step}, " + how


def _changed_beyond_noise(finding: Finding) -> str:
    text = "{who} changed by more than noise " + _between(finding)
    if "multiple" in finding.numbers:
        text += ": {at_least}{multiple} times as much as seeds usually differ in {them}"
    return text + " (false discovery rate {rate})"


def _group_beyond_noise(finding: Finding) -> str:
    return (
        "The {tokens:,.0f} tokens whose {names[0]} is {names[1]} changed by more than "
        f"noise, and by more than other tokens, {_between(finding)}: their median is "
        "{median}, that of others {others} (false discovery rate {rate})"
    )


def _gone_tokens(finding: Finding) -> str:
    is_gone = f"{_is(finding.numbers['tokens'])} gone"
    return "{counted} of the reference " + is_gone + " ({listed_names})"


TEMPLATES: dict[Kind, str | Callable[[Finding], str]] = {
    "not_finite": _not_finite,
    "zero_rows": _zero_rows,
    "all_equal": _all_equal,
    "collapsed": _collapsed,
    "swapped": "{who} took one another's places {when}: each came at least {nearer} "
    "times as near to where another had been as to where it had been itself",
    "never_updated": _never_updated,
    "undertrained": "{who} may be hardly trained: {they} {are} as near to the mean of "
    "the {unused:,} unused rows as {share:.0%} of these",
    "fixed_rows_moved": "{who} must not change, and {were} changed {when} for the "
    "first time: {they} moved by {at_most}{path} in all, up to step {last_step}",
    "returned": "{who} {were} updated, and {are} exactly what {they} {were} at step "
    "{first_step} again {when}",
    "frozen_since": _frozen_since,
    "broke_off": "{who} broke off {their} own trend {when}: {they} moved "
    "{at_least}{jump} times as far as {they} usually did, a break of "
    "{at_least}{strength} standard errors",
    "changed_neighbors": _changed_neighbors,
    "norms_exploding": _norms_exploding,
    "rank_collapsing": "The rank collapses: the effective rank fell faster and faster, "
    + _COURSE,
    "rows_shuffled": "The rows of the table were shuffled {when}: {elsewhere:,.0f} of "
    "{sampled:,.0f} rows are where other rows were at the step before, so tokens may "
    "label the wrong rows",
    "began_anew": "The table began anew {when}: half of the tokens turned by {turn}° "
    "or more, and no rotation of the table before explains it (CKA {cka})",
    "rotated": "The whole table was rotated or reflected {when}: half of the tokens "
    "turned by {turn}° or more, and one rotation explains all but {left:.1%} of it, so "
    "distances between tokens stayed the same",
    "rescaled": "The whole table was rescaled {when}: all norms became {factor} times "
    "what they were, and directions stayed the same",
    "rank_changed": _rank_changed,
    "narrow_cone": "All tokens took on one common direction {when}: the mean cosine "
    "between two tokens rose from {before} to {after}",
    "settled": _settled,
    "changed_beyond_noise": _changed_beyond_noise,
    "group_beyond_noise": _group_beyond_noise,
    "new_tokens": "{who} {are} new: the reference lacks {them}",
    "gone_tokens": _gone_tokens,
}
"""The sentence of each kind, or a function that chooses it by the numbers."""
