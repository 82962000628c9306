"""Why a token moved: along with its neighbors, or on its own."""

from __future__ import annotations

from tb_wordembed.contract import motion as contract
from tb_wordembed.server.queries import to_contract
from tb_wordembed.server.queries.context import Context


def motion(context: Context, request: contract.MotionRequest) -> contract.Motion:
    """Why a token moved between two steps."""
    series = context.series(request)
    found = series.motion(request.index, request.from_step, request.to_step, request.k)
    return contract.Motion(
        index=request.index,
        token=series.tokens[request.index],
        from_step=request.from_step,
        to_step=request.to_step,
        shared_share=to_contract.number(found.shared_share),
        own_share=to_contract.number(found.own_share),
        neighbors=found.neighbors,
        neighbor_steps=found.steps,
        parallel=to_contract.similar(found.parallel),
    )
