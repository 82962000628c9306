# Trains a classifier of movie reviews, and logs its 2,000 words at every epoch.
# Usage: Rscript reviews.R LOGDIR
library(reticulate)
keras <- import("keras")  # With library(keras3), its own functions do the same.
EmbeddingCallback <- import("tb_wordembed.keras")$EmbeddingCallback
reviews <- import("tb_wordembed.demo.dataset")$load_reviews(vocab_size = 2001L)

logdir <- commandArgs(trailingOnly = TRUE)[1]
model <- keras$Sequential(list(
  keras$layers$Embedding(2001L, 128L, name = "words"),
  keras$layers$Conv1D(32L, 7L, activation = "relu"),
  keras$layers$MaxPooling1D(5L),
  keras$layers$Conv1D(32L, 7L, activation = "relu"),
  keras$layers$GlobalMaxPooling1D(), keras$layers$Dense(1L, activation = "sigmoid")
))
model$compile(loss = "binary_crossentropy", optimizer = "rmsprop")
model$fit(
  reviews$texts[1:2000, ], reviews$labels[1:2000], epochs = 5L, verbose = 0L,
  callbacks = list(EmbeddingCallback(logdir, run = "reviews", tokens = reviews$tokens))
)

series <- import("tb_wordembed")$open(logdir)$series(run = "reviews")
drift <- series$drift(from_step = 0, to_step = 5)
moved <- order(drift, decreasing = TRUE)[1:10]
print(data.frame(word = series$tokens[moved], drift = drift[moved]))
