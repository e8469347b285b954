package io.aisle.batch.score;

import io.aisle.core.model.Classifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.text.Vocabulary;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkFiles;
import org.apache.spark.sql.SparkSession;

/**
 * A bundle's network where the tasks run. Spark sends its file to each executor once; the executor verifies it, and its tasks share one
 * ONNX session.
 *
 * @param fileName as Spark knows the file
 * @param hash of the bundle
 * @param manifest of the bundle, which the network is verified by
 * @param threads that one call may use: as many as a task has cores
 */
record SentNetwork(String fileName, String hash, byte[] manifest, Vocabulary vocabulary, int threads)
        implements Serializable {
    private static final Map<String, Classifier> OPEN = new ConcurrentHashMap<>();

    static SentNetwork send(SparkSession spark, ModelBundle bundle) {
        int threads = Integer.parseInt(spark.sparkContext().conf().get("spark.task.cpus", "1"));
        return new SentNetwork(
                send(spark, bundle.modelFile()), bundle.hash(), bundle.manifestBytes(), bundle.vocabulary(), threads);
    }

    /** The files of an application share one directory on each machine, so that each needs a name of its own. */
    private static String send(SparkSession spark, Path file) {
        String name = "aisle-" + UUID.randomUUID() + ".onnx";
        try {
            Path directory = Files.createDirectories(Path.of(SparkFiles.getRootDirectory(), "sent"));
            spark.sparkContext()
                    .addFile(Files.copy(file, directory.resolve(name)).toUri().toString());
            return name;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy the network " + file + " to the temporary directory", e);
        }
    }

    /** The classifier of this JVM. */
    Classifier classifier() {
        return OPEN.computeIfAbsent(
                hash,
                absent -> ModelBundle.openNetwork(manifest, vocabulary, Path.of(SparkFiles.get(fileName)), threads));
    }
}
