package io.aisle.batch.score;

import io.aisle.batch.gpu.GpuRequest;
import io.aisle.batch.storage.SentFile;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.onnx.Device;
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
 * A bundle's network where the tasks run. Spark sends its file to each executor once; the executor verifies it, and its tasks share one
 * ONNX session a device.
 *
 * @param fileName as Spark knows the file
 * @param hash of the bundle
 * @param manifest of the bundle, which the network is verified by
 * @param threads that one call may use: as many as a task has cores
 * @param gpus what the application was asked for
 */
record SentNetwork(String fileName, String hash, byte[] manifest, Vocabulary vocabulary, int threads, GpuRequest gpus)
        implements Serializable {
    private static final Logger LOG = LoggerFactory.getLogger(SentNetwork.class);
    private static final Map<Opened, Classifier> OPEN = new ConcurrentHashMap<>();

    /** What one session of this JVM is for. */
    private record Opened(String hash, Device device) {}

    static SentNetwork send(SparkSession spark, ModelBundle bundle) {
        int threads = Integer.parseInt(spark.sparkContext().conf().get("spark.task.cpus", "1"));
        return new SentNetwork(
                SentFile.send(spark, bundle.modelFile()),
                bundle.hash(),
                bundle.manifestBytes(),
                bundle.vocabulary(),
                threads,
                GpuRequest.of(spark.sparkContext()));
    }

    /** The classifier of this JVM for the device of the calling task. */
    Classifier classifier() {
        return OPEN.computeIfAbsent(new Opened(hash, gpus.taskDevice()), this::open);
    }

    private Classifier open(Opened wanted) {
        LOG.info("opening the network of model {} on {}", wanted.hash(), wanted.device());
        return ModelBundle.openNetwork(
                manifest, vocabulary, Path.of(SparkFiles.get(fileName)), threads, wanted.device());
    }
}
