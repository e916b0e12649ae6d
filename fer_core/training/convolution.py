"""Convolution whose gradient for its input is a convolution too, which oneDNN computes in half the time on the CPU."""

from typing import Any

import keras


class FastConvolution(keras.layers.Conv2D):  # type: ignore[misc]
    """``keras.layers.Conv2D`` of odd, square kernels, with the same weights and results; faster backwards.

    What TensorFlow calls on the CPU for the gradient of a convolution's input (``Conv2DBackpropInput``) takes about twice the
    time of the convolution itself. For steps of one pixel and zeros around the image that gradient is itself a convolution:
    of the output's gradient, by the kernel turned half round with inputs and outputs exchanged.

    Where the backend is not TensorFlow, there is a GPU, or the padding is not ``same``, it is the plain layer.
    """

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """Convolve ``inputs`` (n, h, w, channels) float32 with ``kernel`` (k, k, channels, filters)."""
        if keras.backend.backend() != "tensorflow" or self.padding != "same" or self.strides != (1, 1):
            return super().convolution_op(inputs, kernel)
        import tensorflow as tf

        if tf.config.list_physical_devices("GPU"):
            return super().convolution_op(inputs, kernel)

        @tf.custom_gradient  # type: ignore[untyped-decorator]
        def convolve(image: Any, weights: Any) -> Any:
            def differentiate(slope: Any) -> tuple[Any, Any]:
                turned = tf.transpose(tf.reverse(weights, [0, 1]), [0, 1, 3, 2])
                of_weights = tf.raw_ops.Conv2DBackpropFilter(
                    input=image, filter_sizes=tf.shape(weights), out_backprop=slope, strides=[1, 1, 1, 1], padding="SAME"
                )
                return tf.nn.conv2d(slope, turned, 1, "SAME"), of_weights

            return tf.nn.conv2d(image, weights, 1, "SAME"), differentiate

        return convolve(tf.convert_to_tensor(inputs), tf.convert_to_tensor(kernel))
