"""TensorBoard's process: the plugin, its routes and its jobs."""
