"""Flax, nnx: a classifier of short texts. Then: tensorboard --logdir runs."""

import jax.numpy as jnp
import optax
from flax import nnx

from tb_wordembed import SnapshotWriter

TEXTS = ["good fun", "great fun", "good story", "bad story", "dull plot", "awful plot"]
words = sorted({word for text in TEXTS for word in text.split()})
rows = jnp.array([[words.index(word) for word in text.split()] for text in TEXTS])


def loss(model: nnx.Module) -> jnp.ndarray:
    scores = model.score(model.embed(rows).mean(1)).squeeze(1)
    return optax.sigmoid_binary_cross_entropy(scores, jnp.arange(6) < 3).mean()


layers = nnx.Embed(len(words), 8, rngs=nnx.Rngs(0)), nnx.Linear(8, 1, rngs=nnx.Rngs(1))
model = nnx.Dict(embed=layers[0], score=layers[1])
optimizer = nnx.Optimizer(model, optax.adam(0.05), wrt=nnx.Param)
with SnapshotWriter("runs/embeddings") as log:
    for epoch in range(10):
        log.embedding("words", model.embed.embedding, step=epoch, tokens=words)
        optimizer.update(model, nnx.grad(loss)(model))
