package io.aisle.batch.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.spark.SparkFiles;
import org.apache.spark.sql.SparkSession;

/** A file of the driver's that Spark sends to each executor once, whichever needs it first and however late it starts. */
public final class SentFile {
    private SentFile() {}

    /**
     * Sends a copy, so that the file itself may go. The files of an application share one directory on each machine, so that each gets a
     * name of its own.
     *
     * @return the name by which {@link SparkFiles#get} finds it
     */
    public static String send(SparkSession spark, Path file) {
        String name = "aisle-" + UUID.randomUUID() + "-" + file.getFileName();
        try {
            Path directory = Files.createDirectories(Path.of(SparkFiles.getRootDirectory(), "sent"));
            spark.sparkContext()
                    .addFile(Files.copy(file, directory.resolve(name)).toUri().toString());
            return name;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy " + file + " to the temporary directory", e);
        }
    }
}
