"""Measures of embedding tables: arrays in, arrays out.

Nothing here knows of files, HTTP, TensorBoard or clocks. Whole tables come as row
blocks, so that memory does not grow with the vocabulary. Each measure says how exact
it is.
"""
