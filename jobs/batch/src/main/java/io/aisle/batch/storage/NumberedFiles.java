package io.aisle.batch.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Versions of one file on a shared file system, written and read by whichever machine has the task. A version is there as a whole or not at
 * all, and takes the place of the one before.
 *
 * @param directory that holds them
 * @param name what their names begin with
 */
public record NumberedFiles(String directory, String name, SerializableConfiguration hadoop) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Of a directory that need not exist yet. */
    public static NumberedFiles of(SparkSession spark, String directory, String name) {
        return new NumberedFiles(
                directory,
                name,
                new SerializableConfiguration(spark.sessionState().newHadoopConf()));
    }

    /** Writes what it is given. */
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** The latest version, for the caller to close. */
    public Optional<InputStream> latest() throws IOException {
        TreeMap<Integer, Path> versions = versions();
        return versions.isEmpty()
                ? Optional.empty()
                : Optional.of(fileSystem().open(versions.lastEntry().getValue()));
    }

    /** Saves the next version and removes those before. */
    public void save(Content content) throws IOException {
        TreeMap<Integer, Path> before = versions();
        int number = before.isEmpty() ? 1 : before.lastKey() + 1;
        // a failure while it is written would publish a part on S3, where closing a file is what publishes it
        java.nio.file.Path local = Files.createTempFile("aisle-" + name, "");
        try {
            try (OutputStream out = Files.newOutputStream(local)) {
                content.writeTo(out);
            }
            publish(local, new Path(directory, name + "-" + number));
        } finally {
            Files.delete(local);
        }
        for (Path old : before.values()) {
            fileSystem().delete(old, false);
        }
    }

    private void publish(java.nio.file.Path local, Path version) throws IOException {
        FileSystem fileSystem = fileSystem();
        if (WholeCommit.concerns(fileSystem)) {
            fileSystem.copyFromLocalFile(false, true, new Path(local.toUri()), version);
            return;
        }
        Path partial = version.suffix(".partial");
        fileSystem.copyFromLocalFile(false, true, new Path(local.toUri()), partial);
        if (!fileSystem.rename(partial, version)) {
            throw new IOException("cannot rename " + partial + " to " + version);
        }
    }

    private TreeMap<Integer, Path> versions() throws IOException {
        TreeMap<Integer, Path> versions = new TreeMap<>();
        try {
            for (FileStatus file : fileSystem().listStatus(new Path(directory))) {
                String found = file.getPath().getName();
                if (found.matches(name + "-\\d{1,9}")) {
                    versions.put(Integer.parseInt(found.substring(name.length() + 1)), file.getPath());
                }
            }
        } catch (FileNotFoundException absent) {
            return versions;
        }
        return versions;
    }

    private FileSystem fileSystem() throws IOException {
        return new Path(directory).getFileSystem(hadoop.value());
    }
}
