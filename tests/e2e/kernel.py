"""Runs a notebook, stores what its cells show in it, and keeps its kernel, and with it
the TensorBoard that it started, until the standard input ends."""

from __future__ import annotations

import sys

import nbclient
import nbformat

if __name__ == "__main__":
    path = sys.argv[1]
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=120)
    with client.setup_kernel():
        for number, cell in enumerate(notebook.cells):
            client.execute_cell(cell, number)
        nbformat.write(notebook, path)
        sys.stdout.write("stored\n")
        sys.stdout.flush()
        sys.stdin.read()
