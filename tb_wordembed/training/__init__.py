"""Holds what the callbacks of all frameworks share; begin here to add a callback.

A callback is a module of its framework's name in ``tb_wordembed``. The smallest,
``gensim.py``, shows all that one does: it finds the tables of the model
(``logged_table``), opens a log (``training_log``), and writes a snapshot after each
epoch.
"""
