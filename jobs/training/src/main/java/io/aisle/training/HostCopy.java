package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Values of an array in this machine's memory, wherever the array lies. */
final class HostCopy {
    private HostCopy() {}

    /**
     * Copies. On the way DJL makes an array of its own of what lies on a GPU and leaves it to the manager that the array belongs to; it is
     * given one that is closed at once, since that of a network lives as long as the training.
     */
    static float[] of(NDArray array) {
        try (NDManager scratch = array.getManager().newSubManager()) {
            // shares the memory of the original
            NDArray handle = array.stopGradient();
            handle.attach(scratch);
            return handle.toFloatArray();
        }
    }
}
