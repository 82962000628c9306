"""The small log behind the golden responses, and the questions asked of it.

The page's tests read the recorded answers. To record them anew, after a change of
the contract: ``python tests/support/golden_log.py``.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from logs import FILE_NAME, column_value, event, table_value, write
from questions import ask_until_done

import tb_wordembed
from tb_wordembed.server import wire

GOLDEN = Path(__file__).parents[1] / "golden" / "responses"

TOKENS = [
    "good",
    "great",
    "bad",
    "awful",
    "film",
    "<img src=x onerror=alert(1)>",
    "日本",
    "tab\tand\nline",
]
STEPS = [0, 1, 2, 5]

_AXES = {"x": "good - bad", "y": "film"}
_RUN = {"run": "embeddings", "tag": "words"}

QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "index": [{}],
    "tokens": [_RUN],
    "updates": [_RUN],
    "all_health": [{}],
    "column": [{**_RUN, "column": "frequency"}, {**_RUN, "column": "part_of_speech"}],
    "positions": [
        *(
            {**_RUN, "step": step, "layout": "pca", "components": components}
            for step in STEPS
            for components in ("2d", "3d")
        ),
        {**_RUN, "step": 5, "layout": "axes", **_AXES},
    ],
    "trails": [
        *(
            {**_RUN, "indices": str(index), "layout": "pca", "components": "2d"}
            for index in range(len(TOKENS))
        ),
        {**_RUN, "indices": "0.4", "layout": "axes", **_AXES},
    ],
    "drift": [
        *({**_RUN, "from_step": 0, "to_step": step} for step in STEPS),
        {**_RUN, "from_step": 0, "to_step": 5, "measure": "euclidean"},
    ],
    "norms": [{**_RUN, "step": step} for step in STEPS],
    "path": [_RUN],
    "undertrained": [{**_RUN, "step": step} for step in (0, 5)],
    "quality": [
        *(
            {**_RUN, "step": step, "layout": "pca", "components": components}
            for step in STEPS
            for components in ("2d", "3d")
        ),
        {**_RUN, "step": 5, "components": "3d", "k": 2},
        {**_RUN, "step": 5, "layout": "axes", **_AXES, "k": 2},
    ],
    "search": [{**_RUN, "query": "a"}],
    "ranked": [
        {**_RUN, "route": "norms", "question": "step=5", "field": "values", "most": 3}
    ],
    "within": [{**_RUN, "step": 5, "components": "2d", "box": "-9_-9_0_9"}],
    "token_trust": [{**_RUN, "step": 5, "components": "2d", "k": 2}],
    "groups": [
        {**_RUN, "from_step": 0, "to_step": 5},
        {**_RUN, "from_step": 0, "to_step": 5, "column": "part_of_speech"},
        {**_RUN, "from_step": 0, "to_step": 5, "column": "frequency", "k": 2},
        {**_RUN, "from_step": 0, "to_step": 5, "rows": "0.1,2.3"},
        {**_RUN, "from_step": 0, "to_step": 5, "rows": "0.1"},
    ],
    "group_trajectories": [
        {**_RUN, "reference_step": 0, "column": "part_of_speech"},
        {**_RUN, "reference_step": 0, "rows": "0.1,2.3"},
        {**_RUN, "reference_step": 0, "rows": "0.1"},
    ],
    "health": [_RUN],
    "probe": [{**_RUN, "text": "good great 9\ngood bad 2\nbad awful 8\nfilm sea 5"}],
    "trajectories": [
        *(
            {**_RUN, "indices": str(index), "reference_step": 0}
            for index in range(len(TOKENS))
        ),
        {**_RUN, "indices": "0.3.7", "reference_step": 0},
        {**_RUN, "indices": "0.3", "reference_step": 0},
        {**_RUN, "indices": ".".join(map(str, range(8))), "reference_step": 0},
    ],
    "neighbors": [{**_RUN, "index": 0, "step": 5, "k": 3}],
    "neighbor_change": [
        {**_RUN, "index": 0, "from_step": 0, "to_step": 5, "k": 3},
        *(
            {**_RUN, "index": index, "from_step": 0, "to_step": 5}
            for index in range(len(TOKENS))
        ),
    ],
    "rows_in_reference": [_RUN],
    "similarity_matrix": [_RUN, {**_RUN, "measure": "overlap", "k": 3}],
    "motion": [
        {**_RUN, "index": index, "from_step": 0, "to_step": 5}
        for index in range(len(TOKENS))
    ],
    "axis": [{**_RUN, "expression": "good - bad", "step": 5}],
    "analogy": [{**_RUN, "expression": "good - bad + awful", "step": 5, "n": 3}],
    "findings": [_RUN, _RUN | {"with_neighbors": True}],
    "projector": [{**_RUN, "step": step, "reference_step": 0} for step in (0, 5)],
}


COLUMNS: dict[str, Any] = {
    "token": TOKENS,
    "frequency": np.array([50, 40, 30, 9, 99, 1, 0, 3]),
    "part_of_speech": list("aaaannnx"),
}


def tables() -> dict[int, npt.NDArray[np.float32]]:
    """Eight tokens in four dimensions at each step: good and bad ones part, one row is
    zero, one stays, one has NaN at the end."""
    table = np.random.default_rng(7).normal(size=(8, 4)).astype(np.float32)
    table[6] = 0
    pull = np.zeros((8, 4), np.float32)
    pull[:2, 0], pull[2:4, 0] = 1, -1
    found = {}
    for position, step in enumerate(STEPS):
        found[step] = table + position * pull
    found[5][7, 1] = np.nan
    return found


def write_log(directory: Path) -> None:
    """Writes the tables and columns."""
    columns = [column_value("words", name, COLUMNS[name]) for name in COLUMNS]
    events = [event(0, *columns)]
    for step, table in tables().items():
        events.append(
            event(step, table_value("words", table, "Words of the golden log"))
        )
    write(directory / "embeddings" / FILE_NAME, *events)


def record() -> None:
    """Writes the golden files."""
    with tempfile.TemporaryDirectory() as directory:
        write_log(Path(directory))
        log = tb_wordembed.open(directory)
        for route, questions in QUESTIONS.items():
            recorded = []
            for number, request in enumerate(questions):
                body, kind = wire.encode(ask_until_done(log, route, **request))
                if kind == wire.JSON:
                    recorded.append({"request": request, "response": json.loads(body)})
                else:
                    name = f"{route}-{number}.bin"
                    (GOLDEN / name).write_bytes(body)
                    recorded.append({"request": request, "frame": name})
            text = json.dumps(recorded, indent=1, sort_keys=True) + "\n"
            (GOLDEN / f"{route}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    record()
