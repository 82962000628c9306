"""Requests and responses of references: series that another one is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from tb_wordembed.contract.route import ReferenceRequest, Route, RowInts, RowsRequest


@dataclass(frozen=True, kw_only=True)
class RowsInReferenceRequest(ReferenceRequest, RowsRequest):
    """A request about the tokens that a series and its reference have in common."""


@dataclass(frozen=True)
class RowsInReference:
    """Which tokens a series and its reference have in common."""

    rows: RowInts
    """The row of each token in the reference; -1 for a token that only the series
    has."""
    only_in_reference: list[str]
    """The first 1,000 tokens that only the reference has. Untrusted text."""
    count_only_in_reference: int
    """The number of all of them."""


ROUTES = (Route("rows_in_reference", RowsInReferenceRequest, RowsInReference),)
