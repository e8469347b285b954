package io.aisle.batch.score;

import io.aisle.batch.gpu.GpuRequest;
import io.aisle.batch.storage.SentFile;
import io.aisle.core.model.DistilBertEncoder;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.storage.TemporaryDirectory;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkFiles;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An encoder where the tasks run, as {@link SentNetwork} is a classifier: its file is sent to each executor once, verified there, and
 * shared by its tasks, one ONNX session a device.
 *
 * @param fileName as Spark knows the file
 * @param hash of the file
 * @param maxTokens word pieces a text is cut to
 * @param threads that one call may use: as many as a task has cores
 * @param gpus what the application was asked for
 */
record SentEncoder(
        String fileName,
        String hash,
        TextRecipe recipe,
        Vocabulary vocabulary,
        int maxTokens,
        int threads,
        GpuRequest gpus)
        implements Serializable {
    private static final Logger LOG = LoggerFactory.getLogger(SentEncoder.class);
    private static final Map<Opened, DistilBertEncoder> OPEN = new ConcurrentHashMap<>();

    /** What one session of this JVM is for. */
    private record Opened(String hash, TextRecipe recipe, Vocabulary vocabulary, int maxTokens, Device device) {}

    static SentEncoder send(
            SparkSession spark,
            DistilBertConfig config,
            Map<String, Tensor> weights,
            TextRecipe recipe,
            Vocabulary vocabulary,
            int maxTokens) {
        try (TemporaryDirectory temporary = TemporaryDirectory.create("aisle-encoder-")) {
            Path file = temporary.path().resolve("encoder.onnx");
            String hash = DistilBertEncoder.write(file, config, weights);
            return new SentEncoder(
                    SentFile.send(spark, file),
                    hash,
                    recipe,
                    vocabulary,
                    maxTokens,
                    Integer.parseInt(spark.sparkContext().conf().get("spark.task.cpus", "1")),
                    GpuRequest.of(spark.sparkContext()));
        }
    }

    /** The encoder of this JVM for the device of the calling task. */
    DistilBertEncoder encoder() {
        return OPEN.computeIfAbsent(
                new Opened(hash, recipe, vocabulary, maxTokens, gpus.taskDevice()), wanted -> open(wanted.device()));
    }

    private DistilBertEncoder open(Device device) {
        LOG.info("opening the encoder {} on {}", hash, device);
        return DistilBertEncoder.open(
                Path.of(SparkFiles.get(fileName)), hash, recipe, vocabulary, maxTokens, threads, device);
    }
}
