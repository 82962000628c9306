"""The loader of the plugin: TensorBoard imports it at start, so it imports little."""

from __future__ import annotations

import argparse
import logging

from tensorboard.plugins import base_plugin

from tb_wordembed.format.metadata import PLUGIN_NAME

MOST_WHOLE_ROWS = 1_000_000
"""The largest number of rows of a table that the page holds whole, by default."""

logger = logging.getLogger(__name__)


class Loader(base_plugin.TBLoader):  # type: ignore[misc]
    """Loads the plugin, and keeps snapshots out of TensorBoard's own memory."""

    def define_flags(self, parser: argparse.ArgumentParser) -> None:
        """Adds the flag of the plugin to those of TensorBoard."""
        group = parser.add_argument_group("word embeddings plugin")
        group.add_argument(
            "--wordembed_most_rows",
            metavar="ROWS",
            type=int,
            default=MOST_WHOLE_ROWS,
            help="The largest number of rows of an embedding table that the page holds "
            "whole. Of a larger table it shows a sample, and whatever is ranked first, "
            "searched for or selected.",
        )

    def fix_flags(self, flags: argparse.Namespace) -> None:
        """Makes TensorBoard's reader keep one snapshot per tag, the fewest that it can.

        We read event files ourselves. Without this the Python reader would keep ten
        whole tables in memory. A number given by the user stands.

        Raises:
          FlagsError: the page is to hold no rows.
        """
        most_rows = getattr(flags, "wordembed_most_rows", MOST_WHOLE_ROWS)
        if most_rows < 1:
            raise base_plugin.FlagsError(
                f"--wordembed_most_rows is {most_rows}; expected 1 or more"
            )
        samples = getattr(flags, "samples_per_plugin", None)
        if isinstance(samples, dict):
            samples.setdefault(PLUGIN_NAME, 1)

    def load(self, context: base_plugin.TBContext) -> base_plugin.TBPlugin | None:
        """Returns the plugin, or None with a log message where it can't be loaded:
        other dashboards go on."""
        try:
            from tb_wordembed.server.plugin import WordEmbedPlugin

            return WordEmbedPlugin(context)
        except Exception:
            logger.exception("The Word Embeddings tab could not be loaded")
            return None
