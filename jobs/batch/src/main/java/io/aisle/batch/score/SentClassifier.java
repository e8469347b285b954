package io.aisle.batch.score;

import io.aisle.batch.gpu.GpuRequest;
import io.aisle.batch.storage.SentDirectory;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelManifest;
import io.aisle.core.onnx.Device;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bundle's classifier where the tasks run. Spark sends its files to each executor once; the executor verifies them, and its tasks share
 * one classifier a device.
 *
 * @param files those that scoring reads, and the manifest
 * @param hash of the bundle
 * @param threads that one call may use: as many as a task has cores
 * @param gpus what the application was asked for
 */
record SentClassifier(SentDirectory files, String hash, int threads, GpuRequest gpus) implements Serializable {
    private static final Logger LOG = LoggerFactory.getLogger(SentClassifier.class);
    private static final Map<Opened, Classifier> OPEN = new ConcurrentHashMap<>();

    /** What one classifier of this JVM is for. */
    private record Opened(String hash, Device device) {}

    static SentClassifier send(SparkSession spark, ModelBundle bundle) {
        TreeSet<String> files = new TreeSet<>(bundle.scoringFiles());
        files.add(ModelManifest.FILE_NAME);
        return new SentClassifier(
                SentDirectory.send(spark, bundle.directory(), files),
                bundle.hash(),
                Integer.parseInt(spark.sparkContext().conf().get("spark.task.cpus", "1")),
                GpuRequest.of(spark.sparkContext()));
    }

    /** The classifier of this JVM for the device of the calling task. */
    Classifier classifier() {
        return OPEN.computeIfAbsent(new Opened(hash, gpus.taskDevice()), this::open);
    }

    private Classifier open(Opened wanted) {
        LOG.info("opening the classifier of model {} on {}", wanted.hash(), wanted.device());
        return ModelBundle.openClassifier(files.link(), threads, wanted.device());
    }
}
