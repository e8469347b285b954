package io.aisle.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.onnx.DistilBertGraph;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the time of a network goes, as ONNX Runtime's own profiling has it. */
final class OperatorProfile {
    /** Operators by what they are; the last takes all others. Names of operators that ONNX Runtime fuses contain those of their parts. */
    enum Kind {
        MATRIX_PRODUCT("MatMul", "MATMUL|GEMM"),
        SOFTMAX("Softmax", "SOFTMAX"),
        GELU("Gelu (Erf)", "GELU|ERF"),
        LAYER_NORM("LayerNormalization", "LAYERNORM"),
        OTHER("other", "");

        private final String title;
        private final String parts;

        /** @param parts of operators' names in upper case: alternatives of a pattern */
        Kind(String title, String parts) {
            this.title = title;
            this.parts = parts;
        }

        String title() {
            return title;
        }

        static Kind of(String operator) {
            String upper = operator.toUpperCase(Locale.ROOT);
            return Arrays.stream(values())
                    .filter(kind -> upper.matches(".*(" + kind.parts + ").*"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static final int PASSES = 2;

    private OperatorProfile() {}

    /**
     * Runs batches once, after a pass that warms up, with the settings of the engine onnx.
     *
     * @param model a bundle's network
     * @param directory for the profile, which stays there
     * @return the share of all operators' time that each kind took, 0 to 1
     */
    static Map<Kind, Double> shares(Path model, List<List<int[]>> batches, int threads, Path directory)
            throws IOException {
        Path profile;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.enableProfiling(directory.resolve("profile").toString());
            try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model.toString(), options)) {
                for (int pass = 0; pass < PASSES; pass++) {
                    for (List<int[]> batch : batches) {
                        run(session, batch);
                    }
                }
                profile = Path.of(session.endProfiling());
            }
        } catch (OrtException e) {
            throw new IllegalStateException("Cannot profile " + model, e);
        }
        return shares(new ObjectMapper().readTree(profile.toFile()));
    }

    /** Of the last pass. Every pass has the same operators. */
    private static Map<Kind, Double> shares(JsonNode events) {
        List<JsonNode> operators = new ArrayList<>();
        for (JsonNode event : events) {
            if (event.path("cat").asText().equals("Node")
                    && event.path("name").asText().endsWith("_kernel_time")) {
                operators.add(event);
            }
        }
        operators.sort(Comparator.comparingLong(event -> event.path("ts").asLong()));
        Map<Kind, Double> microseconds = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            microseconds.put(kind, 0.0);
        }
        for (JsonNode operator : operators.subList(operators.size() / PASSES * (PASSES - 1), operators.size())) {
            microseconds.merge(
                    Kind.of(operator.path("args").path("op_name").asText()),
                    operator.path("dur").asDouble(),
                    Double::sum);
        }
        double sum =
                microseconds.values().stream().mapToDouble(Double::doubleValue).sum();
        microseconds.replaceAll((kind, time) -> time / sum);
        return microseconds;
    }

    private static void run(OrtSession session, List<int[]> batch) throws OrtException {
        int tokens = batch.stream().mapToInt(text -> text.length).max().orElseThrow();
        LongBuffer ids = LongBuffer.allocate(batch.size() * tokens);
        LongBuffer mask = LongBuffer.allocate(batch.size() * tokens);
        for (int[] text : batch) {
            for (int i = 0; i < tokens; i++) {
                ids.put(i < text.length ? text[i] : 0);
                mask.put(i < text.length ? 1 : 0);
            }
        }
        long[] shape = {batch.size(), tokens};
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids.flip(), shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask.flip(), shape)) {
            session.run(Map.of(DistilBertGraph.INPUT_IDS, idTensor, DistilBertGraph.ATTENTION_MASK, maskTensor))
                    .close();
        }
    }
}
