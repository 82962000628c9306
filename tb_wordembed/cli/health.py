"""``tb-wordembed health``: measures whole tables, step by step."""

from __future__ import annotations

import argparse

import tb_wordembed
from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.cli.common import (
    Commands,
    add_log,
    progress,
    remark,
    report_problems,
    write,
)
from tb_wordembed.cli.output import Row


def add(commands: Commands) -> None:
    """The command ``health``."""
    health = commands.add_parser("health", help="measure whole tables, step by step")
    add_log(health)
    health.add_argument(
        "--neighbors",
        action="store_true",
        help="look for words that changed neighbors, too, by the exact neighbors of "
        "all tokens, which takes a while",
    )
    health.set_defaults(command=_health)


def _health(options: argparse.Namespace) -> int:
    if options.neighbors and options.format != "table":
        raise ValueError(
            f"--neighbors adds findings, which --format {options.format} leaves out; "
            "expected --format table with it"
        )
    log = tb_wordembed.open(options.logdir)
    series = log.series(options.run, options.tag)
    found = series.health()
    steps = zip(series.steps, found, strict=True)
    write(options, [_row(step, one) for step, one in steps])
    remark(options, "norm and drift are medians over the tokens")
    if options.format == "table":
        with progress() as told:
            findings = series.findings(with_neighbors=options.neighbors, progress=told)
        tokens = series.tokens
        for finding in findings:
            remark(options, sentence(finding, tokens))
    report_problems(log)
    return 0


def _row(step: int, one: StepHealth) -> Row:
    row: Row = {"step": step}
    for name, values in (
        ("norm", one.norm),
        ("drift_from_first", one.drift_from_first),
        ("drift_from_previous", one.drift_from_previous),
    ):
        row[name] = float(values[1])
    row["effective_rank"] = one.effective_rank
    row["participation_ratio"] = one.participation_ratio
    row["iso_score"] = one.iso_score
    row["mean_pairwise_cosine"] = one.mean_pairwise_cosine
    for where, like in (("first", one.to_first), ("previous", one.to_previous)):
        row[f"cka_to_{where}"] = like.cka if like else None
        row[f"pip_loss_to_{where}"] = like.pip_loss if like else None
        row[f"procrustes_to_{where}"] = like.procrustes_residual if like else None
    row["frozen_rows"] = one.frozen_rows
    row["zero_rows"] = one.zero_rows
    row["duplicate_rows"] = one.duplicate_rows
    row["non_finite_rows"] = one.non_finite_rows
    return row
