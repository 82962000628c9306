# Logs a matrix at every step, and reads the log back. Usage: Rscript matrix.R LOGDIR
tb_wordembed <- reticulate::import("tb_wordembed")

logdir <- commandArgs(trailingOnly = TRUE)[1]
words <- paste0("word", 1:50)
start <- matrix(rnorm(400), 50)
counts <- c(NA, 49:1)  # A missing count stays missing.

writer <- tb_wordembed$SnapshotWriter(file.path(logdir, "matrix"))
for (step in 0:2) {
  vectors <- start + step * matrix(rnorm(400), 50)
  writer$embedding("words", vectors, step, tokens = words,
                   metadata = list(frequency = counts))
}
writer$close()

series <- tb_wordembed$open(logdir)$series(run = "matrix")
drift <- series$drift(from_step = 0, to_step = 2)
moved <- order(drift, decreasing = TRUE)[1:5]
print(data.frame(word = series$tokens[moved], drift = drift[moved]))
print(series$neighbors("word1", step = 2, k = 5))
