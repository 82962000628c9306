"""The callback in real trainings with the Trainer of transformers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("accelerate")

import transformers  # noqa: E402 - nothing to test without torch
from tokenizers import Tokenizer, models  # noqa: E402

import tb_wordembed  # noqa: E402
from tb_wordembed.transformers import EmbeddingCallback  # noqa: E402

WORDS = ["[PAD]", "good", "bad", "film", "story"]
NAME = "bert.embeddings.word_embeddings"


def tokenizer_from(row: int) -> Any:
    """A tokenizer with a row for each word, from some row on."""
    rows = {word: row + i for i, word in enumerate(WORDS)}
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel(rows)), pad_token="[PAD]"
    )


def fit(folder: Path, callback: Any, tokenizer: Any = None, **more: Any) -> None:
    """Three epochs of two steps."""
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=5,
    )
    trainer = transformers.Trainer(
        transformers.BertForSequenceClassification(config),
        transformers.TrainingArguments(
            str(folder),
            num_train_epochs=3,
            per_device_train_batch_size=4,
            report_to=[],
            use_cpu=True,
            save_strategy="epoch",
            disable_tqdm=True,
        ),
        train_dataset=[
            {"input_ids": [1 + i % 4, 3], "labels": i % 2} for i in range(8)
        ],
        processing_class=tokenizer or tokenizer_from(row=0),
        callbacks=[callback],
    )
    trainer.train(**more)


@pytest.mark.parametrize(
    ("arguments", "steps"),
    [({}, [0, 2, 4, 6]), ({"every": 4}, [0, 4, 6]), ({"every": 1}, list(range(7)))],
)
def test_steps_and_tokens_are_the_trainers(
    tmp_path: Path, arguments: Any, steps: list[int]
) -> None:
    fit(tmp_path, EmbeddingCallback(**arguments))
    log = tb_wordembed.open(tmp_path / "runs")
    words = log.series("embeddings", NAME)
    assert (words.steps, words.tokens) == (steps, WORDS)
    assert np.nanmax(words.drift(0, 6)) > 0  # Padding has no direction.
    positions = log.series("embeddings", "bert.embeddings.position_embeddings")
    assert positions.tokens[0] == "#0"  # As many rows, and no tokens.


def test_a_training_that_is_resumed_goes_on_in_its_run(tmp_path: Path) -> None:
    fit(tmp_path, EmbeddingCallback(tmp_path / "logs"))
    fit(
        tmp_path,
        EmbeddingCallback(tmp_path / "logs"),
        resume_from_checkpoint=str(tmp_path / "checkpoint-4"),
    )
    log = tb_wordembed.open(tmp_path / "logs")
    assert log.runs == ["embeddings"]
    assert log.series("embeddings", NAME).steps == [0, 2, 4, 6]


def test_a_tokenizer_that_does_not_fit_ends_no_training(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fit(tmp_path, EmbeddingCallback(), tokenizer_from(row=100))
    words = tb_wordembed.open(tmp_path / "runs").series("embeddings", NAME)
    assert words.tokens[1] == "#1"
    assert "the trainer's tokenizer labels no row" in caplog.text


def test_a_finding_stops_the_training(tmp_path: Path) -> None:
    class Spoiling(EmbeddingCallback):
        def on_epoch_end(self, args: Any, state: Any, control: Any, **of: Any) -> None:
            if state.global_step == 4:
                with torch.no_grad():
                    of["model"].get_input_embeddings().weight[2] = torch.nan
            super().on_epoch_end(args, state, control, **of)

    fit(tmp_path, Spoiling(tmp_path, on_finding="stop"))
    assert tb_wordembed.open(tmp_path).series("embeddings", NAME).steps == [0, 2, 4]
