"""Tables in models of Flax and Equinox: logged by their path, and named in errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed

jax = pytest.importorskip("jax")

ROWS, DIM = 6, 3
WORDS = [f"word{row}" for row in range(ROWS)]


def nnx_model() -> tuple[Any, Callable[[Any], Any]]:
    nnx = pytest.importorskip("flax.nnx")

    class Model(nnx.Module):  # type: ignore[misc, name-defined]
        def __init__(self, rngs: Any) -> None:
            self.embed = nnx.Embed(ROWS, DIM, rngs=rngs)
            self.head = nnx.Linear(DIM, 1, rngs=rngs)

    return Model(nnx.Rngs(0)), lambda model: model.embed.embedding


def linen_model() -> tuple[Any, Callable[[Any], Any]]:
    linen = pytest.importorskip("flax.linen")
    model = linen.Sequential([linen.Embed(ROWS, DIM), linen.Dense(1)])
    params = model.init(jax.random.key(0), jax.numpy.arange(2))
    return params, lambda tree: tree["params"]["layers_0"]["embedding"]


def equinox_model() -> tuple[Any, Callable[[Any], Any]]:
    nn = pytest.importorskip("equinox").nn
    one, two = jax.random.split(jax.random.key(0))
    layers = nn.Sequential(
        [nn.Embedding(ROWS, DIM, key=one), nn.Linear(DIM, 1, key=two)]
    )
    return layers, lambda model: model.layers[0].weight


MODELS = {"nnx": nnx_model, "linen": linen_model, "equinox": equinox_model}
PATHS = {
    "nnx": r"data\.embed\.embedding",
    "linen": r"data\['params'\]\['layers_0'\]\['embedding'\]",
    "equinox": r"data\.layers\[0\]\.weight",
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("dtype", [None, "bfloat16"])
def test_a_table_is_logged_by_its_path(
    name: str, dtype: str | None, tmp_path: Path
) -> None:
    model, table = MODELS[name]()
    with tb_wordembed.SnapshotWriter(tmp_path) as log:
        for step in range(2):
            log.embedding("words", table(model), step, tokens=WORDS, dtype=dtype)
            model = jax.tree.map(lambda p: p + 1, model)
        log.embedding("part", table(model), 0, tokens=WORDS, rows=[1, 4])
    words = tb_wordembed.open(tmp_path).series(tag="words")
    assert words.tokens == WORDS
    np.testing.assert_allclose(words.table(1) - words.table(0), 1, atol=0.02)
    part = tb_wordembed.open(tmp_path).series(tag="part")
    assert part.tokens == ["word1", "word4"]
    assert np.array_equal(part.table(0), np.asarray(table(model))[[1, 4]])


@pytest.mark.parametrize("name", MODELS)
def test_the_paths_of_tables_in_a_model_are_named(name: str, tmp_path: Path) -> None:
    model, _ = MODELS[name]()
    path = rf"pass one: {PATHS[name]} of shape \[6, 3\], .*\[(1, 3|3, 1)\]"
    with tb_wordembed.SnapshotWriter(tmp_path) as log:  # noqa: SIM117 - what raises
        with pytest.raises(ValueError, match=path):
            log.embedding("words", model, 0)


@pytest.mark.parametrize("name", MODELS)
def test_a_table_inside_jit_is_refused_with_the_remedy(
    name: str, tmp_path: Path
) -> None:
    model, table = MODELS[name]()
    with tb_wordembed.SnapshotWriter(tmp_path) as log:
        step = jax.jit(lambda data: log.embedding("words", data, 0))
        with pytest.raises(
            ValueError, match=r"inside jax\.jit, .*jax\.debug\.callback"
        ):
            step(jax.numpy.asarray(table(model)))
