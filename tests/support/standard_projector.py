"""TensorBoard's own Projector plugin, asked as its page asks it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.plugins import base_plugin
from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin
from werkzeug.test import Client


class Standard:
    """The Projector's server on a log directory, newly started."""

    def __init__(self, logdir: Path, *runs: str) -> None:
        found = [SimpleNamespace(run_name=run) for run in runs]
        provider = SimpleNamespace(list_runs=lambda *_, **__: found)
        context = base_plugin.TBContext(logdir=str(logdir), data_provider=provider)
        self._plugin = ProjectorPlugin(context)
        self._apps = self._plugin.get_plugin_apps()

    def becomes_active(self) -> bool:
        """Whether the tab appears. Looks at everything, as at a start."""
        self._plugin._determine_is_active()
        return bool(self._plugin.is_active())

    def _get(self, path: str) -> bytes:
        # Unescaped, as the page puts names into its URLs.
        route, _, query = path.partition("?")
        answer = Client(self._apps[route]).get(
            route, query_string=query.partition("#")[0]
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return bytes(answer.get_data())

    def runs(self) -> list[str]:
        return list(json.loads(self._get("/runs")))

    def names(self, run: str) -> list[str]:
        """The tensors of a run, in the order of the page's list: those of as many rows
        by name. The first one is opened."""
        info = json.loads(self._get(f"/info?run={run}"))
        return sorted(one["tensorName"] for one in info["embeddings"])

    def info(self, run: str, name: str) -> dict[str, Any]:
        embeddings = json.loads(self._get(f"/info?run={run}"))["embeddings"]
        (found,) = [one for one in embeddings if one["tensorName"] == name]
        return dict(found)

    def tensor(self, run: str, name: str) -> npt.NDArray[np.float32]:
        content = self._get(f"/tensor?run={run}&name={name}&num_rows=100000")
        columns = int(self.info(run, name)["tensorShape"][1])
        return np.frombuffer(content, "<f4").reshape(-1, columns)

    def labels(self, run: str, name: str) -> list[dict[str, str]]:
        """What the page knows of each point. Reads the lines as the page does."""
        text = self._get(f"/metadata?run={run}&name={name}&num_rows=100000").decode()
        # JavaScript trims a mark of the encoding, too.
        lines = [line for line in text.split("\n") if line.strip().strip("\ufeff")]
        header = ["label"]
        if "\t" in lines[0]:
            header = lines.pop(0).split("\t")
        return [dict(zip(header, line.split("\t"), strict=True)) for line in lines]
