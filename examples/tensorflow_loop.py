"""TensorFlow: a loop of one's own. Then: tensorboard --logdir runs."""

import tensorflow as tf

import tb_wordembed.summary

TEXTS = ["good fun", "great fun", "good story", "bad story", "dull plot", "awful plot"]
RATINGS = tf.constant([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
words = sorted({word for text in TEXTS for word in text.split()})
rows = tf.constant([[words.index(word) for word in text.split()] for text in TEXTS])

table = tf.Variable(tf.random.normal([len(words), 8]))
weights = tf.Variable(tf.random.normal([8, 1]))
with tf.summary.create_file_writer("runs/embeddings").as_default():
    for epoch in range(10):
        tb_wordembed.summary.embedding("words", table, step=epoch, tokens=words)
        with tf.GradientTape() as tape:
            means = tf.reduce_mean(tf.gather(table, rows), 1)
            scores = tf.squeeze(means @ weights, 1)
            loss = tf.nn.sigmoid_cross_entropy_with_logits(RATINGS, scores)
        gradients = tape.gradient(loss, [table, weights])
        table.assign_sub(tf.convert_to_tensor(gradients[0]))
        weights.assign_sub(gradients[1])
