package io.aisle.core.onnx;

import java.util.Arrays;

/**
 * A float32 array with its shape, row-major.
 *
 * @param shape sizes, outermost first
 * @param values as many as the product of the shape
 */
public record Tensor(long[] shape, float[] values) {
    public Tensor {
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (size != values.length) {
            throw new IllegalArgumentException("Cannot make a tensor of shape " + Arrays.toString(shape) + ": found "
                    + values.length + " values, expected " + size);
        }
    }
}
