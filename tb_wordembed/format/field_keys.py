"""The fields of the protobuf messages that a snapshot is wrapped in, by their keys.

The messages are tensorflow/core's: util/event.proto and framework/{summary, tensor,
tensor_shape}.proto. Writer and reader go without protobuf's classes, which would copy
the tensors. A key is what comes before a field: its number and its wire type.
"""

from tb_wordembed.format.record import FIXED64, LENGTH_DELIMITED, VARINT

EVENT_WALL_TIME = 1 << 3 | FIXED64
EVENT_STEP = 2 << 3 | VARINT
EVENT_SUMMARY = 5 << 3 | LENGTH_DELIMITED

SUMMARY_VALUE = 1 << 3 | LENGTH_DELIMITED

VALUE_TAG = 1 << 3 | LENGTH_DELIMITED
VALUE_TENSOR = 8 << 3 | LENGTH_DELIMITED
VALUE_METADATA = 9 << 3 | LENGTH_DELIMITED
VALUE_NUMBERS = range(2, 9)
"""The numbers of the fields of which a summary value has one: a number, an image, a
tensor and so on."""

METADATA_PLUGIN_DATA = 1 << 3 | LENGTH_DELIMITED
METADATA_DESCRIPTION = 3 << 3 | LENGTH_DELIMITED
PLUGIN_NAME = 1 << 3 | LENGTH_DELIMITED
PLUGIN_CONTENT = 2 << 3 | LENGTH_DELIMITED

TENSOR_DTYPE = 1 << 3 | VARINT
TENSOR_SHAPE = 2 << 3 | LENGTH_DELIMITED
TENSOR_CONTENT = 4 << 3 | LENGTH_DELIMITED
TENSOR_STRING = 8 << 3 | LENGTH_DELIMITED
SHAPE_DIM = 2 << 3 | LENGTH_DELIMITED
DIM_SIZE = 1 << 3 | VARINT
