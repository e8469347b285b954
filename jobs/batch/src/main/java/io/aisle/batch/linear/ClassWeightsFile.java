package io.aisle.batch.linear;

import io.aisle.training.RecordFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The weights of each class in a local file that is mapped into memory, read feature by feature, ascending, for all classes at once.
 *
 * <p>A record is the bias (float32) and pairs of feature (int32, ascending) and weight (float32) where that is not 0.
 */
final class ClassWeightsFile {
    private static final int PAIR = Integer.BYTES + Float.BYTES;

    private final ByteBuffer[] classes;

    private ClassWeightsFile(ByteBuffer[] classes) {
        this.classes = classes;
    }

    static ClassWeightsFile open(Path file) {
        RecordFile records = RecordFile.open(file);
        ByteBuffer[] classes = new ByteBuffer[records.size()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = records.record(i);
        }
        return new ClassWeightsFile(classes);
    }

    static byte[] encode(float[] weights, double bias) {
        int count = 0;
        for (float weight : weights) {
            count += weight == 0 ? 0 : 1;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES + count * PAIR);
        bytes.putFloat((float) bias);
        for (int feature = 0; feature < weights.length; feature++) {
            if (weights[feature] != 0) {
                bytes.putInt(feature).putFloat(weights[feature]);
            }
        }
        return bytes.array();
    }

    /** The bias of each class; begins anew with the first feature. */
    float[] biases() {
        float[] biases = new float[classes.length];
        for (int i = 0; i < classes.length; i++) {
            biases[i] = classes[i].rewind().getFloat();
        }
        return biases;
    }

    /**
     * The weight of a feature for each class.
     *
     * @param feature greater than that of the call before
     */
    void next(int feature, float[] weights) {
        for (int i = 0; i < classes.length; i++) {
            ByteBuffer pairs = classes[i];
            weights[i] = 0;
            if (pairs.hasRemaining() && pairs.getInt(pairs.position()) == feature) {
                pairs.getInt();
                weights[i] = pairs.getFloat();
            }
        }
    }
}
