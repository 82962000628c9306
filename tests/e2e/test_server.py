"""A real TensorBoard process, asked over HTTP."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from e2e.browser import tensorboard

import tb_wordembed

READERS = pytest.mark.parametrize(
    "options", [(), ("--load_fast=false",)], ids=["data_server", "python_reader"]
)


def get(address: str, path: str) -> Any:
    with urllib.request.urlopen(f"{address}data/{path}", timeout=30) as response:
        return json.load(response)


def answered(address: str, path: str) -> Any:
    """The answer once its job is done."""
    for _ in range(100):
        found = get(address, path)
        if found["job"]["state"] not in ("queued", "running"):
            break
        time.sleep(0.2)
    return found


@READERS
def test_all_of_300_steps_are_there_with_no_flag_given(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    rng = np.random.default_rng(0)
    with tb_wordembed.SnapshotWriter(tmp_path / "embeddings") as writer:
        for step in range(300):
            table = rng.normal(size=(20, 4)).astype(np.float32)
            writer.embedding("words", table, step)
    with tensorboard(tmp_path, *options) as address:
        (series,) = get(address, "plugin/wordembed/index")["series"]
        assert series["steps"] == list(range(300))
        assert get(address, "plugins_listing")["wordembed"]["enabled"]
        health = answered(address, "plugin/wordembed/health?run=embeddings&tag=words")
        assert len(health["effective_rank"]) == 300


@READERS
def test_an_empty_log_leaves_the_tab_inactive(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    with tensorboard(tmp_path, *options) as address:
        assert not get(address, "plugins_listing")["wordembed"]["enabled"]
        assert get(address, "plugin/wordembed/index")["series"] == []
