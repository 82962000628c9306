"""What was measured, as the contract has it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed import contract
from tb_wordembed.analysis.findings.finding import Finding
from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.analysis.health import Likeness
from tb_wordembed.read.axes import Similar
from tb_wordembed.read.neighbors import Neighbor


def neighbors(found: Iterable[Neighbor]) -> list[contract.Neighbor]:
    """Neighbors, in their order."""
    return [contract.Neighbor(one.index, one.token, one.distance) for one in found]


def similar(found: Iterable[Similar]) -> list[contract.Similar]:
    """Rows in a direction, in their order."""
    return [contract.Similar(one.index, one.token, one.cosine) for one in found]


def quantiles(per_step: Sequence[npt.NDArray[np.float64]]) -> contract.Quantiles:
    """Quantiles of each step."""
    columns = [numbers(values) for values in np.reshape(per_step, (-1, 4)).T]
    return contract.Quantiles(*columns)


def likeness(per_step: Sequence[Likeness | None]) -> contract.Likeness:
    """How like each step is to another; None where there is none."""
    nan = float("nan")
    return contract.Likeness(
        cka=numbers(one.cka if one else nan for one in per_step),
        pip_loss=numbers(one.pip_loss if one else nan for one in per_step),
        procrustes_residual=numbers(
            one.procrustes_residual if one else nan for one in per_step
        ),
    )


def finding(one: Finding, tokens: Sequence[str]) -> contract.Finding:
    """What stands out, in words too."""
    return contract.Finding(
        kind=one.kind,
        severity=one.severity,
        step=one.step,
        count=len(one.rows),
        numbers=[
            contract.NamedNumber(name, number(value))
            for name, value in one.numbers.items()
        ],
        sentence=sentence(one, tokens),
        view=contract.View(
            name=one.view.name,
            step=one.view.step,
            reference_step=one.view.reference_step,
            indices=one.view.rows.tolist(),
            measure=one.view.measure,
        ),
    )


def numbers(values: Iterable[float] | npt.NDArray[Any]) -> list[float | None]:
    """``number`` of each."""
    return [number(float(value)) for value in values]


def number(value: float) -> float | None:
    """JSON has no NaN and no infinity."""
    return float(value) if math.isfinite(value) else None


def indices(text: str) -> list[int]:
    """Rows from the text of a parameter."""
    # ASCII digits, of numbers that fit 64 bits.
    if not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})*", text):
        raise ValueError(
            f"parameter 'indices' is {text[:80]!r}; expected rows separated by dots, "
            "such as 3.14.15"
        )
    return [int(part) for part in text.split(".")]
