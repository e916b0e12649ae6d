"""How much training images are changed at random; apart, for benchmarks that have no OpenCV."""

TURN_DEGREES = 12.0
"""At most so far to either side."""
ZOOM = 0.12
"""Natural logarithm of the largest factor."""
SHIFT = 0.12
"""Of a side, at most so far each way."""
GAIN = 0.2
"""At most so much more or less contrast, about 0."""
OFFSET = 20.0
"""At most so many gray values brighter or darker."""
ERASE_SHARE = 0.5
"""Of images that get a covered rectangle."""
