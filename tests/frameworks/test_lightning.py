"""The callback in real trainings with Lightning."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch")
lightning = pytest.importorskip("lightning")

from tokenizers import Tokenizer, models  # noqa: E402 - nothing to test without it

import tb_wordembed  # noqa: E402
from tb_wordembed.lightning import EmbeddingCallback  # noqa: E402
from tb_wordembed.torch import EmbeddingLogger  # noqa: E402

WORDS = [f"word{row}" for row in range(8)]


class Module(lightning.LightningModule):  # type: ignore[misc, name-defined]
    """Five batches an epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.words = torch.nn.Embedding(8, 3)

    def training_step(self, batch: Any, _: int) -> Any:
        return self.words(batch).square().sum()

    def configure_optimizers(self) -> Any:
        return torch.optim.SGD(self.parameters(), 0.1)


def fit(folder: Path, callback: Any, epochs: int = 3, **more: Any) -> Any:
    checkpoint = more.pop("checkpoint", None)
    callbacks = [callback, *more.pop("callbacks", [])]
    module = more.pop("module", None) or Module()
    trainer = lightning.Trainer(
        default_root_dir=folder,
        max_epochs=epochs,
        accelerator="cpu",
        callbacks=callbacks,
        enable_progress_bar=False,
        enable_model_summary=False,
        **more,
    )
    data = torch.utils.data.DataLoader(torch.arange(20) % 8, 4)
    trainer.fit(module, data, ckpt_path=checkpoint)
    return trainer


@pytest.mark.parametrize(
    ("arguments", "more", "steps"),
    [
        ({}, {}, [0, 5, 10, 15]),
        ({"every_n_epochs": 2}, {}, [0, 10, 15]),
        ({"every_n_train_steps": 4}, {}, [0, 4, 8, 12, 15]),
        ({}, {"accumulate_grad_batches": 5}, [0, 1, 2, 3]),
        (
            {"every_n_train_steps": 2},
            {"accumulate_grad_batches": 2},
            [0, 2, 4, 6, 8, 9],
        ),
    ],
)
def test_steps_are_the_trainers(
    tmp_path: Path, arguments: Any, more: Any, steps: list[int]
) -> None:
    fit(tmp_path, EmbeddingCallback(tokens=WORDS, **arguments), logger=False, **more)
    words = tb_wordembed.open(tmp_path).series("embeddings", "words")
    assert (words.steps, words.tokens) == (steps, WORDS)
    assert words.drift(0, steps[-1]).max() >= 0


def test_the_log_lies_beside_that_of_the_trainers_logger(tmp_path: Path) -> None:
    from lightning.pytorch.loggers import TensorBoardLogger

    callback = EmbeddingCallback()
    first = fit(tmp_path, callback, 2, logger=TensorBoardLogger(tmp_path, "logs"))
    more = {"logger": TensorBoardLogger(tmp_path, "logs", version=0)}
    first.save_checkpoint(tmp_path / "last.ckpt")
    fit(tmp_path, callback, 3, checkpoint=tmp_path / "last.ckpt", **more)
    fit(tmp_path, EmbeddingCallback(), 1, **more)
    log = tb_wordembed.open(tmp_path / "logs")
    assert log.runs == ["version_0/embeddings", "version_0/embeddings-2"]
    assert log.series("version_0/embeddings", "words").steps == [0, 5, 10, 15]


def test_tokens_are_those_of_the_modules_tokenizer(tmp_path: Path) -> None:
    module = Module()
    module.tokenizer = Tokenizer(
        models.WordLevel({word: row for row, word in enumerate(WORDS)})
    )
    fit(tmp_path, EmbeddingCallback(rows=slice(4)), 1, module=module, logger=False)
    series = tb_wordembed.open(tmp_path).series()
    assert (series.tokens, series.full_vocab_size) == (WORDS[:4], 8)


def test_a_tokenizer_of_another_kind_ends_no_training(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Own(Module):
        tokenizer = SimpleNamespace(get_vocab=lambda: 1 / 0)

        def get_input_embeddings(self, rows: Any) -> Any:
            return self.words(rows)

    fit(tmp_path, EmbeddingCallback(), 1, module=Own(), logger=False)
    assert tb_wordembed.open(tmp_path).series().tokens[0] == "#0"
    assert "the trainer's tokenizer labels no row: division by zero" in caplog.text


def test_help_names_each_argument(tmp_path: Path) -> None:
    own = inspect.signature(EmbeddingCallback).parameters
    logger = inspect.signature(EmbeddingLogger).parameters
    assert [*own][:3] == ["log_dir", "every_n_epochs", "every_n_train_steps"]
    assert set(own) >= set(logger) - {"model", "every", "first_step", "rank"}
    shared = set(own) & set(logger) - {"log_dir"}
    assert all(own[name] == logger[name] for name in shared)
    with pytest.raises(TypeError, match="unexpected keyword argument 'token'"):
        EmbeddingCallback(token=WORDS)  # type: ignore[call-arg]


def test_nothing_is_logged_in_a_fast_dev_run(tmp_path: Path) -> None:
    fit(tmp_path, EmbeddingCallback(), fast_dev_run=True)
    assert not list(tmp_path.rglob("events*"))


def test_wrong_arguments_are_errors_before_training(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="every_n_epochs is 0"):
        EmbeddingCallback(every_n_epochs=0)
    with pytest.raises(ValueError, match="tokens has 1 entries"):
        fit(tmp_path, EmbeddingCallback(tokens=["one"]))


def test_a_finding_stops_the_training(tmp_path: Path) -> None:
    class Spoiling(lightning.Callback):  # type: ignore[misc, name-defined]
        def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
            if trainer.current_epoch == 1:
                with torch.no_grad():
                    pl_module.words.weight[3] = torch.nan

    callback = EmbeddingCallback(tmp_path, on_finding="stop")
    trainer = fit(tmp_path, Spoiling(), epochs=6, callbacks=[callback])
    assert trainer.current_epoch == 2
    assert tb_wordembed.open(tmp_path).series().steps == [0, 5, 10]
