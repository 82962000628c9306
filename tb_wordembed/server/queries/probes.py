"""Answers the route of probes."""

from __future__ import annotations

from tb_wordembed.analysis.probes import Analogies, Associations, Classes, Pairs
from tb_wordembed.contract import probes as contract
from tb_wordembed.read.probe_files import parse_probe
from tb_wordembed.server.queries import effort
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.to_contract import numbers

_KINDS: dict[type, contract.ProbeKind] = {
    Pairs: "pairs",
    Analogies: "analogies",
    Classes: "classes",
    Associations: "associations",
}


def probe(context: Context, request: contract.ProbeRequest) -> contract.Probe:
    """Returns the scores of a probe at all steps."""
    series, asked = context.series(request), parse_probe(request.text)
    kind, steps = _KINDS[type(asked)], len(series.steps)
    items = len(asked.items)
    status, found = context.job(
        ("probe", request, series.columns_id, series.content_id(*series.steps)),
        lambda report: series.probe(asked, progress=report),
        effort.comparing(series, steps, items if kind == "analogies" else 0),
    )
    scores = found or []
    return contract.Probe(
        job=status,
        kind=kind,
        items=items,
        steps=[one.step for one in scores],
        values=numbers([one.value for one in scores]),
        used=[one.used for one in scores],
    )
