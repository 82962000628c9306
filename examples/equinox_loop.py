"""Equinox: a classifier of short texts. Then: tensorboard --logdir runs."""

import equinox as eqx
import jax

from tb_wordembed import SnapshotWriter

TEXTS = ["good fun", "great fun", "good story", "bad story", "dull plot", "awful plot"]
words = sorted({word for text in TEXTS for word in text.split()})
rows = jax.numpy.array([[words.index(word) for word in text.split()] for text in TEXTS])


class Classifier(eqx.Module):
    embed: eqx.nn.Embedding

    def likelihood(self) -> jax.Array:
        signs = jax.numpy.array([1, 1, 1, -1, -1, -1])
        return jax.nn.log_sigmoid(self.embed.weight[rows].sum((1, 2)) * signs).mean()


model = Classifier(eqx.nn.Embedding(len(words), 8, key=jax.random.key(0)))
with SnapshotWriter("runs/embeddings") as log:
    for epoch in range(10):
        log.embedding("words", model.embed.weight, step=epoch, tokens=words)
        model = eqx.apply_updates(model, eqx.filter_grad(Classifier.likelihood)(model))
