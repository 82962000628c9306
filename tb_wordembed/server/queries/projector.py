"""The address of the standard Projector on a table."""

from __future__ import annotations

from dataclasses import replace

from tb_wordembed.contract import projector as contract
from tb_wordembed.projector.names import shown_name
from tb_wordembed.server import projector_key, projector_page, projector_routes
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.to_contract import filled


def projector(
    context: Context, request: contract.ProjectorRequest
) -> contract.Projector:
    """Returns the address of the standard Projector on a table, and the rows it
    shows."""
    log = context.log
    where = projector_key.Place(**vars(request))
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
        tensor_name=shown_name(where.tag),
        rows=shown.rows[: 0 if everything else None],
    )
