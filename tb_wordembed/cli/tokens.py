"""Rows of an answer about tokens, or about groups of them."""

from __future__ import annotations

import argparse
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.groups import QUANTILES
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Options
from tb_wordembed.cli.output import Row, fields
from tb_wordembed.read.reference import Reference
from tb_wordembed.read.series import Series

LEAST_FIRST = ("overlap", "straightness")
"""The measures by which a token that moved far has a small value."""

Columns = dict[str, npt.NDArray[Any]]


def add_ranking(parser: argparse.ArgumentParser) -> None:
    """Adds the options that choose tokens or groups of them."""
    parser.add_argument(
        "-k",
        type=common.count,
        help="how many neighbors (10); with --group-by, add the share of so many "
        "neighbors that are in the group, which takes a while",
    )
    parser.add_argument("--top", type=common.count, default=20, help="how many (20)")
    parser.add_argument(
        "--min",
        action="append",
        default=[],
        metavar="COLUMN=N",
        help="only tokens whose number in a logged column is at least N, as in "
        "frequency=10: rare words move most",
    )
    parser.add_argument(
        "--group-by",
        metavar="COLUMN",
        help="rank the values of a logged column, or bins of its numbers, by the "
        "median drift of their tokens",
    )


def group_rows(
    series: Series,
    from_step: int,
    to_step: int,
    options: Options,
    reference: Reference | None = None,
) -> list[Row]:
    """Returns a row for each group of tokens, those that moved most first."""
    measure = options.measure
    if measure not in get_args(Measure):
        raise ValueError(
            f"--measure {measure}: with --group-by, expected one of {get_args(Measure)}"
        )
    if options.min:
        raise ValueError(
            "--group-by and --min don't go together: a group is measured with all its "
            "tokens"
        )
    with common.progress() as show:
        found = series.groups(
            options.group_by,
            from_step,
            to_step,
            measure,
            k=options.k,
            reference=reference,
            progress=show,
        )
    found.sort(key=lambda one: -np.nan_to_num(abs(one.drift[1]), nan=-1))
    near = ("inside_before", "inside_after") if options.k else ()
    rows: list[Row] = [
        {
            options.group_by: one.name,
            "count": one.count,
            **_spread_out("drift", one.drift),
            **_spread_out("norm", one.norm),
            **fields(one, "unchanged", "centroid_drift"),
            **fields(one, "spread_before", "spread_after"),
            **{f"neighbors_{name}": getattr(one, name) for name in near},
        }
        for one in found
    ]
    return rows[: options.top]


def _spread_out(name: str, values: npt.NDArray[Any]) -> Row:
    """Returns a column for each quantile of a measure."""
    return {
        f"{name}_p{round(100 * share)}": float(value)
        for share, value in zip(QUANTILES, values, strict=True)
    }


def chosen(series: Series, conditions: list[str]) -> npt.NDArray[np.bool_]:
    """Returns which tokens meet the conditions of ``--min``, ``[vocab_size]``."""
    kept = np.ones(series.shape[0], np.bool_)
    for condition in conditions:
        kept &= _at_least(series, condition)
    return kept


def rank(
    values: npt.NDArray[Any], kept: npt.NDArray[np.bool_], measure: str
) -> npt.NDArray[np.int64]:
    """Returns the rows in order of how far they moved, the furthest first, and equal
    ones by row."""
    ranked = np.flatnonzero(kept & np.isfinite(values))
    size = np.abs(values[ranked])
    order = np.argsort(size if measure in LEAST_FIRST else -size, kind="stable")
    return ranked[order]


def token_rows(
    series: Series, values: Columns, ranked: npt.NDArray[np.int64]
) -> list[Row]:
    """Returns a row for each of some tokens: its rank, its measures, its columns."""
    tokens, columns = series.tokens, series.metadata
    rows: list[Row] = []
    for rank, index in enumerate(ranked.tolist(), start=1):
        row: Row = {"rank": rank, "token": tokens[index], "index": index}
        for name, numbers in values.items():
            value = numbers[index : index + 1].tolist()[0]
            row[name] = None if value != value else value
        for name, column in columns.items():
            row[f"metadata.{name}" if name in row else name] = _value(column[index])
        rows.append(row)
    return rows


def _value(value: str | float) -> str | int | float:
    """Returns whole numbers as int: counts are logged as any number."""
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else float(value)


def _at_least(series: Series, condition: str) -> npt.NDArray[np.bool_]:
    name, _, bound = condition.rpartition("=")
    column = series.metadata.get(name)
    if not isinstance(column, np.ndarray):
        numbers = [n for n, kind in series.column_kinds.items() if kind == "number"]
        raise ValueError(
            f"--min {condition!r}: there is no column of numbers {name!r}; there are: "
            f"{numbers}"
        )
    try:
        found: npt.NDArray[np.bool_] = column >= float(bound)
    except ValueError:
        raise ValueError(
            f"--min {condition!r}: expected COLUMN=N with a number, as in {name}=10"
        ) from None
    return found
