"""sentence-transformers: a StaticEmbedding. Then: tensorboard --logdir out/runs."""

from datasets import Dataset
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer
from sentence_transformers import SentenceTransformerTrainingArguments as Arguments
from sentence_transformers.losses import MultipleNegativesRankingLoss
from sentence_transformers.models import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

from tb_wordembed.transformers import EmbeddingCallback

TEXTS = {"a": ["good fun", "bad story", "dull"], "b": ["fun", "bad plot", "dull plot"]}
words = sorted({word for text in TEXTS["a"] + TEXTS["b"] for word in text.split()})
tokenizer = Tokenizer(models.WordLevel({word: row for row, word in enumerate(words)}))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)])
trainer = SentenceTransformerTrainer(
    model,
    Arguments("out", num_train_epochs=3, report_to=[], use_cpu=True),
    Dataset.from_dict(TEXTS),
    loss=MultipleNegativesRankingLoss(model),
    callbacks=[EmbeddingCallback(tokens=tokenizer)],
)
trainer.train()
