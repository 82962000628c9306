"""Refuses containers in place of a table, and names the expression for the table."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

_MOST_NAMED = 6

_VECTORS = list, tuple, np.ndarray

_Shapes = list[tuple[str, tuple[int, ...]]]


def refuse_container(data: Any) -> None:
    """Raises ValueError for a container of tables or vectors, or a sparse matrix: the
    message names it, and the expression for the table."""
    name = type(data).__name__
    if isinstance(data, (str, bytes, os.PathLike)):
        raise ValueError(
            f"data is a text or path, {str(data)[:60]!r}; read the table from it "
            "first, such as np.load(path)"
        )
    if isinstance(data, Mapping) or hasattr(data, "files"):
        tables = list(_shapes(data, "data")) or _jax_shapes(data)
        raise ValueError(_of_tree(name, data, tables))
    if tables := _jax_shapes(data):
        raise ValueError(_of_tree(name, data, tables))
    for attribute, expression in _EXPRESSIONS.items():
        if hasattr(data, attribute) and _is_meant(data, attribute):
            raise ValueError(f"{name} is no table of numbers; pass {expression}")
    if isinstance(data, (list, tuple)):
        lengths = [len(row) if hasattr(row, "__len__") else None for row in data]
        if len({*lengths}) > 1 and None not in lengths:
            row = next(i for i, length in enumerate(lengths) if length != lengths[0])
            raise ValueError(
                f"the rows differ in length: row 0 has {lengths[0]} numbers and row "
                f"{row} has {lengths[row]}. A table has the same number in each row; "
                "pad or leave out those that differ"
            )


_EXPRESSIONS = {
    "toarray": "data.toarray()",  # SciPy
    "to_dense": "data.to_dense()",  # PyTorch
    "dense_shape": "tf.sparse.to_dense(data), or tf.convert_to_tensor(data)",
    "row_splits": "data.to_tensor()",  # TensorFlow, ragged
    "wv": "data.wv, the word vectors in it",  # gensim
    "select_dtypes": (  # pandas
        'data.select_dtypes("number").to_numpy(float, na_value=float("nan"))'
    ),
    "tolist": "np.stack(data)",  # Vectors in an array or Series of objects.
}


def _is_meant(data: Any, attribute: str) -> bool:
    """Returns whether an object with this attribute has to be converted first."""
    if attribute == "to_dense":
        return bool(getattr(data, "is_sparse", False))
    if attribute == "select_dtypes":
        kinds = list(data.dtypes)
        return not all(isinstance(one, np.dtype) and one.kind in "iuf" for one in kinds)
    if attribute == "tolist":
        kind = getattr(getattr(data, "dtype", None), "kind", "")
        is_list = kind == "O" and data.ndim == 1
        return is_list and all(isinstance(one, _VECTORS) for one in data)
    return True


def _of_tree(name: str, data: Any, tables: _Shapes) -> str:
    are_vectors = tables and {len(shape) for _, shape in tables} == {1}
    if are_vectors and isinstance(data, Mapping) and len(tables) == len(data):
        return (
            f"{name} goes from word to vector, and is no table; pass "
            "np.stack(list(data.values())), and tokens=list(data)"
        )
    found = [(path, shape) for path, shape in tables if len(shape) == 2]
    if not found:
        return (
            f"{name} has no table in it: no array of shape [vocab_size, embedding_dim]"
        )
    shown = ", ".join(
        f"{path} of shape {list(shape)}" for path, shape in found[:_MOST_NAMED]
    )
    more = f" and {len(found) - _MOST_NAMED} more" * (len(found) > _MOST_NAMED)
    return f"{name} holds several arrays and is no table; pass one: {shown}{more}"


def _jax_shapes(data: Any) -> _Shapes:
    """Returns the expression and the shape of each array in a model or state of JAX,
    such as those of Flax and Equinox; nothing for other objects."""
    jax = sys.modules.get("jax")
    if jax is None or isinstance(data, (list, tuple)) or _is_array(data):
        return []
    leaves = jax.tree_util.tree_leaves_with_path(data, is_leaf=_is_array)
    return [
        (f"data{jax.tree_util.keystr(path)}", tuple(leaf.shape))
        for path, leaf in leaves
        if _is_array(leaf)
    ]


def _is_array(data: Any) -> bool:
    """Returns whether this is an array, or a parameter of Flax, which holds one."""
    return hasattr(data, "shape")


def _shapes(
    data: Any, path: str, depth: int = 0
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yields the expression and the shape of each array and list in a mapping, also in
    nested ones."""
    for key in data:
        value = data[key]
        inner = f"{path}[{key!r}]"
        if isinstance(value, Mapping) and depth < 8:
            yield from _shapes(value, inner, depth + 1)
        elif hasattr(value, "shape"):
            yield inner, tuple(value.shape)
        elif isinstance(value, (list, tuple)) and value:
            is_nested = isinstance(value[0], (list, tuple))
            yield inner, (len(value), len(value[0])) if is_nested else (len(value),)
