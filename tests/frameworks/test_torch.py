"""Tables of real PyTorch models: found, and logged as the forward pass sees them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from standard_projector import Standard  # noqa: E402 - needs TensorBoard alone
from tensorboard.backend.event_processing.event_accumulator import (  # noqa: E402
    EventAccumulator,
)
from tensorboard.util.tensor_util import make_ndarray  # noqa: E402
from torch import nn  # noqa: E402 - nothing to test without it
from torch.nn.utils import parametrizations, parametrize, prune  # noqa: E402

import tb_wordembed  # noqa: E402
from tb_wordembed.torch import EmbeddingLogger  # noqa: E402
from tb_wordembed.torch.tables import find  # noqa: E402

ROWS, DIM = 12, 4
WORDS = [f"word{row}" for row in range(ROWS)]


class Model(nn.Module):  # type: ignore[misc]
    """A classifier of bags of words, with two tables and a name for one of them."""

    def __init__(self, *, sparse: bool = False) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.words = nn.Embedding(ROWS, DIM, sparse=sparse)
        self.same = self.words
        self.tied = nn.Embedding(ROWS, DIM)
        self.tied.weight = self.words.weight
        self.bags = nn.EmbeddingBag(5, DIM)
        self.head = nn.Linear(DIM, 2)

    def forward(self, x: Any) -> Any:
        hidden = self.words(x).mean(1) + self.bags(x % 5)
        return self.head(nn.functional.dropout(hidden, training=self.training))


def train(model: Any, after: Callable[[], None], epochs: int = 2) -> None:
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], 1.0)
    for _ in range(epochs):
        optimizer.zero_grad()
        model(torch.arange(ROWS).reshape(3, 4)).float().square().sum().backward()
        optimizer.step()
        after()


def log_of(folder: Path, run: str = "embeddings") -> Any:
    log = tb_wordembed.open(folder)
    return {tag: log.series(run, tag) for tag in log.tags(run)}


def as_is(model: Any) -> Any:
    return model


WRAPPERS: dict[str, Callable[[Any], Any]] = {
    "none": as_is,
    "DataParallel": nn.DataParallel,
    "compile": lambda model: torch.compile(model, backend="eager"),
    "averaged": torch.optim.swa_utils.AveragedModel,
    "both": lambda model: torch.compile(nn.DataParallel(model), backend="eager"),
    "bfloat16": lambda model: model.bfloat16(),
    "half": lambda model: model.half(),
    "sparse": lambda model: Model(sparse=True),
}


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_finds_each_table_once_by_its_name(tmp_path: Path, wrapper: str) -> None:
    model = WRAPPERS[wrapper](Model())
    kept = [model.state_dict()]
    with EmbeddingLogger(tmp_path, model, tokens=WORDS) as embeddings:
        kept = [current(model)]
        for _ in range(2):
            train(model, embeddings.step, epochs=1)
            kept.append(current(model))
    found = log_of(tmp_path)
    assert list(found) == ["bags", "words"]
    assert found["words"].tokens == WORDS
    for tag, series in found.items():
        assert series.steps == [0, 1, 2]
        for step, tables in zip(series.steps, kept, strict=True):
            np.testing.assert_array_equal(series.table(step), tables[tag])


def current(model: Any) -> dict[str, Any]:
    return {
        name.split(".")[-2]: one.detach().float().numpy().copy()
        for name, one in model.state_dict().items()
        if name.endswith(("words.weight", "bags.weight"))
    }


class Doubled(nn.Module):  # type: ignore[misc]
    def forward(self, x: Any) -> Any:
        return 2 * x


class Lora(nn.Embedding):  # type: ignore[misc]
    """An embedding with an adapter of its own, as in loralib."""

    def __init__(self) -> None:
        super().__init__(ROWS, DIM)
        self.lora_a = nn.Parameter(torch.ones(ROWS, 1))
        self.lora_b = nn.Parameter(torch.ones(1, DIM))

    def forward(self, x: Any) -> Any:
        return super().forward(x) + self.lora_a[x] @ self.lora_b


def parametrized(model: Model) -> Model:
    parametrize.register_parametrization(model.words, "weight", Doubled())
    return model


def spectral(model: Model) -> Model:
    parametrizations.spectral_norm(model.words)
    return model


def weight_norm(model: Model) -> Model:
    nn.utils.weight_norm(model.words)  # By a hook before the forward pass.
    return model


def pruned(model: Model) -> Model:
    prune.random_unstructured(model.words, "weight", 0.5)
    return model


def max_norm(model: Model) -> Model:
    model.words = model.same = nn.Embedding(ROWS, DIM, max_norm=0.5)
    return model


def own_lora(model: Model) -> Model:
    model.words = Lora()
    return model


def adapted(**arguments: Any) -> Callable[[Model], Any]:
    def adapt(model: Model) -> Any:
        peft = pytest.importorskip("peft")
        torch.manual_seed(1)
        return peft.get_peft_model(model, peft.LoraConfig(r=2, **arguments))

    return adapt


ADAPTED: dict[str, Callable[[Model], Any]] = {
    "parametrized": parametrized,
    "spectral norm": spectral,
    "weight norm": weight_norm,
    "pruned": pruned,
    "max norm": max_norm,
    "own lora": own_lora,
    "lora": adapted(target_modules=["words"], lora_dropout=0.5),
    "dora": adapted(target_modules=["words"], use_dora=True),
    "saved": adapted(target_modules=["head"], modules_to_save=["words"]),
    "trainable": adapted(
        target_modules=["head"], trainable_token_indices={"words": [0, 3]}
    ),
}


@pytest.mark.parametrize("adapter", ["max norm", "own lora", "lora"])
def test_a_table_that_is_computed_is_nobody_elses(adapter: str) -> None:
    model = ADAPTED[adapter](Model())
    found = next(one for one in find(model) if one.tag.endswith("words"))
    table, again = found.table(), found.table()
    assert not table.is_shared
    before = table.values.copy()
    with torch.no_grad():
        for weight in model.parameters():
            weight += 1
    np.testing.assert_array_equal(table.values, before)
    assert not np.shares_memory(table.values, again.values)


@pytest.mark.parametrize("adapter", ADAPTED)
def test_logs_what_the_forward_pass_looks_up(tmp_path: Path, adapter: str) -> None:
    model = Model()
    model = ADAPTED[adapter](model)
    with EmbeddingLogger(tmp_path, model) as embeddings:
        train(model, embeddings.step)
    model.eval()
    module = next(one for name, one in model.named_modules() if name.endswith("words"))
    series = log_of(tmp_path)["words"]
    looked_up = module(torch.arange(ROWS)).detach().numpy()
    np.testing.assert_allclose(series.table(2), looked_up, rtol=1e-6)
    assert np.nanmax(series.drift(0, 2)) > 0  # A row may be pruned.


@pytest.mark.parametrize(
    "adapter",
    ["parametrized", "spectral norm", "weight norm", "pruned", "max norm", "own lora"],
)
def test_training_is_the_same_with_and_without(tmp_path: Path, adapter: str) -> None:
    ends = []
    for is_logged in (True, False):
        model = ADAPTED[adapter](Model())
        logger = EmbeddingLogger(tmp_path, model) if is_logged else None
        torch.manual_seed(2)
        train(model, logger.step if logger else lambda: None)
        ends.append(model.state_dict())
    for name, tensor in ends[0].items():
        assert torch.equal(tensor, ends[1][name]), name


def test_adapters_may_come_after_the_logger(tmp_path: Path) -> None:
    model = Model()
    with EmbeddingLogger(tmp_path, model) as embeddings:
        model.words = own_lora(Model()).words
        train(model, embeddings.step, epochs=1)
    looked_up = model.words(torch.arange(ROWS)).detach().numpy()
    np.testing.assert_allclose(log_of(tmp_path)["words"].table(1), looked_up, rtol=1e-6)


def test_runs_steps_and_resumed_trainings(tmp_path: Path) -> None:
    for _ in range(2):
        with EmbeddingLogger(tmp_path, Model(), every=2) as embeddings:
            for _ in range(3):
                embeddings.step()
    model = Model()
    with EmbeddingLogger(tmp_path, model, every=100, first_step=3) as embeddings:
        for step in (50, 99, 100, 150, 230):
            train(model, lambda: None, epochs=1)
            embeddings.step(step)
    assert tb_wordembed.open(tmp_path).runs == ["embeddings", "embeddings-2"]
    assert log_of(tmp_path)["words"].steps == [0, 2, 3]
    assert log_of(tmp_path, "embeddings-2")["words"].steps == [0, 2, 3, 100, 230]


@pytest.mark.parametrize("package", ["torch.utils.tensorboard", "tensorboardX"])
def test_a_summary_writer_keeps_its_scalars(tmp_path: Path, package: str) -> None:
    writer = pytest.importorskip(package).SummaryWriter(str(tmp_path / "run"))
    model = Model()
    with EmbeddingLogger(writer, model) as embeddings:
        reader = EventAccumulator(str(tmp_path / "run"))
        for step in range(1, 4):
            writer.add_scalar("loss", step, step)
            writer.flush()
            embeddings.step()
            reader.Reload()
    writer.close()
    reader.Reload()
    assert [one.step for one in reader.Scalars("loss")] == [1, 2, 3]
    assert log_of(tmp_path, "run/embeddings")["words"].steps == [0, 1, 2, 3]
    with pytest.raises(ValueError, match=r"run='' is the directory of the Summ"):
        EmbeddingLogger(writer, model, run="")


def test_add_embedding_has_the_order_of_the_summary_writer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    labels = [[word, str(row)] for row, word in enumerate(WORDS)]
    with EmbeddingLogger(tmp_path) as embeddings:
        for step in (5, 10):
            embeddings.add_embedding(torch.full((ROWS, DIM), step), WORDS, None, step)
        embeddings.add_embedding(
            torch.ones(ROWS, DIM), labels, tag="two", metadata_header=["word", "class"]
        )
        embeddings.add_embedding(torch.ones(ROWS, DIM), ["one"], tag="unfit")
        embeddings.add_embedding(
            torch.ones(ROWS, DIM), labels, tag="uneven", metadata_header=["word"]
        )
    assert "metadata has 2 values in row 0, and metadata_header has 1" in caplog.text
    found = log_of(tmp_path)
    assert {tag: one.steps for tag, one in found.items()} == {
        "default": [5, 10],
        "two": [0],
    }
    assert found["default"].tokens == found["two"].tokens == WORDS
    assert list(found["two"].metadata["class"]) == [str(row) for row in range(ROWS)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model": 3}, r"model=int: expected a torch\.nn\.Module"),
        ({"model": nn.Linear(2, 2)}, "has no nn.Embedding"),
        ({"log_dir": 3}, r"log_dir=3: expected a directory or a SummaryWriter"),
        ({"tokens": ["a"]}, r"tokens has 1 entries, but the model has the Embedding"),
        ({"tokens": {"nouns": WORDS}}, "there is no layer 'nouns'; the model has the"),
        (
            {"modules": "nouns"},
            "there is no module 'nouns'; the embeddings are 'words'",
        ),
        ({"modules": []}, r"modules=\[\] names no module"),
        ({"modules": {"head": 3}}, r"modules: 'head' goes to 3; expected a function"),
        (
            {"modules": {"head": lambda model: model.no}},
            "'head' returns no table: Attr",
        ),
        (
            {"modules": {"head": lambda model: 3}},
            "function for 'head' returns no table",
        ),
        ({"rows": [ROWS]}, "there is no row 12; the table has rows 0 to 11"),
        ({"every": 0}, "every is 0; expected 1 or more"),
        ({"dtype": "int8"}, "dtype='int8'"),
        ({"run": "../other"}, "run='../other'"),
        ({"first_step": 0.5}, "step=0.5: a step is a whole number"),
    ],
)
def test_wrong_arguments_are_errors_at_once(
    tmp_path: Path, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        EmbeddingLogger(**{"log_dir": tmp_path, "model": Model(), **arguments})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("modules", "tags"),
    [
        ("words", ["words"]),
        (["bags", "head"], ["bags", "head"]),
        ({"out": lambda model: model.head.weight}, ["out"]),
    ],
)
def test_modules_may_be_chosen(tmp_path: Path, modules: Any, tags: list[str]) -> None:
    model = Model()
    with EmbeddingLogger(tmp_path, model, modules=modules) as embeddings:
        train(model, embeddings.step)
    assert list(log_of(tmp_path)) == tags
    assert all(one.drift(0, 2).max() > 0 for one in log_of(tmp_path).values())


def test_tokens_go_to_a_table_that_only_sounds_like_positions(tmp_path: Path) -> None:
    names = "composition", "position_embeddings", "wpe"
    model = nn.ModuleDict({name: nn.Embedding(ROWS, DIM) for name in names})
    EmbeddingLogger(tmp_path, model, tokens=WORDS).close()
    found = {tag: one.tokens == WORDS for tag, one in log_of(tmp_path).items()}
    assert found == {"composition": True, "position_embeddings": False, "wpe": False}


def test_rows_may_be_chosen(tmp_path: Path) -> None:
    model = Model()
    counts = {"frequency": [ROWS - abs(row - 5) for row in range(ROWS)]}
    rows = {"words": "top:3", "bags": slice(1, 3)}
    arguments: Any = {"tokens": {"words": WORDS}, "metadata": {"words": counts}}
    with EmbeddingLogger(tmp_path, model, rows=rows, **arguments) as embeddings:
        train(model, embeddings.step)
    found, right = log_of(tmp_path), current(model)
    assert found["words"].tokens == ["word4", "word5", "word6"]
    assert found["words"].full_vocab_size == ROWS
    np.testing.assert_array_equal(found["words"].table(2), right["words"][4:7])
    np.testing.assert_array_equal(found["bags"].table(2), right["bags"][1:3])


@pytest.mark.parametrize("scalars", [True, False])
def test_curves_of_health_are_scalars(tmp_path: Path, scalars: bool) -> None:
    model = Model()
    norms = [model.words.weight.detach().norm(dim=1).mean().item()]
    with EmbeddingLogger(tmp_path, model, scalars=scalars) as logger:

        def after() -> None:
            norms.append(model.words.weight.detach().norm(dim=1).mean().item())
            logger.step()

        train(model, after)
    reader = EventAccumulator(str(tmp_path / "embeddings")).Reload()
    tags = {one for one in reader.Tags()["tensors"] if one.startswith("wordembed/")}
    assert len(tags) == (8 if scalars else 0)  # Four of each of two tables.
    if scalars:
        logged = reader.Tensors("wordembed/words/mean_norm")
        assert [one.step for one in logged] == [0, 1, 2]
        values = [make_ndarray(one.tensor_proto).item() for one in logged]
        assert values == pytest.approx(norms, rel=1e-5)


def test_padding_is_a_row_that_must_not_move(tmp_path: Path) -> None:
    model = Model()
    model.words = model.same = nn.Embedding(ROWS, DIM, padding_idx=-2)
    with EmbeddingLogger(tmp_path, model, modules="words") as embeddings:
        train(model, embeddings.step)
        model.words.weight.data[ROWS - 2] += 1
        embeddings.step()
    (warned,) = log_of(tmp_path)["words"].findings()
    assert warned.rows == [ROWS - 2]


def test_a_step_that_no_log_holds_is_left_out(tmp_path: Path) -> None:
    with EmbeddingLogger(tmp_path, Model()) as embeddings:
        for step in (1, 2**70, None):
            embeddings.step(step)
    assert log_of(tmp_path)["words"].steps == [0, 1, 2]


def test_a_table_that_has_grown_is_in_the_projector(tmp_path: Path) -> None:
    model = nn.ModuleDict({"words": nn.Embedding(ROWS, DIM)})
    with EmbeddingLogger(tmp_path, model, tokens=WORDS) as embeddings:
        model["words"] = nn.Embedding(ROWS + 1, DIM)
        embeddings.step()
    standard = Standard(tmp_path, "embeddings")
    shown = standard.tensor("embeddings", "words (step 1)")
    np.testing.assert_allclose(shown, model["words"].weight.detach(), rtol=1e-5)


def test_no_error_ends_the_training(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = Model()
    with EmbeddingLogger(tmp_path, model) as embeddings:
        embeddings.step(0)
        embeddings.step("one")  # type: ignore[arg-type]
        del model.bags
        embeddings.step()
    assert log_of(tmp_path)["words"].steps == [0, 1]
    said = "\n".join(one.getMessage() for one in caplog.records)
    assert "step(0): expected a number of completed steps above 0" in said
    assert "'bags' at step 1 could not be written" in said


def test_tells_what_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        EmbeddingLogger(tmp_path, Model()).close()
    (said,) = (one.getMessage() for one in caplog.records)
    assert said == (
        f"EmbeddingLogger logs 'words' (12 x 4), 'bags' (5 x 4) to "
        f"{tmp_path / 'embeddings'}, from step 0 on"
    )


def test_a_finding_says_that_the_training_should_stop(tmp_path: Path) -> None:
    model = nn.Embedding(ROWS, DIM)
    with EmbeddingLogger(tmp_path, model, on_finding="stop") as embeddings:
        said = [embeddings.should_stop]
        for step in range(3):
            with torch.no_grad():
                model.weight += 0.01
                if step == 1:
                    model.weight[2] = torch.nan
            embeddings.step()
            said.append(embeddings.should_stop)
    assert said == [False, False, True, True]
