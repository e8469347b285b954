package io.aisle.core.onnx;

import static io.aisle.core.onnx.DistilBertWeights.CLASSIFIER;
import static io.aisle.core.onnx.DistilBertWeights.EMBEDDING_NORM;
import static io.aisle.core.onnx.DistilBertWeights.POSITION_EMBEDDINGS;
import static io.aisle.core.onnx.DistilBertWeights.WORD_EMBEDDINGS;
import static io.aisle.core.onnx.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The ONNX graph of a DistilBERT classifier (Sanh et al. 2019, "DistilBERT, a distilled version of BERT"): encoder with LayerNorm
 * after each sum, exact GELU (Hendrycks and Gimpel 2016), pooling, one linear layer, log-softmax. Where the head reads the state of [CLS] alone,
 * the last layer makes that state alone: the others only lend it their keys and values.
 *
 * <p>Inputs {@value #INPUT_IDS} and {@value #ATTENTION_MASK}, int64 [batch, tokens]; output {@value #LOGITS}, float [batch, labels].
 *
 * <p>The logits are log-probabilities, divided by the calibration temperature before they are normalised (Guo et al. 2017, "On
 * calibration of modern neural networks", section 4.2). A softmax over them changes nothing, and none of them is above 0, so that an
 * engine whose softmax does not subtract the maximum cannot overflow.
 *
 * <p>The encoder alone has the output {@value #FEATURES} instead, what a classifier with {@link Pooling#CLS_AND_MEAN} reads.
 */
public final class DistilBertGraph {
    public static final String INPUT_IDS = "input_ids";
    public static final String ATTENTION_MASK = "attention_mask";
    public static final String LOGITS = "logits";
    public static final String FEATURES = "features";

    /** The most bytes that a protobuf message, and so a self-contained ONNX file, can hold. */
    private static final long MAX_FILE_BYTES = Integer.MAX_VALUE;

    /** Room for everything in the file that is not a weight. */
    private static final long OVERHEAD_BYTES = 1L << 20;

    private final DistilBertConfig config;
    private final Map<String, Tensor> weights;
    private final GraphBuilder graph = new GraphBuilder("distilbert");

    private DistilBertGraph(DistilBertConfig config, Map<String, Tensor> weights) {
        this.config = config;
        this.weights = weights;
    }

    /**
     * Builds the graph.
     *
     * @param weights exactly those that {@link DistilBertWeights#shapes} names
     * @param temperature what the logits are divided by, above 0; 1 changes nothing
     * @throws UserException if a weight is missing, unknown or of another shape, or if all are too large for one ONNX file
     */
    public static ModelProto build(DistilBertConfig config, Map<String, Tensor> weights, float temperature) {
        return build(config, weights, temperature, List.of(), List.of());
    }

    /**
     * The same with scales and offsets of each label: they are in the last layer's weights, as the temperature is.
     *
     * @param scales what the logits are multiplied by when they have been divided by the temperature, one a label; or none
     * @param offsets what is added then, one a scale
     */
    public static ModelProto build(
            DistilBertConfig config,
            Map<String, Tensor> weights,
            float temperature,
            List<Float> scales,
            List<Float> offsets) {
        if (!(temperature > 0) || Float.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "Cannot build the graph: found temperature " + temperature + ", expected a number above 0");
        }
        Tensor bias = weights.get(CLASSIFIER + ".bias");
        checkSize(DistilBertWeights.shapes(config, bias == null ? 0 : bias.values().length));
        DistilBertWeights.check(config, weights);
        if (offsets.size() != scales.size()
                || (!scales.isEmpty()
                        && scales.size() != weights.get(CLASSIFIER + ".bias").values().length)) {
            throw new IllegalArgumentException("Cannot build the graph: found " + scales.size() + " scales and "
                    + offsets.size() + " offsets, expected one a label, or none");
        }
        return new DistilBertGraph(config, weights).classifier(temperature, scales, offsets);
    }

    /**
     * Builds the graph of the encoder alone: inputs as ever, output {@value #FEATURES}, float [batch, 2 dim], the last hidden state of
     * [CLS] and then the masked mean of all.
     *
     * @param encoderWeights exactly those that {@link DistilBertWeights#encoderShapes} names
     * @throws UserException as {@link #build} does
     */
    public static ModelProto features(DistilBertConfig config, Map<String, Tensor> encoderWeights) {
        checkSize(DistilBertWeights.encoderShapes(config));
        DistilBertWeights.checkEncoder(config, encoderWeights);
        return new DistilBertGraph(config.with(Pooling.CLS_AND_MEAN), encoderWeights).features();
    }

    private ModelProto classifier(float temperature, List<Float> scales, List<Float> offsets) {
        int labels = classifier(encoder(), temperature, scales, offsets);
        graph.floatOutput(LOGITS, "batch", labels);
        return graph.model();
    }

    private ModelProto features() {
        graph.node("Identity", FEATURES, List.of(encoder()));
        graph.floatOutput(FEATURES, "batch", config.pooledDim());
        return graph.model();
    }

    /** Inputs to one vector a text; float [batch, pooledDim]. */
    private String encoder() {
        graph.longInput(INPUT_IDS, "batch", "tokens");
        graph.longInput(ATTENTION_MASK, "batch", "tokens");
        graph.longs("axis_1", 1);
        String mask = graph.node(
                "Cast", "mask", List.of(ATTENTION_MASK), attribute("to", TensorProto.DataType.FLOAT.getNumber()));
        String states = words();
        if (config.hasLayers()) {
            String paddingScores = paddingScores(mask);
            states = withPositions(states);
            for (int i = 0; i < config.layers(); i++) {
                // of the last layer the head reads what it is asked for
                boolean isForFirst = i == config.layers() - 1 && config.pooling() == Pooling.CLS;
                states = layer(
                        DistilBertWeights.layer(i), isForFirst ? firstOfEach(states) : states, states, paddingScores);
            }
        }
        return pooled(states, mask);
    }

    /** 0 for a token, {@link DistilBertConfig#PADDING_SCORE} for padding; float [batch, 1, 1, tokens]. */
    private String paddingScores(String mask) {
        String broadcast = graph.node("Unsqueeze", "mask/broadcast", List.of(mask, graph.longs("axes_1_2", 1, 2)));
        String padding = graph.node("Sub", "mask/padding", List.of(graph.scalar("one", 1), broadcast));
        return graph.node(
                "Mul", "mask/scores", List.of(padding, graph.scalar("padding_score", DistilBertConfig.PADDING_SCORE)));
    }

    /** Float [batch, tokens, dim]. */
    private String words() {
        return graph.node("Gather", "embeddings/words", List.of(weight(WORD_EMBEDDINGS), INPUT_IDS));
    }

    /** Words plus positions, normalised; float [batch, tokens, dim]. */
    private String withPositions(String words) {
        String tokens = graph.node(
                "Shape", "embeddings/tokens", List.of(INPUT_IDS), attribute("start", 1), attribute("end", 2));
        String positions = graph.node(
                "Slice",
                "embeddings/positions",
                List.of(weight(POSITION_EMBEDDINGS), graph.longs("first", 0), tokens, graph.longs("axis_0", 0)));
        return layerNorm(EMBEDDING_NORM, graph.node("Add", "embeddings/sum", List.of(words, positions)));
    }

    /**
     * One layer.
     *
     * @param asking the states that are made new; float [batch, asking tokens, dim]
     * @param states those that they look at; float [batch, tokens, dim]
     */
    private String layer(String name, String asking, String states, String paddingScores) {
        String attention = attention(name + "attention.", asking, states, paddingScores);
        String attended = layerNorm(
                name + "sa_layer_norm", graph.node("Add", name + "attention/residual", List.of(attention, asking)));
        String inner = gelu(name + "ffn/gelu", linear(name + "ffn.lin1", attended));
        String outer = linear(name + "ffn.lin2", inner);
        return layerNorm(
                name + "output_layer_norm", graph.node("Add", name + "ffn/residual", List.of(outer, attended)));
    }

    /** Multi-head scaled dot-product attention (Vaswani et al. 2017, section 3.2). */
    private String attention(String name, String asking, String states, String paddingScores) {
        double scale = 1 / Math.sqrt((double) config.dim() / config.heads());
        String query = heads(name + "query", linear(name + "q_lin", asking), List.of(0L, 2L, 1L, 3L));
        String keyTransposed = heads(name + "key", linear(name + "k_lin", states), List.of(0L, 2L, 3L, 1L));
        String value = heads(name + "value", linear(name + "v_lin", states), List.of(0L, 2L, 1L, 3L));
        String scaled = graph.node("Mul", name + "scaled", List.of(query, graph.scalar(name + "scale", scale)));
        String scores = graph.node("MatMul", name + "scores", List.of(scaled, keyTransposed));
        String masked = graph.node("Add", name + "masked", List.of(scores, paddingScores));
        String shares = graph.node("Softmax", name + "shares", List.of(masked), attribute("axis", -1));
        String context = graph.node("MatMul", name + "context", List.of(shares, value));
        String byToken = graph.node(
                "Transpose", name + "context/by_token", List.of(context), attribute("perm", List.of(0L, 2L, 1L, 3L)));
        String joined = graph.node(
                "Reshape",
                name + "context/joined",
                List.of(byToken, graph.longs(name + "joined_shape", 0, 0, config.dim())));
        return linear(name + "out_lin", joined);
    }

    /** Splits the last axis into heads: [batch, tokens, dim] to [batch, tokens, heads, dim / heads], then permutes. */
    private String heads(String name, String states, List<Long> permutation) {
        String shape = graph.longs(name + "_shape", 0, 0, config.heads(), config.dim() / config.heads());
        String split = graph.node("Reshape", name + "/split", List.of(states, shape));
        return graph.node("Transpose", name, List.of(split), attribute("perm", permutation));
    }

    /** x / 2 (1 + erf(x / sqrt 2)), in the order of operations that ONNX Runtime recognises and fuses. */
    private String gelu(String name, String x) {
        String root = graph.scalar(name + "/sqrt_2", Math.sqrt(2));
        String erf = graph.node("Erf", name + "/erf", List.of(graph.node("Div", name + "/div", List.of(x, root))));
        String shifted = graph.node("Add", name + "/shifted", List.of(erf, graph.scalar(name + "/one", 1)));
        String product = graph.node("Mul", name + "/product", List.of(x, shifted));
        return graph.node("Mul", name, List.of(product, graph.scalar(name + "/half", 0.5)));
    }

    /** One vector a text: float [batch, pooledDim]. */
    private String pooled(String states, String mask) {
        return switch (config.pooling()) {
            case CLS -> first(states);
            case MEAN -> mean(states, mask);
            case CLS_AND_MEAN ->
                graph.node("Concat", "pooled", List.of(first(states), mean(states, mask)), attribute("axis", -1));
        };
    }

    private String first(String states) {
        String first = config.hasLayers() && config.pooling() == Pooling.CLS ? states : firstOfEach(states);
        return graph.node("Squeeze", "pooled/first", List.of(first, "axis_1"));
    }

    /** The state of [CLS]; float [batch, 1, dim]. */
    private String firstOfEach(String states) {
        return graph.node(
                "Slice",
                "pooled/first_of_each",
                List.of(states, graph.longs("zero", 0), graph.longs("second", 1), "axis_1"));
    }

    private String mean(String states, String mask) {
        String column = graph.node("Unsqueeze", "pooled/mask", List.of(mask, graph.longs("axis_2", 2)));
        String kept = graph.node("Mul", "pooled/kept", List.of(states, column));
        String sum = graph.node("ReduceSum", "pooled/sum", List.of(kept, "axis_1"), attribute("keepdims", 0));
        String count = graph.node("ReduceSum", "pooled/count", List.of(mask, "axis_1"), attribute("keepdims", 1));
        return graph.node("Div", "pooled/mean", List.of(sum, count));
    }

    /** Adds the linear layer and the log-softmax; returns the number of labels. */
    private int classifier(String pooled, float temperature, List<Float> scales, List<Float> offsets) {
        Tensor rows = divided(CLASSIFIER + ".weight", temperature);
        Tensor bias = divided(CLASSIFIER + ".bias", temperature);
        scale(rows.values(), scales);
        scale(bias.values(), scales);
        for (int label = 0; label < offsets.size(); label++) {
            bias.values()[label] += offsets.get(label);
        }
        String weight = graph.floats(CLASSIFIER + ".weight", rows);
        String scores = graph.node(
                "Gemm",
                CLASSIFIER,
                List.of(pooled, weight, graph.floats(CLASSIFIER + ".bias", bias)),
                attribute("transB", 1));
        graph.node("LogSoftmax", LOGITS, List.of(scores), attribute("axis", -1));
        return bias.values().length;
    }

    private String linear(String name, String x) {
        Tensor weight = weights.get(name + ".weight");
        String product = graph.node(
                "MatMul", name + "/product", List.of(x, graph.floats(name + ".weight_transposed", transposed(weight))));
        return graph.node("Add", name, List.of(product, weight(name + ".bias")));
    }

    private String layerNorm(String name, String x) {
        return graph.node(
                "LayerNormalization",
                name,
                List.of(x, weight(name + ".weight"), weight(name + ".bias")),
                attribute("axis", -1),
                attribute("epsilon", DistilBertConfig.LAYER_NORM_EPSILON));
    }

    private String weight(String name) {
        return graph.floats(name, weights.get(name));
    }

    private Tensor divided(String name, float temperature) {
        Tensor weight = weights.get(name);
        float[] values = weight.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] /= temperature;
        }
        return new Tensor(weight.shape(), values);
    }

    /** Multiplies what belongs to each label, values in equal shares, by its scale. */
    private static void scale(float[] values, List<Float> scales) {
        for (int i = 0; i < values.length && !scales.isEmpty(); i++) {
            values[i] *= scales.get(i / (values.length / scales.size()));
        }
    }

    /** A linear layer's weight is [outputs, inputs]; MatMul takes [inputs, outputs]. */
    private static Tensor transposed(Tensor weight) {
        int rows = (int) weight.shape()[0];
        int columns = (int) weight.shape()[1];
        float[] values = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                values[column * rows + row] = weight.values()[row * columns + column];
            }
        }
        return new Tensor(new long[] {columns, rows}, values);
    }

    private static void checkSize(Map<String, long[]> shapes) {
        long values = shapes.values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
                .sum();
        long bytes = values * Float.BYTES + OVERHEAD_BYTES;
        if (bytes > MAX_FILE_BYTES) {
            throw new UserException(
                    "Cannot build the graph: found " + bytes + " bytes of weights, expected at most " + MAX_FILE_BYTES
                            + ", what one ONNX file can hold (protobuf's limit of 2 GB). Use a smaller encoder.");
        }
    }
}
