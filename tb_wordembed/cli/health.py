"""``tb-wordembed health``: measures whole tables, step by step."""

from __future__ import annotations

from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.output import Row, fields
from tb_wordembed.read.log import Log
from tb_wordembed.read.log_health import TableHealth


def add(commands: Commands) -> None:
    """Adds the command ``health``."""
    summary = "measure whole tables, step by step"
    health = common.add_command(commands, "health", _health, summary)
    common.add_series(health)
    health.add_argument(
        "--all",
        action="store_true",
        help="list all tables of the log at their last step, sickest first: those with "
        "most warnings, then most notices, then the least information abundance for "
        "their size",
    )
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
    if options.all:
        _all(log, options)
        return
    series = log.series(options.run, options.tag)
    measured, changes = series.health(), series.births_and_deaths()
    # The series leaves out the steps that turned out to be damaged.
    rows = map(_row, series.steps, measured, changes)
    common.write(options, [*rows])
    common.remark(options, "norm and drift are medians over the tokens")
    if options.format == "table":
        with common.progress() as show:
            findings = series.findings(with_neighbors=options.neighbors, progress=show)
        common.say_findings(options, findings, series.tokens)


def _all(log: Log, options: Options) -> None:
    named = {"run": options.run, "tag": options.tag, "neighbors": options.neighbors}
    for name, value in named.items():
        if value:
            raise ValueError(f"--all lists all tables; expected no --{name} with it")
    log.check_has_snapshots()
    with common.progress() as show:
        tables = log.health(show)
    common.write(options, [*map(_table_row, tables)])
    common.remark(
        options,
        "sickest first: most warnings, then most notices, then the least information "
        "abundance as a share of the largest that the table could have",
    )


def _table_row(one: TableHealth) -> Row:
    vocab_size, embedding_dim = one.shape
    return {
        **fields(one, "run", "tag", "step"),
        "vocab_size": vocab_size,
        "embedding_dim": embedding_dim,
        **fields(one, "warnings", "notices"),
        "information_abundance": one.health.information_abundance,
        "abundance_share": one.abundance_share,
        **fields(one.health, "effective_rank", "direction_spread", "cold_share"),
        "finding": one.sentence,
    }


def _row(step: int, one: StepHealth, changes: tuple[int, int]) -> Row:
    row: Row = {
        "step": step,
        "norm": float(one.norm[1]),
        "drift_from_first": float(one.drift_from_first[1]),
        "drift_from_previous": float(one.drift_from_previous[1]),
        **fields(one, "effective_rank", "information_abundance", "direction_spread"),
        **fields(one, "participation_ratio", "iso_score", "mean_pairwise_cosine"),
    }
    for where, like in (("first", one.to_first), ("previous", one.to_previous)):
        row[f"cka_to_{where}"] = like.cka if like else None
        row[f"pip_loss_to_{where}"] = like.pip_loss if like else None
        row[f"procrustes_to_{where}"] = like.procrustes_residual if like else None
    return row | {
        **fields(one, "frozen_rows", "zero_rows", "duplicate_rows", "non_finite_rows"),
        "cold_share": one.cold_share,
        "births": changes[0],
        "deaths": changes[1],
    }
