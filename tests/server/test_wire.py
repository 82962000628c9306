from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from tb_wordembed.contract import ROUTES
from tb_wordembed.contract.drift import Drift
from tb_wordembed.contract.neighbors import Neighbor, Neighbors, NeighborsRequest
from tb_wordembed.contract.route import Route
from tb_wordembed.server import wire

NEIGHBORS = {"run": "r", "tag": "t", "index": "3", "step": "-1"}


def test_parameters_become_a_request() -> None:
    request = wire.parse(NeighborsRequest, NEIGHBORS)
    assert request == NeighborsRequest("r", "t", 3, -1, k=10, metric="cosine")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"step": "1.5"}, r"'step' is '1.5'; expected an integer"),
        ({"step": str(1 << 70)}, r"'step' is \d+; expected -9,2.* to 9,2"),
        ({"k": "0"}, r"'k' is 0; expected 1 to 1,000"),
        ({"k": "1001"}, r"'k' is 1001; expected 1 to 1,000"),
        ({"metric": "dot"}, r"'metric' is 'dot'; expected one of \['cosine'"),
        ({"stpe": "1"}, r"'stpe' is unknown; expected some of \['index'"),
        ({"step": None}, r"'step' is missing"),
    ],
)
def test_wrong_parameters_are_named(change: dict[str, Any], message: str) -> None:
    parameters = {
        name: value
        for name, value in {**NEIGHBORS, **change}.items()
        if value is not None
    }
    with pytest.raises(ValueError, match=message):
        wire.parse(NeighborsRequest, parameters)


def test_a_response_without_arrays_is_json() -> None:
    body, kind = wire.encode(Neighbors([Neighbor(1, "é\ud800", 0.5)]))
    assert kind == "application/json"
    assert json.loads(body)["neighbors"] == [
        {"index": 1, "token": "é\ud800", "distance": 0.5}
    ]


def test_a_response_with_an_array_is_a_frame() -> None:
    values = np.array([1, np.nan], np.float32)
    body, kind = wire.encode(Drift(0, 1, "cosine", None, values))
    assert kind == "application/octet-stream"
    np.testing.assert_array_equal(safetensors.numpy.load(body)["values"], values)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_route_says_what_it_is_for(route: Route) -> None:
    assert route.request.__doc__
    assert route.response.__doc__
