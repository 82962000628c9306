"""``tb-wordembed measure``: computes and saves what the tab asks first."""

from __future__ import annotations

from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.output import Row
from tb_wordembed.engine.progress import part
from tb_wordembed.read.disk_cache import RESULTS
from tb_wordembed.read.measure_log import Measured, measuring


def add(commands: Commands) -> None:
    """Adds the command ``measure``."""
    measure = commands.add_parser(
        "measure",
        help="compute and save what the tab asks first, for large tables",
        description="Computes norms, drift along the steps, health, findings and "
        f"positions, and saves them in {RESULTS} beside the event files, where the tab "
        "and tb_wordembed.open find them. An interrupted command goes on where it was. "
        "In a directory without event files the checkpoints are measured, each as a "
        "step: safetensors, PyTorch's distributed checkpoints, TensorFlow's, .npy, "
        "Parquet and zarr.",
    )
    common.add_logdir(measure)
    common.add_tokens(measure)
    measure.add_argument("--run", help="one run only")
    measure.add_argument("--tag", help="one tag only")
    measure.add_argument(
        "--neighbors",
        action="store_true",
        help="also find the nearest neighbors of all rows at the first step and the "
        "last: the time grows with the square of the rows",
    )
    measure.add_argument(
        "--quality",
        action="store_true",
        help="also find from a sample how far the map at the last step can be trusted: "
        "this process reads the table five times",
    )
    where = measure.add_mutually_exclusive_group()
    where.add_argument(
        "--workers",
        type=common.count,
        metavar="N",
        help="start N processes on this machine (threads of this one); needs "
        "pip install tb_wordembed[dask]",
    )
    where.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="use the Dask cluster of this scheduler, such as tcp://10.0.0.1:8786, "
        "whose workers reach LOGDIR under the same path",
    )
    common.add_format(measure)
    measure.set_defaults(command=_measure)


def _measure(options: Options) -> int:
    done: list[Measured] = []
    where = options.logdir, options.scheduler, options.workers
    with measuring(*where, common.tokens_of(options)) as work:
        log = work.log
        chosen = common.chosen_series(log, options)
        with common.progress() as show:
            for at, series in enumerate(chosen):
                share = part(show, at / len(chosen), 1 / len(chosen))
                done.append(
                    work.measure(
                        series,
                        with_neighbors=options.neighbors,
                        with_quality=options.quality,
                        progress=share,
                    )
                )
        for problem in log.problems:
            common.report_problem(problem)
    rows: list[Row] = [
        {
            "run": one.run,
            "tag": one.tag,
            "steps": one.steps,
            "vocab_size": one.shape[0],
            "embedding_dim": one.shape[1],
            "computed": one.computed,
        }
        for one in done
    ]
    common.write(options, rows)
    common.remark(
        options,
        "computed counts segments of row blocks; those that were saved before are not "
        f"computed again. The results are in {RESULTS} beside the event files",
    )
    return 0
