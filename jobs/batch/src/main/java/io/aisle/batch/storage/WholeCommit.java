package io.aisle.batch.storage;

import io.aisle.core.UserException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Holds Spark to writing on S3 by the S3A committers. Spark's classic committer renames what its tasks wrote; S3 has no rename, so it
 * copies, slowly, and readers and retries meet half of a result.
 */
final class WholeCommit {
    private static final String PROTOCOL = "spark.sql.sources.commitProtocolClass";
    private static final String PARQUET = "spark.sql.parquet.output.committer.class";
    private static final String COMMITTER = "fs.s3a.committer.name";
    private static final Set<String> COMMITTERS = Set.of("magic", "directory", "partitioned");
    private static final String MARKER = "_SUCCESS";

    private WholeCommit() {}

    /** Whether the path is reached by S3A; other file systems for S3, such as EMR's, bring committers of their own. */
    static boolean concerns(FileSystem fileSystem) {
        return fileSystem.getClass().getSimpleName().equals("S3AFileSystem");
    }

    /** Refuses a session that would write there by renaming. */
    static void requireSettings(Configuration configuration, Path path) {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put(PROTOCOL, "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol");
        expected.put(PARQUET, "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter");
        expected.put(
                "mapreduce.outputcommitter.factory.scheme." + path.toUri().getScheme(),
                "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory");
        List<String> wrong = new ArrayList<>();
        expected.forEach((key, value) -> {
            if (!value.equals(configuration.get(key))) {
                wrong.add(key + " = " + configuration.get(key, "(not set)"));
            }
        });
        if (!COMMITTERS.contains(configuration.get(COMMITTER, "file"))) {
            wrong.add(COMMITTER + " = " + configuration.get(COMMITTER, "(not set)"));
        }
        if (!wrong.isEmpty()) {
            throw new UserException("Cannot write " + path + ": found settings by which Spark renames what it wrote ("
                    + String.join("; ", wrong) + "), expected one of the S3A committers, since S3 has no rename."
                    + " Set what conf/spark-defaults.conf sets under \"S3\".");
        }
    }

    /** Refuses what Spark wrote to a directory where the committer did not leave its report. */
    static void requireMarker(FileSystem fileSystem, Path directory) throws IOException {
        String found;
        try {
            found = fileSystem.getFileStatus(new Path(directory, MARKER)).getLen() == 0 ? "an empty " + MARKER : null;
        } catch (FileNotFoundException e) {
            found = "no " + MARKER;
        }
        if (found != null) {
            throw new UserException("Cannot use what was written to " + directory + ": found " + found
                    + ", expected the report of an S3A committer, since S3 has no rename. Remove the directory, set what"
                    + " conf/spark-defaults.conf sets under \"S3\", and run again.");
        }
    }
}
