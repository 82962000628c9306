"""Checks tables that are tensors of TensorFlow, and converts them for storage.

TensorFlow is the first argument of each function: it is imported by its users only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tb_wordembed.format.metadata import TABLE_DTYPES
from tb_wordembed.write.columns import Column
from tb_wordembed.write.rows import as_part
from tb_wordembed.write.tables import BFLOAT16, Array, check_shape


def check_static(tf: Any, data: Any) -> None:
    """Checks dtype and shape of a tensor, as far as they are known without a value."""
    dtype = tf.as_dtype(data.dtype)
    if not (dtype.is_floating or dtype.is_integer or dtype.is_bool):
        raise ValueError(
            f"an embedding table holds numbers; this tensor has the dtype {dtype.name}"
        )
    shape = data.shape
    if shape.is_fully_defined() or (shape.rank is not None and shape.rank != 2):
        check_shape([-1 if size is None else size for size in shape])


def to_tensor(tf: Any, data: Any, rows: Array | None) -> Any:
    """Returns a tensor with the numbers of a table, of a dtype that is stored.

    Args:
      data: a tensor, a variable, or an array of any package.
      rows: the numbers of the rows to take, ``[rows]``; None for all.
    """
    # A variable in shards is no tensor, and becomes one.
    if not (tf.is_tensor(data) or type(data).__module__.startswith("tensorflow.")):
        table = as_part(data, None, rows)
        if table.dtype == BFLOAT16:
            return tf.bitcast(tf.constant(table.values), tf.bfloat16)
        return tf.constant(table.values)
    if rows is not None:
        data = tf.gather(data, rows)
        check_static(tf, data)
    tensor = tf.stop_gradient(tf.convert_to_tensor(data))
    if tensor.dtype.name not in TABLE_DTYPES:
        tensor = tf.cast(tensor, tf.float32)
    return tensor


def runtime_checks(tf: Any, table: Any, columns: Sequence[Column]) -> list[Any]:
    """Returns assertions about what was not known when a function was traced."""
    if table.shape.is_fully_defined():
        return []
    shape = tf.shape(table)
    checks = [
        tf.debugging.assert_rank(
            table, 2, "an embedding table has the shape [vocab_size, embedding_dim]"
        ),
        tf.debugging.assert_positive(
            shape, "an embedding table has at least one row and one column"
        ),
    ]
    for column in columns:
        message = (
            f"{column.name!r} has {len(column.values)} entries, one per row, and the "
            "table has as many rows as the first number here"
        )
        checks.append(tf.debugging.assert_equal(shape[0], len(column.values), message))
    return [check for check in checks if check is not None]
