"""Finds the rows that this process has of a table that TensorFlow or PyTorch spreads.

They are recognized by their attributes, so that neither package is imported here.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Shards(NamedTuple):
    """The rows of a table that this process writes: the number of rows of the whole
    table, and the first row of each shard, and its rows ``[rows, embedding_dim]``."""

    vocab_size: int
    pieces: list[tuple[int, Any]]


def shards_of(data: Any) -> Shards | None:
    """Returns what this process writes of a table that is spread by rows, so that all
    processes together write each row once; None for anything else.

    A ``ShardedVariable`` of TensorFlow, and a ``DTensor`` or ``ShardedTensor`` of
    PyTorch, are not put together for it, so no process has to wait for another. A
    ``DTensor`` that is spread in another way is None here.

    Raises:
      ValueError: a ``ShardedTensor`` is not spread by rows, and only its processes
        together could make it whole.
    """
    if hasattr(data, "local_shards") and hasattr(data, "metadata"):
        return _of_sharded_tensor(data)
    if hasattr(data, "placements") and hasattr(data, "to_local"):
        return _of_dtensor(data)
    if type(data).__name__ == "ShardedVariable" and hasattr(data, "variables"):
        return _of_variables(data)
    return None


def _of_variables(data: Any) -> Shards:
    pieces, start = [], 0
    for variable in data.variables:
        pieces.append((start, variable))
        start += int(variable.shape[0])
    return Shards(start, pieces)


def _of_sharded_tensor(data: Any) -> Shards:
    sizes = [int(size) for size in data.metadata().size]
    pieces = []
    for shard in data.local_shards():
        where = shard.metadata
        if len(sizes) != 2 or list(where.shard_sizes)[1:] != sizes[1:]:
            raise ValueError(
                f"a ShardedTensor of shape {sizes} has a shard of shape "
                f"{list(where.shard_sizes)}: it is not spread by rows. Collect it with "
                "its gather() in one process, and log it there"
            )
        if where.shard_sizes[0]:
            pieces.append((int(where.shard_offsets[0]), shard.tensor.detach()))
    return Shards(sizes[0], pieces)


def _of_dtensor(data: Any) -> Shards | None:
    kinds = [type(one).__name__ for one in data.placements]
    is_by_rows = all(
        kind == "Replicate" or (kind == "Shard" and one.dim == 0)
        for kind, one in zip(kinds, data.placements, strict=True)
    )
    if not is_by_rows or "Shard" not in kinds or len(data.shape) != 2:
        return None
    mesh, count = data.device_mesh, int(data.shape[0])
    place = mesh.get_coordinate()
    nothing = Shards(count, [])
    if place is None:
        return nothing
    # As PyTorch divides them: each dimension of the mesh what the ones before left.
    start, stop = 0, count
    for dim, kind in enumerate(kinds):
        if kind == "Replicate":
            if place[dim]:
                return nothing
            continue
        size = -(-(stop - start) // mesh.size(dim))
        start = min(start + size * place[dim], stop)
        stop = min(start + size, stop)
    rows = data.to_local().detach()
    if len(rows) != stop - start:
        return None
    return Shards(count, [(start, rows)] if len(rows) else [])
