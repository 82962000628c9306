"""The route by which a page says that it no longer wants a job."""

from __future__ import annotations

from tb_wordembed.contract import jobs as contract
from tb_wordembed.server.queries.context import Context


def cancel(context: Context, request: contract.CancelRequest) -> contract.Cancel:
    """Ends a job, unless another page wants it."""
    return contract.Cancel(context.jobs.cancel(request.id, context.page))
