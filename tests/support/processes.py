"""Several processes that train one model, on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

# The last lines of a script that trains with PyTorch. A process that ends while
# another still talks to it may be aborted, and so may one whose threads of PyTorch
# run on while Python ends: `os._exit` leaves them no time.
END_OF_RANK = """
import os
from torch import distributed
distributed.barrier()
distributed.destroy_process_group()
os._exit(0)
"""


def free_ports(count: int) -> list[int]:
    """Returns ports of this machine that nobody listens on."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def run_together(
    script: str, arguments: Sequence[Any], environments: Sequence[Mapping[str, str]]
) -> list[str]:
    """Runs a script once in each environment, at the same time.

    Returns:
      What each process wrote to stderr. The test fails if one of them fails.
    """
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, *map(str, arguments)],
            env={**os.environ, "OMP_NUM_THREADS": "1", **one},
            stderr=subprocess.PIPE,
            text=True,
        )
        for one in environments
    ]
    try:
        said = [one.communicate(timeout=120)[1] for one in running]
    finally:
        for one in running:
            one.kill()
    codes = [one.returncode for one in running]
    assert not any(codes), f"they ended with {codes}: {' --- '.join(said)}"
    return said
