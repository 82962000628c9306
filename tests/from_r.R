# A training as users of R write it: whole numbers are floats there, and texts vectors.
library(reticulate)

keras <- import("keras")
callbacks <- import("tb_wordembed.keras")
tb_wordembed <- import("tb_wordembed")

logdir <- commandArgs(trailingOnly = TRUE)[1]
words <- c("<pad>", paste0("word", 1:49))
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
  callbacks = list(callbacks$EmbeddingCallback(
    logdir,
    tokens = words,
    metadata = list(frequency = 50:1, class = rep(c("odd", "even"), 25)),
    freq = 1
  ))
)

# What was logged, read back.
series <- tb_wordembed$open(logdir)$series()
stopifnot(
  identical(as.numeric(series$steps), c(0, 1, 2, 3)),
  identical(as.character(series$tokens), words),
  identical(dim(series$table(step = 3)), c(50L, 8L)),
  length(series$drift(from_step = 0, to_step = 3)) == 50,
  length(series$neighbors("word1", step = 3, k = 5)) == 5,
  identical(series$metadata$class[[2]], "even")
)

# Any matrix, without Keras.
writer <- tb_wordembed$SnapshotWriter(file.path(logdir, "by hand"))
for (step in 0:2) {
  writer$embedding("matrix", matrix(rnorm(200), 50) * step, step, tokens = words)
}
writer$close()
