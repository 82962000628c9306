"""The question where the standard Projector is to be found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tb_wordembed import answers as parameters
from tb_wordembed import contract
from tb_wordembed.log import Log
from tb_wordembed.projector import answers, page, place


def projector(log: Log, request: contract.ProjectorRequest) -> contract.Projector:
    """Where the standard Projector is to be found on a table."""
    wanted = parameters.indices(request.indices) if request.indices else []
    if len(wanted) > place.MOST_WANTED:
        raise ValueError(
            f"parameter 'indices' names {len(wanted)} rows; expected at most "
            f"{place.MOST_WANTED}"
        )
    where = place.Place(
        request.run, request.tag, request.step, request.reference_step, tuple(wanted)
    )
    shown = answers.shown(log, where)
    where = replace(where, content=answers.content(log, where))
    found = page.find()
    everything = not shown.sampled and not shown.non_finite
    return contract.Projector(
        key=where.key,
        problem=found if isinstance(found, str) else "",
        step=request.step,
        reference_step=request.reference_step,
        indices=request.indices,
        run_name=answers.run_name(where),
        tensor_name=answers.tensor_name(where),
        sampled=shown.sampled,
        non_finite=shown.non_finite,
        rows=shown.rows[: 0 if everything else None].astype(np.int32),
    )
