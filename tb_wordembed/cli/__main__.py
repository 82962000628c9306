"""``python -m tb_wordembed.cli``, for where the command is not installed."""

import sys

from tb_wordembed.cli import main

sys.exit(main())
