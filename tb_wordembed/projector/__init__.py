"""Files for TensorBoard's standard Projector: for its own tab and for its web site."""
