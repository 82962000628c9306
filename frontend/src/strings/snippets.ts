/** Holds the code examples that an empty log shows. */

/** The examples, by framework. */
export const SNIPPETS: readonly { name: string; code: string }[] = [
  {
    name: "Keras",
    code: `from tb_wordembed.keras import EmbeddingCallback

model.fit(x, y, epochs=5, callbacks=[EmbeddingCallback("runs", tokens=words)])`,
  },
  {
    name: "TensorFlow, custom loop",
    code: `import tb_wordembed.summary

with tf.summary.create_file_writer("runs/embeddings").as_default():
    ...
    tb_wordembed.summary.embedding("words", layer.embeddings, step=epoch, tokens=words)`,
  },
  {
    name: "PyTorch, JAX, anything else",
    code: `from tb_wordembed import SnapshotWriter

with SnapshotWriter("runs/embeddings") as writer:
    ...
    writer.embedding("words", model.embedding.weight, step=epoch, tokens=words)`,
  },
];
