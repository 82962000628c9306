"""What drift is measured from: a step of the same series, or of another one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.alignment import Alignment, Cross, align, crosses
from tb_wordembed.analysis.rows import Rows, SideBySide
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.tables import OtherTables, Tables, Turn


@dataclass(frozen=True)
class Reference:
    """Another series that drift is measured from, such as another run or seed.

    Between two trainings, raw displacement would mostly be the rotation between their
    tables. So the table of the reference is turned first, by the rotation that
    brings it nearest to the other; see ``tb_wordembed.analysis.alignment``. Neighbors
    don't depend on a rotation, so measures of neighbors turn nothing, and the
    tables may have different dimensions.

    Attributes:
      series: the other series. Rows are matched by their tokens, or by their numbers
        if one of the two has no tokens.
      centered: whether the mean of each table is taken off first, so that a shift of a
        whole table is no drift.
      anchors: the tokens or row numbers that the rotation is found over, such as words
        whose meaning is known to be the same; None takes all tokens that both have.
    """

    series: LoggedSeries
    centered: bool = False
    anchors: Sequence[str | int] | None = None

    def __post_init__(self) -> None:
        # An array, too, becomes part of keys.
        if self.anchors is not None:
            object.__setattr__(self, "anchors", tuple(self.anchors))


def as_reference(reference: Reference | LoggedSeries) -> Reference:
    """Returns a series as a reference with the default alignment."""
    if isinstance(reference, Reference):
        return reference
    if isinstance(reference, LoggedSeries):
        return Reference(reference)
    raise TypeError(
        f"reference={reference!r}: expected a series, such as log.series('other run'), "
        "or a Reference of one"
    )


def alignment(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    reference: Reference | LoggedSeries,
) -> Alignment:
    """Returns the rotation that best lays the table of the reference at ``from_step``
    upon that of this series at ``to_step``; see ``tb_wordembed.analysis.alignment``.

    Raises:
      NotFoundError: there is no such step, or an anchor is not a token of this series.
      ValueError: the two have different dimensions, or no token in common, or there are
        fewer anchors that both have than dimensions.
    """
    reference = as_reference(reference)
    other = reference.series
    if other.shape[1] != series.shape[1]:
        raise ValueError(
            f"{other!r} has {other.shape[1]} dimensions and {series!r} "
            f"{series.shape[1]}: only tables of as many dimensions can be aligned. "
            "Measures of neighbors, such as overlap, need no alignment"
        )
    anchors = reference.anchors
    rows = None if anchors is None else [series.index_of(one) for one in anchors]
    unturned = OtherTables(series, other)
    ids = unturned.content_id(from_step), series.content_id(to_step)
    of = *ids, None if rows is None else tuple(rows)
    cross = series.cache.get(
        ("cross", *of), lambda: _cross(series, from_step, to_step, unturned, rows)
    )
    least = 1 if rows is None else series.shape[1]
    if cross.count < least:
        what = "tokens" if rows is None else "of the anchors"
        raise ValueError(
            f"{series!r} and {other!r} have {cross.count} {what} in common; "
            f"expected {least} or more to align them"
        )
    return series.cache.get(
        ("alignment", *of, reference.centered), lambda: align(cross, reference.centered)
    )


def _cross(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    unturned: Tables,
    rows: list[int] | None,
) -> Cross:
    if rows is not None:
        some = [(unturned.rows(from_step, rows), series.rows(to_step, rows))]
        return crosses(some, series.shape[1])[0]
    both = (unturned, from_step), (series, to_step)
    tables = [one.row_blocks(step, buffers=LOCAL.threads) for one, step in both]
    blocks = (rows for _, rows in SideBySide(tables, series.shape))
    return crosses(blocks, series.shape[1], engine=LOCAL)[0]


def matched_tables(
    series: LoggedSeries, reference: Reference | LoggedSeries | None
) -> Tables:
    """Returns the tables that the first of two steps belongs to, in the rows of a
    series: its own without a reference."""
    if reference is None:
        return series
    return OtherTables(series, as_reference(reference).series)


def content_of_both(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    reference: Reference | LoggedSeries | None,
) -> tuple[Hashable, ...]:
    """Returns a key that changes when the numbers of the reference at ``from_step``, or
    those of the series at ``to_step``, change, the rows of either, or the alignment."""
    after = series.content_id(to_step)
    if reference is None:
        return *series.content_id(from_step), *after
    reference = as_reference(reference)
    before = matched_tables(series, reference).content_id(from_step)
    return *before, *after, *_how(series, reference)


def _how(series: LoggedSeries, reference: Reference) -> tuple[Hashable, ...]:
    """Returns a key that changes when a reference is aligned otherwise. Which rows its
    anchors are, the tokens of the series say."""
    tokens = None if reference.anchors is None else series.columns_id
    return reference.centered, reference.anchors, tokens


def aligned_tables(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    reference: Reference | LoggedSeries | None,
) -> Tables:
    """Returns ``matched_tables``, turned so that those of a reference at ``from_step``
    lie best upon those of the series at ``to_step``."""
    if reference is None:
        return series
    reference = as_reference(reference)
    found = alignment(series, from_step, to_step, reference)
    upon = series.content_id(to_step), *_how(series, reference)
    return OtherTables(series, reference.series).turned(found.apply, upon)


def turn_upon(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    reference: Reference | LoggedSeries | None,
) -> Turn:
    """Returns what turns rows of ``matched_tables`` as ``aligned_tables`` are, so that
    threads share that work."""
    if reference is None:
        return _as_they_are
    return alignment(series, from_step, to_step, reference).apply


def _as_they_are(rows: Rows) -> Rows:
    return rows


def rows_in_reference(
    series: LoggedSeries, reference: Reference | LoggedSeries
) -> npt.NDArray[np.int64]:
    """Returns the row of each token of a series in a reference, or -1 for a token that
    only the series has, int64 ``[vocab_size]``."""
    rows = OtherTables(series, as_reference(reference).series).row_map
    return np.arange(series.shape[0]) if rows is None else rows


def only_in_reference(
    series: LoggedSeries, reference: Reference | LoggedSeries
) -> list[str]:
    """Returns the tokens that only the reference has, in the order of its rows."""
    other = as_reference(reference).series
    rows = rows_in_reference(series, reference)
    only_there = np.setdiff1d(np.arange(other.shape[0]), rows)
    tokens = other.tokens
    return [tokens[row] for row in only_there.tolist()]
