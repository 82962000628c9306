"""Hugging Face: a callback for Trainer. Then: tensorboard --logdir out/runs."""

from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForSequenceClassification as Classifier
from transformers import BertConfig, PreTrainedTokenizerFast, Trainer, TrainingArguments

from tb_wordembed.transformers import EmbeddingCallback

TEXTS = ["good fun", "great fun", "good story", "bad story", "dull plot", "awful plot"]
words = ["[PAD]", *sorted({word for text in TEXTS for word in text.split()})]
plain = Tokenizer(models.WordLevel({word: row for row, word in enumerate(words)}))
plain.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer = PreTrainedTokenizerFast(tokenizer_object=plain, pad_token="[PAD]")
rows = [{**tokenizer(text), "labels": i // 3} for i, text in enumerate(TEXTS)]

sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
trainer = Trainer(
    Classifier.from_config(BertConfig(vocab_size=len(words), **sizes)),
    TrainingArguments("out", num_train_epochs=3, report_to=[], use_cpu=True),
    train_dataset=rows,
    processing_class=tokenizer,
    callbacks=[EmbeddingCallback()],
)
trainer.train()
