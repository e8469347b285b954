package io.aisle.batch.storage;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.SparkFiles;
import org.apache.spark.sql.SparkSession;

/**
 * Files of a directory of the driver's that Spark sends to each executor once.
 *
 * @param files the names by which Spark knows them, by their places in the directory
 */
public record SentDirectory(TreeMap<String, String> files) implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * Sends copies, so that the directory itself may go.
     *
     * @param files relative to the directory, with {@code /}
     */
    public static SentDirectory send(SparkSession spark, Path directory, Collection<String> files) {
        TreeMap<String, String> sent = new TreeMap<>();
        for (String file : files) {
            sent.put(file, SentFile.send(spark, directory.resolve(file)));
        }
        return new SentDirectory(sent);
    }

    /** The name by which {@link SparkFiles#get} finds a file. */
    public String name(String file) {
        return files.get(file);
    }

    /** A new directory of links to what was sent. It goes when the JVM does. */
    public Path link() {
        Path directory = Path.of(SparkFiles.getRootDirectory(), "linked-" + UUID.randomUUID());
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path link = directory.resolve(file.getKey());
                Files.createDirectories(link.getParent());
                Files.createSymbolicLink(
                        link, Path.of(SparkFiles.get(file.getValue())).toAbsolutePath());
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot link what Spark sent, in " + directory, e);
        }
    }
}
