package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.aisle.batch.BaseSizeBundle;
import io.aisle.batch.Fixtures;
import io.aisle.batch.Flops;
import io.aisle.batch.Machine;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.DistilBertEncoder;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import io.aisle.training.Checkpoints;
import io.aisle.training.ClassWeights;
import io.aisle.training.ClassificationLoss;
import io.aisle.training.EpochResult;
import io.aisle.training.Examples;
import io.aisle.training.FineTuner;
import io.aisle.training.InitialWeights;
import io.aisle.training.LearningRates;
import io.aisle.training.Precision;
import io.aisle.training.Progress;
import io.aisle.training.ProgressListener;
import io.aisle.training.TokenFile;
import io.aisle.training.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * How fast a network of DistilBERT's size is trained and read, beside what the machine can do in the same run: {@code scripts/bench
 * training}. It is named so that no other run of tests takes it.
 */
class TrainingSpeed {
    private static final Path TABLE = Path.of("target", "training");
    private static final DistilBertConfig CONFIG = BaseSizeBundle.CONFIG.with(Pooling.CLS);
    private static final int LABELS = 40;
    private static final int BATCH = 16;
    private static final int TOKENS = 128;
    private static final int STEPS = 4;

    /** The first warms up. */
    private static final int ROUNDS = 4;

    private static final int TEXTS = 96;
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    private final Map<String, Double> table = new LinkedHashMap<>();

    @Test
    void measure() throws IOException {
        double step = medianOfWarm(trainingSteps());
        // in the same process, by the same library with as many threads
        double ceiling = sgemm();
        double flops = flopsOfStep();
        table.put("step_seconds", step);
        table.put("step_gflop", flops / 1e9);
        table.put("step_gflops", flops / step / 1e9);
        table.put("sgemm_gflops", ceiling / 1e9);
        table.put("share_of_ceiling", flops / step / ceiling);
        readTexts();
        write();
    }

    /** Seconds of a step, round by round: batches, forward, backward and AdamW on all weights. */
    private static List<Double> trainingSteps() throws IOException {
        List<Double> seconds = new ArrayList<>();
        Path folder = Fixtures.fresh("training-speed");
        try (TokenFile.Writer train = TokenFile.write(folder.resolve("train"), LABELS);
                TokenFile.Writer validation = TokenFile.write(folder.resolve("validation"), LABELS)) {
            Random random = new Random(1);
            for (int row = 0; row < BATCH * STEPS; row++) {
                train.add(randomIds(random), row % LABELS);
            }
            validation.add(randomIds(random), 0);
            Examples rows = train.open();
            TrainingPlan plan = new TrainingPlan(
                    ROUNDS,
                    BATCH,
                    1,
                    new LearningRates(1e-5, 1e-5, 1, 0.1),
                    TrainingPlan.ALL,
                    0.01,
                    0.1,
                    1,
                    ROUNDS,
                    Precision.FLOAT32,
                    1);
            new FineTuner(THREADS)
                    .fit(
                            CONFIG,
                            InitialWeights.random(CONFIG, LABELS, 1),
                            plan,
                            new ClassificationLoss(0, ClassWeights.NONE, 1, 0),
                            rows,
                            validation.open(),
                            Checkpoints.NONE,
                            "",
                            new ProgressListener() {
                                private double rowsPerSecond;

                                @Override
                                public void progressed(Progress progress) {
                                    rowsPerSecond = progress.rowsPerSecond();
                                }

                                @Override
                                public void epochEnded(EpochResult result) {
                                    seconds.add(BATCH / rowsPerSecond);
                                }
                            });
        }
        return seconds;
    }

    private static int[] randomIds(Random random) {
        return random.ints(TOKENS, 5, CONFIG.vocabularySize()).toArray();
    }

    /** Of the matrix products of a step; the backward pass has twice those of the forward one. */
    private static double flopsOfStep() {
        return 3 * BATCH * Flops.ofText(CONFIG, TOKENS);
    }

    /** The best rate of a product of matrices as they are in a step, in floating-point operations a second. */
    private static double sgemm() {
        double best = 0;
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(ai.djl.Device.cpu())) {
            int rows = BATCH * TOKENS;
            for (int[] shape : new int[][] {
                {rows, CONFIG.dim(), CONFIG.hiddenDim()},
                {rows, CONFIG.hiddenDim(), CONFIG.dim()},
                {rows, CONFIG.dim(), CONFIG.dim()},
                {rows, rows, rows}
            }) {
                NDArray left = manager.randomNormal(new Shape(shape[0], shape[1]));
                NDArray right = manager.randomNormal(new Shape(shape[1], shape[2]));
                double flops = 2.0 * shape[0] * shape[1] * shape[2];
                for (int round = 0; round < 30; round++) {
                    long start = System.nanoTime();
                    left.dot(right).close();
                    best = Math.max(best, flops / (System.nanoTime() - start) * 1e9);
                }
            }
        }
        return best;
    }

    /** Texts a second of an encoder that is frozen, and of the engine onnx with a network of the same size, in turn, each on one core as a task has it. */
    private void readTexts() {
        Path folder = Fixtures.fresh("reading-speed");
        ModelBundle bundle = BaseSizeBundle.write(folder.resolve("model"));
        SortedMap<String, Tensor> encoderWeights = BaseSizeBundle.weights(LABELS);
        encoderWeights.keySet().removeIf(name -> name.startsWith("classifier."));
        Path file = folder.resolve("encoder.onnx");
        String hash = DistilBertEncoder.write(file, BaseSizeBundle.CONFIG, encoderWeights);
        List<Product> texts = texts();
        try (Classifier onnx = bundle.classifier(1);
                DistilBertEncoder frozen = DistilBertEncoder.open(
                        file,
                        hash,
                        TextRecipe.standard(),
                        bundle.network("test", "none").vocabulary(),
                        BaseSizeBundle.MAX_TOKENS,
                        1,
                        Device.CPU)) {
            List<Double> features = new ArrayList<>();
            List<Double> scores = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                features.add(rate(frozen::features, texts));
                scores.add(rate(onnx::logits, texts));
            }
            table.put("features_texts_per_second", medianOfWarm(features));
            table.put("onnx_texts_per_second", medianOfWarm(scores));
            table.put("features_to_onnx", medianOfWarm(features) / medianOfWarm(scores));
        }
    }

    private static double rate(Function<List<Product>, List<float[]>> network, List<Product> texts) {
        long start = System.nanoTime();
        assertThat(network.apply(texts)).hasSize(texts.size());
        return texts.size() / ((System.nanoTime() - start) / 1e9);
    }

    private static List<Product> texts() {
        Random random = new Random(2);
        List<Product> products = new ArrayList<>();
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder title = new StringBuilder("p" + i);
            for (int word = 8 + random.nextInt(40); word > 0; word--) {
                title.append(' ').append(Integer.toString(random.nextInt(30_000), 36));
            }
            products.add(new Product("p" + i, title.toString(), "", "", ""));
        }
        return products;
    }

    /** Of all rounds but the first. */
    private static double medianOfWarm(List<Double> rounds) {
        double[] sorted =
                rounds.stream().skip(1).mapToDouble(value -> value).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private void write() throws IOException {
        Files.createDirectories(TABLE);
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(
                        TABLE.resolve("table.json").toFile(), Map.of("machine", Machine.inWords(), "measured", table));
        Files.writeString(
                TABLE.resolve("table.md"),
                String.format(
                        Locale.ROOT,
                        "Machine: %s. Size of DistilBERT base, random weights, float32.%n%n| | |%n|---|---|%n"
                                + "| training step of %d rows of %d word pieces, all weights | %.2f s |%n"
                                + "| its matrix products | %.0f GFLOP, %.0f GFLOP/s |%n"
                                + "| best rate of a matrix product, same process and LibTorch | %.0f GFLOP/s |%n"
                                + "| share of that ceiling | %.2f |%n"
                                + "| frozen features, texts a second on one core | %.1f |%n"
                                + "| engine onnx on the same texts, in turn | %.1f |%n"
                                + "| ratio | %.2f |%n",
                        Machine.inWords(),
                        BATCH,
                        TOKENS,
                        table.get("step_seconds"),
                        table.get("step_gflop"),
                        table.get("step_gflops"),
                        table.get("sgemm_gflops"),
                        table.get("share_of_ceiling"),
                        table.get("features_texts_per_second"),
                        table.get("onnx_texts_per_second"),
                        table.get("features_to_onnx")));
    }
}
