"""The plugin as TensorBoard loads it, and a client that asks its routes over HTTP."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from questions import as_query
from tensorboard.backend import application
from tensorboard.plugins import base_plugin
from werkzeug import test as werkzeug_test
from werkzeug.test import TestResponse

from tb_wordembed.server.loader import Loader

Get = Callable[..., TestResponse]


def flags(**values: Any) -> argparse.Namespace:
    defaults = {"logdir": "", "logdir_spec": "", "samples_per_plugin": {}}
    return argparse.Namespace(**{**defaults, **values})


def plugin_on(**values: Any) -> base_plugin.TBPlugin:
    given = flags(**values)
    plugin = Loader().load(base_plugin.TBContext(flags=given, logdir=given.logdir))
    assert plugin is not None
    return plugin


def getter(plugin: base_plugin.TBPlugin) -> Get:
    app = application.TensorBoardWSGI([plugin])
    client = werkzeug_test.Client(app)

    def get(
        route: str, headers: dict[str, str] | None = None, /, **parameters: Any
    ) -> TestResponse:
        return client.get(
            f"/data/plugin/wordembed/{route}",
            query_string=urlencode(as_query(parameters)),
            headers=headers,
        )

    return get
