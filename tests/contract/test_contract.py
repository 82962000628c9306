"""The wire contract: its binary layout, and what is generated from it."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from tb_wordembed.contract import ROUTES
from tb_wordembed.server import frames

ROOT = Path(__file__).resolve().parents[2]
DTYPES = [np.float64, np.float32, np.int64, np.int32, np.uint32, np.uint8]

arrays_strategy = st.dictionaries(
    st.text("abc_", min_size=1, max_size=4),
    st.sampled_from(DTYPES).flatmap(
        lambda dtype: st_numpy.arrays(dtype, st_numpy.array_shapes(max_dims=3))
    ),
    max_size=4,
)


@given(arrays_strategy)
def test_safetensors_reads_the_same_arrays(arrays: dict[str, Any]) -> None:
    read = safetensors.numpy.load(frames.encode({}, arrays))
    assert read.keys() == arrays.keys()
    for name, array in arrays.items():
        assert read[name].dtype == array.dtype
        np.testing.assert_array_equal(read[name], array)


@given(arrays_strategy)
def test_every_array_starts_at_a_multiple_of_its_item_size(
    arrays: dict[str, Any],
) -> None:
    frame = frames.encode({"step": 3}, arrays)
    (length,) = struct.unpack_from("<Q", frame)
    header = json.loads(frame[8 : 8 + length])
    for name, array in arrays.items():
        start, end = header[name]["data_offsets"]
        assert (8 + length + start) % array.dtype.itemsize == 0
        assert end - start == array.nbytes


def test_the_other_fields_are_json_in_the_header() -> None:
    fields = {"step": 2, "token": 'é "<img>"', "ratio": [0.5, None]}
    frame = frames.encode(fields, {"values": np.zeros(3, np.float32)})
    (length,) = struct.unpack_from("<Q", frame)
    header = json.loads(frame[8 : 8 + length])
    assert json.loads(header["__metadata__"]["response"]) == fields


def test_a_non_finite_json_field_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        frames.encode({"ratio": float("nan")}, {})


@pytest.mark.parametrize("dtype", ["complex64", "int16", ">f4"])
def test_a_dtype_outside_the_contract_is_refused(dtype: str) -> None:
    with pytest.raises(KeyError):
        frames.encode({}, {"values": np.zeros(1, dtype)})


def test_route_names_are_unique() -> None:
    names = [route.name for route in ROUTES]
    assert len(set(names)) == len(names)


def test_what_is_generated_is_up_to_date() -> None:
    if not (ROOT / "frontend" / "node_modules").is_dir():
        pytest.skip("needs `npm ci` in frontend/")
    done = generate("--check", cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stale_file_is_named(tmp_path: Path) -> None:
    node_modules = ROOT / "frontend" / "node_modules"
    if not node_modules.is_dir():
        pytest.skip("needs `npm ci` in frontend/")
    for name in ("scripts", "tb_wordembed", "docs", "frontend/dev", "frontend/src/api"):
        shutil.copytree(
            ROOT / name,
            tmp_path / name,
            ignore=shutil.ignore_patterns("__pycache__", "static"),
        )
    (tmp_path / "frontend" / "node_modules").symlink_to(node_modules)
    stale = tmp_path / "docs" / "http_api.md"
    stale.write_text("old", encoding="utf-8")
    done = generate("--check", cwd=tmp_path)
    assert (done.returncode, stale.read_text(encoding="utf-8")) == (1, "old")
    assert done.stdout.splitlines() == [
        "docs/http_api.md is out of date; run scripts/generate"
    ]


def generate(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the copy of scripts/generate that is below ``cwd``."""
    return subprocess.run(
        [sys.executable, str(cwd / "scripts" / "generate"), *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        text=True,
    )
