package io.aisle.core.onnx;

import static io.aisle.core.onnx.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.platform.Fp16Conversions;
import com.google.protobuf.UnsafeByteOperations;
import io.aisle.core.UserException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lets the encoder of a network that {@link DistilBertGraph} built compute in float16 (IEEE 754 binary16): half the bytes, and what a GPU has
 * its fastest units for. Pooling, classifier and log-softmax stay float32, as inputs and outputs do.
 *
 * <p>Weights that float16 cannot hold become its greatest, 65,504, or its least: so does the score of padding, whose share stays 0.
 */
public final class Float16Converter {
    private static final float GREATEST = 65_504;

    private final MappedModel source;
    private final GraphProto.Builder graph;
    private final Map<String, TensorProto> weights = new HashMap<>();
    /** Of each value that has been written or is about to be. */
    private final Map<String, DataType> types = new HashMap<>();

    private final Map<String, TensorProto> used = new LinkedHashMap<>();

    private Float16Converter(MappedModel source) {
        this.source = source;
        this.graph = source.model().getGraph().toBuilder().clearNode().clearInitializer();
        for (TensorProto weight : source.model().getGraph().getInitializerList()) {
            weights.put(weight.getName(), weight);
            types.put(weight.getName(), DataType.forNumber(weight.getDataType()));
        }
        graph.getInputList()
                .forEach(input -> types.put(
                        input.getName(),
                        DataType.forNumber(input.getType().getTensorType().getElemType())));
    }

    /**
     * Writes a network that answers nearly as another.
     *
     * @param model what {@link DistilBertGraph} built
     * @param to another file
     * @throws UserException if the network has no encoder, as a bag has none
     */
    public static void convert(Path model, Path to) {
        try {
            MappedModel source = MappedModel.read(model);
            int head = head(source.model().getGraph().getNodeList());
            if (head == 0) {
                throw new UserException("Cannot convert the network " + model
                        + " to float16: found no layer before its classifier, expected some."
                        + " Its kind gains nothing from float16: use it as it is.");
            }
            new Float16Converter(source).write(head, to);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot convert the network " + model + " to float16: found " + e
                            + ", expected the network of a model bundle of this version, and room to write.",
                    e);
        }
    }

    /** The first node of those that read the encoder's states: each layer ends in a LayerNorm. */
    private static int head(List<NodeProto> nodes) {
        int head = 0;
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).getOpType().equals("LayerNormalization")) {
                head = i + 1;
            }
        }
        return head;
    }

    private void write(int head, Path to) throws IOException {
        List<NodeProto> nodes = source.model().getGraph().getNodeList();
        for (int i = 0; i < nodes.size(); i++) {
            add(nodes.get(i), i < head ? DataType.FLOAT16 : DataType.FLOAT);
        }
        graph.addAllInitializer(used.values());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to))) {
            source.model().toBuilder().setGraph(graph).build().writeTo(out);
        }
    }

    /** Adds a node that reads floats of a type, and makes such. */
    private void add(NodeProto node, DataType floats) throws IOException {
        NodeProto.Builder added = node.toBuilder();
        DataType made = types.get(node.getInput(0));
        for (int i = 0; i < node.getInputCount(); i++) {
            String input = node.getInput(i);
            if (isFloat(types.get(input))) {
                made = floats;
            }
            added.setInput(i, as(floats, input));
        }
        types.put(
                node.getOutput(0),
                switch (node.getOpType()) {
                    case "Cast" -> DataType.forNumber((int) node.getAttribute(0).getI());
                    case "Shape" -> DataType.INT64;
                    default -> made;
                });
        graph.addNode(added);
    }

    /** The name of a value in a type of floats, which is made where there is none yet; its own if it is no float. */
    private String as(DataType floats, String name) throws IOException {
        DataType type = types.get(name);
        boolean isKept = type == floats || !isFloat(type);
        String kept = isKept ? name : name + "/" + floats.name().toLowerCase(Locale.ROOT);
        if (weights.containsKey(name)) {
            if (!used.containsKey(kept)) {
                TensorProto weight = source.whole(weights.get(name));
                used.put(kept, isKept ? weight : inFloat16(weight, kept));
            }
        } else if (!isKept && types.put(kept, floats) == null) {
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("Cast")
                    .setName(kept)
                    .addInput(name)
                    .addOutput(kept)
                    .addAttribute(attribute("to", floats.getNumber())));
        }
        return kept;
    }

    private static boolean isFloat(DataType type) {
        return type == DataType.FLOAT || type == DataType.FLOAT16;
    }

    private static TensorProto inFloat16(TensorProto weight, String name) {
        FloatBuffer values = weight.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        ByteBuffer bytes = ByteBuffer.allocate(values.remaining() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (values.hasRemaining()) {
            float value = Math.max(-GREATEST, Math.min(GREATEST, values.get()));
            bytes.putShort(Fp16Conversions.floatToFp16(value));
        }
        bytes.flip();
        return weight.toBuilder()
                .setName(name)
                .setDataType(DataType.FLOAT16.getNumber())
                .setRawData(UnsafeByteOperations.unsafeWrap(bytes))
                .build();
    }
}
