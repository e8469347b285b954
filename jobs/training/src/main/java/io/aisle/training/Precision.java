package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

/**
 * What matrices are multiplied in while a network is trained. Weights, LayerNorms, softmax, loss and optimizer are float32 in either case
 * (mixed precision: Micikevicius et al. 2018), and so is the network that comes out.
 */
public enum Precision {
    FLOAT32,
    /** With a loss scale, see {@link LossScale}. GPUs have units for it. */
    FLOAT16;

    /** An array as matrices are multiplied; what is made for it belongs to the manager. */
    NDArray lowered(NDManager manager, NDArray array) {
        return this == FLOAT32 ? array : cast(manager, array, DataType.FLOAT16);
    }

    /** An array as everything else is computed. */
    static NDArray raised(NDArray array) {
        return cast(array.getManager(), array, DataType.FLOAT32);
    }

    /** By a product over one factor, since DJL's own cast cuts the array off its gradient. */
    private static NDArray cast(NDManager manager, NDArray array, DataType type) {
        if (array.getDataType() == type) {
            return array;
        }
        NDArray factors = array.expandDims(0);
        factors.attach(manager);
        return factors.cumProd(0, type).squeeze(0);
    }
}
