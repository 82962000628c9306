# Logs the embedding of a Keras model at every epoch. Usage: Rscript keras.R LOGDIR
library(reticulate)

keras <- import("keras")  # With library(keras3), its own functions do the same.
EmbeddingCallback <- import("tb_wordembed.keras")$EmbeddingCallback

logdir <- commandArgs(trailingOnly = TRUE)[1]
words <- c("<pad>", paste0("word", 1:49))
counts <- table(sample(words, 5000, replace = TRUE))
x <- matrix(sample(0:49, 64 * 6, replace = TRUE), nrow = 64)
y <- sample(0:1, 64, replace = TRUE)
model <- keras$Sequential(list(
  keras$layers$Embedding(50L, 8L, name = "words"),
  keras$layers$GlobalAveragePooling1D(),
  keras$layers$Dense(1L, activation = "sigmoid")
))
model$compile(loss = "binary_crossentropy", optimizer = "adam")
model$fit(
  x, array(y), epochs = 3L, verbose = 0L,
  callbacks = list(EmbeddingCallback(
    logdir, tokens = words,
    # A named vector loses its names on the way to Python; a list keeps them.
    metadata = list(frequency = as.list(counts), class = rep(c("odd", "even"), 25))
  ))
)
