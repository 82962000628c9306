"""What users pass becomes a table or column of the very numbers, or an error."""

from __future__ import annotations

import struct
import tracemalloc
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from tensorboard.util import tensor_util

from tb_wordembed.write.tables import Table, as_table

ROWS = [[1.0, 2.0], [3.0, -4.0], [0.5, 0.0]]


def decoded(table: Table) -> npt.NDArray[Any]:
    """The table as TensorBoard reads its tensor; of bfloat16 it can't."""
    if table.dtype == "bfloat16":
        return (table.values.astype(np.uint32) << 16).view(np.float32)
    tensor = table.tensor_header
    tensor.tensor_content = bytes(table.content)
    return np.asarray(tensor_util.make_ndarray(tensor))


# ------------------------------------------------------------------- what is accepted


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (ROWS, "float64"),
        (np.array(ROWS, np.float32), "float32"),
        (np.array(ROWS, np.float16), "float16"),
        (np.array(ROWS, ">f4"), "float32"),
        (np.array(ROWS, np.longdouble), "float64"),
        (np.array(ROWS, np.float32, order="F"), "float32"),
        (np.array([r[::-1] for r in ROWS], np.float32)[:, ::-1], "float32"),
    ],
    ids=["lists", "f4", "f2", "big-endian", "longdouble", "columns-first", "strided"],
)
def test_arrays_keep_their_numbers_and_dtype(data: Any, dtype: str) -> None:
    table = as_table(data)
    assert table.dtype == dtype
    assert table.values.flags.c_contiguous
    assert table.values.dtype.str.startswith("<")
    np.testing.assert_array_equal(decoded(table), ROWS)


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.int64, np.uint8, np.bool_])
def test_integers_become_float32(dtype: type) -> None:
    table = as_table(np.array([[0, 1], [1, 1]], dtype))
    assert table.dtype == "float32"
    np.testing.assert_array_equal(decoded(table), [[0, 1], [1, 1]])


def test_a_float32_array_is_not_copied() -> None:
    array = np.zeros((3, 2), np.float32)
    assert np.shares_memory(as_table(array).values, array)


@pytest.mark.tensorflow
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_tensorflow_and_keras(dtype: str) -> None:
    tf = pytest.importorskip("tensorflow")
    keras = pytest.importorskip("keras")
    tensor = tf.constant(ROWS, dtype)
    for data in (tensor, tf.Variable(tensor), keras.Variable(tensor, dtype=dtype)):
        table = as_table(data)
        assert table.dtype == dtype
        np.testing.assert_array_equal(decoded(table).astype(np.float64), ROWS)


@pytest.mark.tensorflow
@pytest.mark.parametrize("change", ["assign", "assign_add", "scatter_nd_update", "SGD"])
def test_a_variable_of_tensorflow_is_copied_only_if_it_changes(change: str) -> None:
    tf = pytest.importorskip("tensorflow")
    keras = pytest.importorskip("keras")
    variable = tf.Variable(np.array(ROWS, np.float32))
    table = as_table(variable)
    assert not table.values.flags.owndata
    ones = np.ones_like(ROWS)
    if change == "scatter_nd_update":
        variable.scatter_nd_update([[0]], [[7.0, 7.0]])
    elif change == "SGD":
        weight = keras.Variable(np.array(ROWS, np.float32))
        table = as_table(weight)
        slices = tf.IndexedSlices(ones[:1], [0], (3, 2))
        keras.optimizers.SGD().apply([slices], [weight])
        variable = weight.value
    else:
        getattr(variable, change)(ones)
    assert table.values.tolist() == ROWS
    assert as_table(variable).values.tolist() != ROWS


@pytest.mark.tensorflow
def test_a_symbolic_tensor_is_an_error_with_the_remedy() -> None:
    tf = pytest.importorskip("tensorflow")

    with tf.Graph().as_default():
        symbolic = tf.zeros([3, 2]) + 1
        with pytest.raises(ValueError, match=r"use tb_wordembed\.summary\.embedding"):
            as_table(symbolic)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_torch(dtype: str) -> None:
    torch = pytest.importorskip("torch")
    tensor = torch.tensor(ROWS, dtype=getattr(torch, dtype))
    transposed = torch.tensor(ROWS, dtype=tensor.dtype).T.contiguous().T
    for data in (tensor, torch.nn.Parameter(tensor), transposed):
        table = as_table(data)
        assert table.dtype == dtype
        np.testing.assert_array_equal(decoded(table).astype(np.float64), ROWS)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_jax(dtype: str) -> None:
    jnp = pytest.importorskip("jax.numpy")
    table = as_table(jnp.array(ROWS, dtype))
    assert table.dtype == dtype
    np.testing.assert_array_equal(decoded(table).astype(np.float64), ROWS)


@pytest.mark.parametrize("name", ["float8_e4m3fn", "int4"])
def test_small_numbers_become_float32(name: str) -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    table = as_table(np.array([[1, 2], [3, -4]], getattr(ml_dtypes, name)))
    assert table.dtype == "float32"
    np.testing.assert_array_equal(decoded(table), [[1, 2], [3, -4]])


# ------------------------------------------------------------------- stored dtype


@given(
    hnp.arrays(np.float32, (3, 4), elements=st.floats(-(2.0**127), 2.0**127, width=32))
)
@example(np.array([[np.nan, -np.nan, np.inf, -np.inf]], np.float32))
@example(np.array([[0x7F800001, 0xFFFFFFFF]], np.uint32).view(np.float32))
def test_bfloat16_rounds_as_ml_dtypes_does(array: npt.NDArray[np.float32]) -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    with np.errstate(over="ignore", invalid="ignore"):
        expected = array.astype(ml_dtypes.bfloat16).astype(np.float32)
        found = decoded(as_table(array, "bfloat16")).astype(np.float32)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("stored", ["float32", "float64", "float16", "bfloat16"])
def test_a_stored_dtype_is_the_nearest(stored: str) -> None:
    array = np.random.default_rng(0).normal(size=(5, 3))
    table = as_table(array, stored)
    error = {"float64": 0, "float32": 1e-7, "float16": 1e-3, "bfloat16": 4e-3}[stored]
    assert table.dtype == stored
    found = decoded(table).astype(np.float64)
    np.testing.assert_allclose(found, array, rtol=error, atol=1e-6 if error else 0)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(
    ("own", "stored"),
    [
        ("float32", "float16"),
        ("float32", "bfloat16"),
        ("float64", "float32"),
        ("float64", "bfloat16"),
        ("bfloat16", "float16"),
        ("bfloat16", "float32"),
        ("float16", "float64"),
    ],
)
def test_conversion_takes_the_memory_of_its_result_and_of_a_block(
    own: str, stored: str, order: Literal["C", "F"]
) -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    kind = ml_dtypes.bfloat16 if own == "bfloat16" else own
    numbers = np.random.default_rng(0).standard_normal((100_000, 64))
    data = np.asarray(numbers.astype(kind), order=order)
    tracemalloc.start()
    table = as_table(data, stored)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # A block is of 2**18 numbers, and the largest temporary of float64.
    assert peak - table.values.nbytes < 6 << 20
    expected = data.astype(ml_dtypes.bfloat16 if stored == "bfloat16" else stored)
    bits = f"u{expected.dtype.itemsize}"
    assert (table.values.view(bits) == np.ascontiguousarray(expected).view(bits)).all()


def test_bfloat16_widens_exactly() -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    table = as_table(np.array(ROWS, ml_dtypes.bfloat16), "float32")
    np.testing.assert_array_equal(decoded(table), ROWS)


@pytest.mark.parametrize(
    ("own", "most", "stored", "message"),
    [
        ("float32", 7e4, "float16", r'65504\. Use dtype="bfloat16" or "float32"$'),
        ("float32", 3.4e38, "bfloat16", r'3\.3895e\+38\. Use dtype="float32"$'),
        ("float64", 1e300, "bfloat16", r'3\.3895e\+38\. Use dtype="float64"$'),
        ("float64", 1e300, "float32", r'3\.4028e\+38\. Use dtype="float64"$'),
    ],
)
def test_numbers_beyond_a_dtype_are_refused_with_the_remedy(
    own: str, most: float, stored: str, message: str
) -> None:
    data = np.array([[1, most], [-most, np.inf], [-np.inf, np.nan]], own)
    with pytest.raises(ValueError, match=r"^2 of 6 numbers are beyond .*" + message):
        as_table(data, stored)


def test_an_unknown_dtype_is_refused() -> None:
    with pytest.raises(ValueError, match=r"dtype='int8': .*float16, bfloat16"):
        as_table(ROWS, "int8")


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.zeros((500, 80, 128)), r"\[500, 80, 128\], of rank 3.*not its output"),
        (np.zeros(7), r"\[7\], of rank 1"),
        (3.0, "rank 0"),
        (np.zeros((0, 128)), r"at least one row.*\[0, 128\]"),
        (np.zeros((7, 0)), r"at least one row.*\[7, 0\]"),
        ([["a", "b"]], "holds numbers.*str"),
        (np.zeros((2, 2), complex), "complex128"),
        ([[1.0], [1.0, 2.0]], "differ in length: row 0 has 1 numbers and row 1 has 2"),
        (None, "no array can be made of NoneType"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        as_table(data)


class Layer:
    """As torch.nn.Embedding and keras.layers.Embedding: callable, and no array."""

    weight = np.array(ROWS)

    def __call__(self, rows: Any) -> Any:
        return self.weight[rows]


def test_a_layer_is_refused_with_the_remedy() -> None:
    message = r"^Layer is a layer .*layer\.weight in PyTorch and .*layer\.embeddings in"
    with pytest.raises(ValueError, match=message):
        as_table(Layer())
    np.testing.assert_array_equal(decoded(as_table(Layer().weight)), ROWS)


@pytest.mark.tensorflow
@pytest.mark.parametrize("built", [True, False])
def test_a_keras_layer_is_refused_with_the_remedy(built: bool) -> None:
    keras = pytest.importorskip("keras")
    layer = keras.layers.Embedding(3, 2)
    if built:
        layer.build()
    with pytest.raises(ValueError, match=r"^Embedding is a layer .*layer\.embeddings"):
        as_table(layer)


def test_a_torch_module_is_refused_with_the_remedy() -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(ValueError, match=r"^Embedding is a layer .*layer\.weight"):
        as_table(torch.nn.Embedding(3, 2))


def test_masked_numbers_are_refused_with_the_remedy() -> None:
    data = np.ma.masked_equal(np.array(ROWS), 0.5)
    with pytest.raises(ValueError, match=r"1 of 6 numbers are masked.*filled\(0\)"):
        as_table(data)
    np.testing.assert_array_equal(decoded(as_table(np.ma.array(ROWS))), ROWS)


def test_stored_numbers_are_little_endian() -> None:
    content = bytes(as_table(np.array([[1.5, -2.0]], ">f8")).content)
    assert content == struct.pack("<2d", 1.5, -2.0)


def test_the_parts_of_a_sharded_torch_table_are_put_together() -> None:
    class Tensor:
        """As torch's DTensor: it must be asked for the whole."""

        def full_tensor(self) -> Tensor:
            return self

        def detach(self) -> Tensor:
            return self

        def cpu(self) -> Tensor:
            return self

        dtype = "torch.float32"

        def numpy(self) -> Any:
            return np.ones((2, 3), np.float32)

    np.testing.assert_array_equal(as_table(Tensor()).values, np.ones((2, 3)))
