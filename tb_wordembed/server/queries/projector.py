"""The address of the standard Projector on a table."""

from __future__ import annotations

from dataclasses import replace

from tb_wordembed.contract import projector as contract
from tb_wordembed.projector.names import shown_name
from tb_wordembed.server import projector_key, projector_page, projector_routes
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.to_contract import filled, row_list


def projector(
    context: Context, request: contract.ProjectorRequest
) -> contract.Projector:
    """Returns the address of the standard Projector on a table, and the rows it
    shows."""
    log = context.log
    wanted = row_list("indices", request.indices) if request.indices else []
    if len(wanted) > projector_key.MOST_WANTED:
        raise ValueError(
            f"parameter 'indices' names {len(wanted)} rows; expected at most "
            f"{projector_key.MOST_WANTED}"
        )
    where = projector_key.Place(
        request.run, request.tag, request.step, request.reference_step, tuple(wanted)
    )
    shown = projector_routes.shown(log, where)
    where = replace(where, content=projector_routes.content(log, where))
    found = projector_page.find()
    everything = not shown.sampled and not shown.non_finite
    return filled(
        contract.Projector,
        shown,
        request,
        key=where.key,
        problem=found if isinstance(found, str) else "",
        run_name=shown_name(where.run),
        tensor_name=shown_name(where.tag),
        rows=shown.rows[: 0 if everything else None],
    )
