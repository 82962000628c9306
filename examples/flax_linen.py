"""Flax, linen: a classifier of short texts. Then: tensorboard --logdir runs."""

import jax
import jax.numpy as jnp
from flax import linen

from tb_wordembed import SnapshotWriter

TEXTS = ["good fun", "great fun", "good story", "bad story", "dull plot", "awful plot"]
words = sorted({word for text in TEXTS for word in text.split()})
rows = jnp.array([[words.index(word) for word in text.split()] for text in TEXTS])
model = linen.Sequential([linen.Embed(len(words), 8), linen.Dense(1)])


def loss(params: dict) -> jax.Array:
    scores = model.apply(params, rows).mean((1, 2))
    return jnp.logaddexp(0, jnp.where(jnp.arange(6) < 3, -scores, scores)).mean()


params = model.init(jax.random.key(0), rows)
with SnapshotWriter("runs/embeddings") as log:
    for epoch in range(10):
        table = params["params"]["layers_0"]["embedding"]
        log.embedding("words", table, step=epoch, tokens=words)
        params = jax.tree.map(lambda p, g: p - g, params, jax.grad(loss)(params))
