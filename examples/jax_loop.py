"""JAX, and whatever has arrays. Then: tensorboard --logdir runs."""

import jax
import jax.numpy as jnp

from tb_wordembed import SnapshotWriter

TEXTS = ["good fun", "great fun", "good story", "bad story", "dull plot", "awful plot"]
RATINGS = jnp.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
words = sorted({word for text in TEXTS for word in text.split()})
rows = jnp.array([[words.index(word) for word in text.split()] for text in TEXTS])


def loss(params: dict) -> jax.Array:
    scores = params["table"][rows].mean(1) @ params["weights"]
    return jnp.mean(jnp.logaddexp(0, scores) - RATINGS * scores)


keys = jax.random.split(jax.random.key(0))
params = {"table": jax.random.normal(keys[0], (len(words), 8))}
params["weights"] = jax.random.normal(keys[1], (8,))
with SnapshotWriter("runs/embeddings") as log:
    for epoch in range(10):
        log.embedding("words", params["table"], step=epoch, tokens=words)
        params = jax.tree.map(lambda p, g: p - g, params, jax.grad(loss)(params))
