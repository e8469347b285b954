package io.aisle.core.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import io.aisle.core.UserException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets the linear layers of a network that {@link DistilBertGraph} built multiply 8-bit integers (Jacob et al. 2018, "Quantization and
 * training of neural networks for efficient integer-arithmetic-only inference"). Embeddings, attention scores, LayerNorm, GELU and the
 * classifier stay float32.
 *
 * <p>Weights are int8, symmetric, with a scale an output. Their greatest is 63, not 127, so that two products with an uint8 stay within 16
 * bits: processors without VNNI add in 16 bits that saturate, and would answer otherwise than those with it. What a layer reads is uint8 with
 * one scale and one zero point, those of the range it had over some texts, and never of the batch at hand, so that a row's answer does not
 * depend on its neighbours.
 *
 * <p>The nodes are ONNX Runtime's own {@code MatMulIntegerToFloat}: what its optimiser makes of a quantised product anyway.
 */
public final class Int8Quantizer {
    private static final String RUNTIME_DOMAIN = "com.microsoft";
    private static final int MAX_WEIGHT = 63;
    private static final int MAX_ACTIVATION = 255;

    private final MappedModel source;
    private final Map<String, TensorProto> weights = new HashMap<>();
    private final Map<String, Range> ranges;
    private final GraphProto.Builder graph;
    private final Map<String, String> quantized = new HashMap<>();
    private final Set<String> replaced = new LinkedHashSet<>();

    /** The least and the greatest that a tensor was, or 0 where that is beyond. */
    private record Range(float least, float greatest) {
        static final Range NONE = new Range(0, 0);

        Range with(FloatBuffer values) {
            float low = least;
            float high = greatest;
            while (values.hasRemaining()) {
                float value = values.get();
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            return new Range(low, high);
        }

        float scale() {
            return Math.max(greatest - least, Float.MIN_NORMAL) / MAX_ACTIVATION;
        }

        byte zeroPoint() {
            return (byte) Math.round(-least / scale());
        }
    }

    private Int8Quantizer(MappedModel source, Map<String, Range> ranges) {
        this.source = source;
        this.ranges = ranges;
        this.graph = source.model().getGraph().toBuilder().clearNode().clearInitializer();
        source.model().getGraph().getInitializerList().forEach(tensor -> weights.put(tensor.getName(), tensor));
    }

    /**
     * Writes a network that answers nearly as another.
     *
     * @param model what {@link DistilBertGraph} built
     * @param texts word-piece ids, [CLS] and [SEP] included, of texts like those it will read; a few hundred
     * @param to another file
     * @throws UserException if the network has no linear layer, as a bag has none
     */
    public static void quantize(Path model, List<int[]> texts, Path to) {
        try {
            MappedModel source = MappedModel.read(model);
            Map<String, Range> ranges = ranges(source, texts);
            if (ranges.isEmpty()) {
                throw new UserException("Cannot quantise the network " + model
                        + ": found no linear layer before its classifier, expected some."
                        + " Its kind gains nothing from int8: use it as it is.");
            }
            new Int8Quantizer(source, ranges).write(to);
        } catch (IOException | OrtException e) {
            throw new UserException(
                    "Cannot quantise the network " + model + ": found " + e
                            + ", expected the network of a model bundle of this version, and room to write.",
                    e);
        }
    }

    /** What each linear layer reads, over all texts, each by itself so that no padding counts. */
    private static Map<String, Range> ranges(MappedModel source, List<int[]> texts) throws OrtException {
        Set<String> weights = source.model().getGraph().getInitializerList().stream()
                .map(TensorProto::getName)
                .collect(Collectors.toSet());
        Set<String> inputs = new LinkedHashSet<>();
        GraphProto.Builder observed = source.model().getGraph().toBuilder();
        for (NodeProto node : source.model().getGraph().getNodeList()) {
            if (isLinear(node, weights) && inputs.add(node.getInput(0))) {
                observed.addOutput(ValueInfoProto.newBuilder()
                        .setName(node.getInput(0))
                        .setType(TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder()
                                        .setElemType(TensorProto.DataType.FLOAT.getNumber()))));
            }
        }
        Map<String, Range> ranges = new LinkedHashMap<>();
        inputs.forEach(input -> ranges.put(input, Range.NONE));
        if (inputs.isEmpty()) {
            return ranges;
        }
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = source.with(observed).open(options)) {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            for (int[] text : texts) {
                long[] shape = {1, text.length};
                long[] ids = Arrays.stream(text).asLongStream().toArray();
                long[] mask = new long[text.length];
                Arrays.fill(mask, 1);
                try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                        OrtSession.Result result = session.run(
                                Map.of(DistilBertGraph.INPUT_IDS, idTensor, DistilBertGraph.ATTENTION_MASK, maskTensor),
                                inputs)) {
                    result.forEach(output -> ranges.computeIfPresent(
                            output.getKey(),
                            (name, range) -> range.with(((OnnxTensor) output.getValue()).getFloatBuffer())));
                }
            }
        }
        return ranges;
    }

    /** A product with a matrix of weights; those of attention have none. */
    private static boolean isLinear(NodeProto node, Set<String> weights) {
        return node.getOpType().equals("MatMul") && weights.contains(node.getInput(1));
    }

    private void write(Path to) throws IOException {
        List<NodeProto> nodes = source.model().getGraph().getNodeList();
        Set<String> products = new LinkedHashSet<>();
        nodes.stream()
                .filter(node -> isLinear(node, weights.keySet()))
                .forEach(node -> products.add(node.getOutput(0)));
        // by the product to which a bias is added
        Map<String, NodeProto> sums = new HashMap<>();
        nodes.stream()
                .filter(node -> node.getOpType().equals("Add") && products.contains(node.getInput(0)))
                .forEach(node -> sums.put(node.getInput(0), node));
        for (NodeProto node : nodes) {
            if (products.contains(node.getOutput(0))) {
                addProduct(node, sums.get(node.getOutput(0)));
            } else if (!sums.containsValue(node)) {
                graph.addNode(node);
            }
        }
        for (TensorProto tensor : weights.values().stream()
                .filter(tensor -> !replaced.contains(tensor.getName()))
                .sorted(Comparator.comparing(TensorProto::getName))
                .toList()) {
            graph.addInitializer(source.whole(tensor));
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to))) {
            source.model().toBuilder()
                    .setGraph(graph)
                    .addOpsetImport(OperatorSetIdProto.newBuilder()
                            .setDomain(RUNTIME_DOMAIN)
                            .setVersion(1))
                    .build()
                    .writeTo(out);
        }
    }

    /** A linear layer, its bias with it. */
    private void addProduct(NodeProto product, NodeProto sum) throws IOException {
        String input = product.getInput(0);
        TensorProto weight = weights.get(product.getInput(1));
        replaced.add(weight.getName());
        String name = product.getName();
        String eightBits = quantized.computeIfAbsent(input, this::addQuantized);
        addWeights(name, source.whole(weight));
        graph.addNode(NodeProto.newBuilder()
                .setDomain(RUNTIME_DOMAIN)
                .setOpType("MatMulIntegerToFloat")
                .setName(name)
                .addAllInput(List.of(
                        eightBits,
                        name + "/int8",
                        input + "/scale",
                        name + "/scales",
                        input + "/zero_point",
                        name + "/zero_points",
                        sum.getInput(1)))
                .addOutput(sum.getOutput(0)));
    }

    /** What a layer reads, in 8 bits; layers that read the same share it. */
    private String addQuantized(String input) {
        Range range = ranges.get(input);
        addInitializer(input + "/scale", TensorProto.DataType.FLOAT, floats(range.scale()));
        addInitializer(input + "/zero_point", TensorProto.DataType.UINT8, new byte[] {range.zeroPoint()});
        String output = input + "/uint8";
        graph.addNode(NodeProto.newBuilder()
                .setOpType("QuantizeLinear")
                .setName(output)
                .addAllInput(List.of(input, input + "/scale", input + "/zero_point"))
                .addOutput(output));
        return output;
    }

    /** Weights [inputs, outputs]: in 8 bits, with a scale an output. */
    private void addWeights(String name, TensorProto weight) {
        int outputs = Math.toIntExact(weight.getDims(1));
        FloatBuffer values = weight.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] scales = new float[outputs];
        for (int i = 0; i < values.limit(); i++) {
            scales[i % outputs] = Math.max(scales[i % outputs], Math.abs(values.get(i)));
        }
        for (int output = 0; output < outputs; output++) {
            scales[output] = Math.max(scales[output], Float.MIN_NORMAL) / MAX_WEIGHT;
        }
        byte[] eightBits = new byte[values.limit()];
        for (int i = 0; i < eightBits.length; i++) {
            eightBits[i] = (byte) Math.round(values.get(i) / scales[i % outputs]);
        }
        addInitializer(name + "/int8", TensorProto.DataType.INT8, eightBits, weight.getDims(0), outputs);
        addInitializer(name + "/scales", TensorProto.DataType.FLOAT, floats(scales), outputs);
        addInitializer(name + "/zero_points", TensorProto.DataType.INT8, new byte[outputs], outputs);
    }

    private void addInitializer(String name, TensorProto.DataType type, byte[] littleEndian, long... shape) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .addAllDims(Arrays.stream(shape).boxed().toList())
                .setRawData(ByteString.copyFrom(littleEndian)));
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }
}
