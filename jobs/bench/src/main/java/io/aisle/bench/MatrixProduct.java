package io.aisle.bench;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Random;

/** The operators of ONNX whose rate bounds what a network can do at a precision: a graph of one of them, [rows, inner] times constant [inner, columns]. */
enum MatrixProduct {
    FLOAT32("MatMul", "float32", TensorProto.DataType.FLOAT, TensorProto.DataType.FLOAT, TensorProto.DataType.FLOAT) {
        @Override
        byte[] values(int count, Random random) {
            ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.nativeOrder());
            for (int i = 0; i < count; i++) {
                bytes.putFloat(random.nextFloat() - 0.5f);
            }
            return bytes.array();
        }
    },
    /** Unsigned activations, signed weights, sums in int32: as quantised networks have it. */
    INT8("MatMulInteger", "int8", TensorProto.DataType.UINT8, TensorProto.DataType.INT8, TensorProto.DataType.INT32) {
        @Override
        byte[] values(int count, Random random) {
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            return bytes;
        }
    };

    private static final long OPSET = 17;
    private static final long IR_VERSION = 8;
    private static final String LEFT = "left";
    private static final String RIGHT = "right";
    private static final String PRODUCT = "product";

    private final String operator;
    private final String precision;
    private final TensorProto.DataType left;
    private final TensorProto.DataType right;
    private final TensorProto.DataType result;

    MatrixProduct(
            String operator,
            String precision,
            TensorProto.DataType left,
            TensorProto.DataType right,
            TensorProto.DataType result) {
        this.operator = operator;
        this.precision = precision;
        this.left = left;
        this.right = right;
        this.result = result;
    }

    /** In the machine's order of bytes. */
    abstract byte[] values(int count, Random random);

    String precision() {
        return precision;
    }

    String operator() {
        return operator;
    }

    /** The content of a model file. */
    byte[] model(int rows, int inner, int columns) {
        TensorProto weights = TensorProto.newBuilder()
                .setName(RIGHT)
                .setDataType(right.getNumber())
                .addDims(inner)
                .addDims(columns)
                .setRawData(ByteString.copyFrom(values(inner * columns, new Random(1))))
                .build();
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(GraphProto.newBuilder()
                        .setName(operator)
                        .addInput(matrix(LEFT, left, rows, inner))
                        .addInitializer(weights)
                        .addNode(NodeProto.newBuilder()
                                .setOpType(operator)
                                .addInput(LEFT)
                                .addInput(RIGHT)
                                .addOutput(PRODUCT))
                        .addOutput(matrix(PRODUCT, result, rows, columns)))
                .build()
                .toByteArray();
    }

    /** What such a model reads, for the caller to close. */
    Map<String, OnnxTensor> input(int rows, int inner) throws OrtException {
        byte[] values = values(rows * inner, new Random(2));
        ByteBuffer direct = ByteBuffer.allocateDirect(values.length).order(ByteOrder.nativeOrder());
        direct.put(values).flip();
        long[] shape = {rows, inner};
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        return Map.of(
                LEFT,
                this == FLOAT32
                        ? OnnxTensor.createTensor(environment, direct.asFloatBuffer(), shape)
                        : OnnxTensor.createTensor(environment, direct, shape, OnnxJavaType.UINT8));
    }

    /** A session of such a model, for the caller to close. */
    OrtSession open(int rows, int inner, int columns, int threads) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            return OrtEnvironment.getEnvironment().createSession(model(rows, inner, columns), options);
        }
    }

    private static ValueInfoProto matrix(String name, TensorProto.DataType type, int rows, int columns) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(TensorShapeProto.newBuilder()
                                        .addDim(TensorShapeProto.Dimension.newBuilder()
                                                .setDimValue(rows))
                                        .addDim(TensorShapeProto.Dimension.newBuilder()
                                                .setDimValue(columns)))))
                .build();
    }
}
