package io.aisle.training.encoder;

import static io.aisle.core.onnx.DistilBertWeights.CLASSIFIER;
import static io.aisle.core.onnx.DistilBertWeights.POSITION_EMBEDDINGS;

import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import io.aisle.training.encoder.SafeTensors.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds an encoder's weights among the tensors of a checkpoint. */
final class PublishedWeights {
    private final EncoderConfig config;
    private final Path path;
    private final SafeTensors file;
    private final Set<String> used = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    private PublishedWeights(EncoderConfig config, Path path, SafeTensors file) {
        this.config = config;
        this.path = path;
        this.file = file;
    }

    /**
     * Reads the weights, by the names that {@link io.aisle.core.onnx.DistilBertConfig} lists.
     *
     * <p>A BERT becomes a DistilBERT: token type 0, the only one of a single text, is added to every position. Its sum with a word is
     * then w + (p + t) where BERT has (w + p) + t, a difference of one rounding.
     *
     * @throws UserException naming every weight that is missing, unknown, given twice, of another shape or dtype, or not finite
     */
    static SortedMap<String, Tensor> read(EncoderConfig config, Path path) {
        try (SafeTensors file = SafeTensors.open(path)) {
            return new PublishedWeights(config, path, file).read();
        }
    }

    private SortedMap<String, Tensor> read() {
        Map<String, String> sources = sources();
        for (String name : file.entries().keySet()) {
            if (!used.contains(name) && !config.family().isLeftOut(name)) {
                problems.add(name + " unknown");
            }
        }
        if (!problems.isEmpty()) {
            throw new UserException(
                    "Cannot read " + path + ": found " + String.join("; ", problems)
                            + ", expected the weights of a " + config.family().modelType() + " of "
                            + config.sizes().layers() + " layers, "
                            + config.sizes().dim()
                            + " wide, that config.json describes. Take config.json and model.safetensors from the same encoder.");
        }
        SortedMap<String, Tensor> weights = new TreeMap<>();
        List<String> notFinite = new ArrayList<>();
        sources.forEach((name, source) -> {
            Tensor weight = file.read(source);
            if (!isFinite(weight.values())) {
                notFinite.add(source);
            }
            weights.put(name, weight);
        });
        if (!notFinite.isEmpty()) {
            throw new UserException("Cannot read " + path + ": found NaN or infinity in " + String.join(", ", notFinite)
                    + ", expected finite numbers. The training of this encoder diverged: use another.");
        }
        if (config.family() == Family.BERT) {
            addFirstRow(
                    weights.remove(Family.TOKEN_TYPES).values(),
                    weights.get(POSITION_EMBEDDINGS).values(),
                    config.sizes().dim());
        }
        return weights;
    }

    /** The tensor that holds each weight. */
    private Map<String, String> sources() {
        Map<String, long[]> shapes = new LinkedHashMap<>(DistilBertWeights.shapes(config.sizes(), 0));
        shapes.keySet().removeIf(name -> name.startsWith(CLASSIFIER + "."));
        if (config.family() == Family.BERT) {
            shapes.put(
                    Family.TOKEN_TYPES,
                    new long[] {config.tokenTypes(), config.sizes().dim()});
        }
        Map<String, String> sources = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            List<String> names = config.family().published(name);
            List<String> present = names.stream()
                    .filter(one -> file.entries().containsKey(one))
                    .toList();
            used.addAll(present);
            if (present.isEmpty()) {
                problems.add(names.get(0) + " missing");
            } else if (present.size() > 1) {
                problems.add(String.join(" and ", present) + " for the same weight");
            } else {
                sources.put(name, present.get(0));
                check(present.get(0), shape);
            }
        });
        return sources;
    }

    private void check(String name, long[] shape) {
        Entry entry = file.entries().get(name);
        if (!Arrays.equals(entry.shape(), shape)) {
            problems.add(
                    name + " of shape " + Arrays.toString(entry.shape()) + " instead of " + Arrays.toString(shape));
        }
        if (!entry.dtype().isFloat()) {
            problems.add(name + " of dtype " + entry.dtype() + " instead of one of " + Dtype.FLOATS);
        }
    }

    private static void addFirstRow(float[] row, float[] table, int dim) {
        for (int i = 0; i < table.length; i++) {
            table[i] += row[i % dim];
        }
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
