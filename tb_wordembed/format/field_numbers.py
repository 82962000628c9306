"""The field numbers of the protobuf messages that a snapshot is wrapped in.

Those of tensorflow/core: util/event.proto and framework/{summary, tensor,
tensor_shape}.proto. The writer and the reader go by them without protobuf's classes,
which would copy the tensors.
"""

EVENT_WALL_TIME, EVENT_STEP, EVENT_FILE_VERSION, EVENT_SUMMARY = 1, 2, 3, 5
SUMMARY_VALUE = 1
VALUES = range(2, 9)
"""A number, an image and so on, of which a summary value has one; the last is
``VALUE_TENSOR``."""
VALUE_TAG, VALUE_TENSOR, VALUE_METADATA = 1, 8, 9
METADATA_PLUGIN_DATA, METADATA_DESCRIPTION = 1, 3
PLUGIN_NAME, PLUGIN_CONTENT = 1, 2
TENSOR_DTYPE, TENSOR_SHAPE, TENSOR_CONTENT = 1, 2, 4
SHAPE_DIM, DIM_SIZE = 2, 1
