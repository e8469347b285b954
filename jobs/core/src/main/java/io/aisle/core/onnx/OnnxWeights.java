package io.aisle.core.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.aisle.core.UserException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads weights back out of a file that {@link DistilBertGraph} wrote. */
public final class OnnxWeights {
    private OnnxWeights() {}

    /**
     * One weight by its name.
     *
     * @throws UserException if the file cannot be read, or has no float32 weight of that name
     */
    public static Tensor read(Path modelFile, String name) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(modelFile))) {
            for (TensorProto tensor : ModelProto.parseFrom(in).getGraph().getInitializerList()) {
                if (tensor.getName().equals(name) && tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber()) {
                    float[] values = new float[tensor.getRawData().size() / Float.BYTES];
                    tensor.getRawData()
                            .asReadOnlyByteBuffer()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer()
                            .get(values);
                    return new Tensor(
                            tensor.getDimsList().stream()
                                    .mapToLong(Long::longValue)
                                    .toArray(),
                            values);
                }
            }
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read weights from " + modelFile + ": found " + e + ", expected an ONNX model.", e);
        }
        throw new UserException("Cannot read weights from " + modelFile + ": found no float32 weight " + name
                + ", expected a network that Aisle wrote.");
    }
}
