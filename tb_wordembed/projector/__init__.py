"""TensorBoard's standard Projector: files for its own tab and for its web site, and
answers for its page in ours."""
