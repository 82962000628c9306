"""``tb-wordembed health``: measures whole tables, step by step."""

from __future__ import annotations

from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.output import Row
from tb_wordembed.read.log import Log


def add(commands: Commands) -> None:
    """Adds the command ``health``."""
    health = commands.add_parser("health", help="measure whole tables, step by step")
    common.add_log(health, _health)
    common.add_series(health)
    health.add_argument(
        "--neighbors",
        action="store_true",
        help="look for words that changed neighbors, too, by the exact neighbors of "
        "all tokens, which takes a while",
    )


def _health(log: Log, options: Options) -> None:
    if options.neighbors and options.format != "table":
        raise ValueError(
            f"--neighbors adds findings, which --format {options.format} leaves out; "
            "expected --format table with it"
        )
    series = log.series(options.run, options.tag)
    steps = zip(series.steps, series.health(), strict=True)
    common.write(options, [_row(step, one) for step, one in steps])
    common.remark(options, "norm and drift are medians over the tokens")
    if options.format == "table":
        with common.progress() as show:
            findings = series.findings(with_neighbors=options.neighbors, progress=show)
        for finding in findings:
            common.remark(options, sentence(finding, series.tokens))


def _row(step: int, one: StepHealth) -> Row:
    row: Row = {
        "step": step,
        "norm": float(one.norm[1]),
        "drift_from_first": float(one.drift_from_first[1]),
        "drift_from_previous": float(one.drift_from_previous[1]),
        "effective_rank": one.effective_rank,
        "participation_ratio": one.participation_ratio,
        "iso_score": one.iso_score,
        "mean_pairwise_cosine": one.mean_pairwise_cosine,
    }
    for where, like in (("first", one.to_first), ("previous", one.to_previous)):
        row[f"cka_to_{where}"] = like.cka if like else None
        row[f"pip_loss_to_{where}"] = like.pip_loss if like else None
        row[f"procrustes_to_{where}"] = like.procrustes_residual if like else None
    return row | {
        "frozen_rows": one.frozen_rows,
        "zero_rows": one.zero_rows,
        "duplicate_rows": one.duplicate_rows,
        "non_finite_rows": one.non_finite_rows,
    }
