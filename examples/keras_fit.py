"""Keras: a classifier of short texts. Then: tensorboard --logdir runs."""

import keras
import tensorflow as tf

from tb_wordembed.keras import EmbeddingCallback

TEXTS = ["good fun", "great fun", "good story", "bad story", "dull plot", "awful plot"]
RATINGS = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]

words = keras.layers.TextVectorization()
words.adapt(TEXTS)
model = keras.Sequential(
    [
        words,
        keras.layers.Embedding(words.vocabulary_size(), 8, name="words"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile("adam", "binary_crossentropy")
# The tokens are those of the TextVectorization layer.
callbacks = [keras.callbacks.TensorBoard("runs"), EmbeddingCallback("runs")]
model.fit(tf.constant(TEXTS), tf.constant(RATINGS), epochs=5, callbacks=callbacks)
