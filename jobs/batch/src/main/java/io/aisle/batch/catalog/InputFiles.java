package io.aisle.batch.catalog;

import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.StorageFailures;
import io.aisle.core.UserException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;

/** The files that an input names: a file, a directory with all below it, or a pattern; hidden files are left out, as Spark does. */
final class InputFiles {
    private final SparkSession spark;
    private final List<File> files;

    private record File(String uri, long bytes) {}

    private InputFiles(SparkSession spark, List<File> files) {
        this.spark = spark;
        this.files = files;
    }

    /**
     * Lists the files; one small Spark job, in which nothing is read.
     *
     * @param expected what they should hold, for the message where there is nothing
     */
    static InputFiles list(SparkSession spark, String input, String expected) {
        // refuses what is no path, and a file system that is not there
        Path path = Directory.of(spark, input).path();
        List<File> files = new ArrayList<>();
        try {
            for (Row row : spark.read()
                    .format("binaryFile")
                    .option("recursiveFileLookup", "true")
                    .load(input)
                    .select("path", "length")
                    .collectAsList()) {
                files.add(new File(row.getString(0), row.getLong(1)));
            }
        } catch (Exception e) {
            // Spark throws checked exceptions from methods that do not declare them
            if (e instanceof AnalysisException analysis) {
                boolean isAbsent = "PATH_NOT_FOUND".equals(analysis.getErrorClass());
                throw new UserException(
                        "Cannot read " + input + ": "
                                + (isAbsent
                                        ? "found no such file, expected " + expected + ". Check the path."
                                        : e.getMessage()),
                        e);
            }
            if (e instanceof IOException) {
                throw StorageFailures.explain("read", path, e);
            }
            throw e;
        }
        files.sort(Comparator.comparing(File::uri));
        return new InputFiles(spark, files);
    }

    List<String> uris() {
        return files.stream().map(File::uri).toList();
    }

    /**
     * What each task reads, with Spark's settings for the sizes: files that hold lines are cut, compressed ones and the others are not,
     * small ones go together.
     */
    List<List<FileSlice>> tasks(boolean holdLines) {
        SQLConf settings = spark.sessionState().conf();
        Configuration configuration = spark.sessionState().newHadoopConf();
        long openingCost = settings.filesOpenCostInBytes();
        long total =
                files.stream().mapToLong(file -> file.bytes() + openingCost).sum();
        long share = total / spark.sparkContext().defaultParallelism();
        long maxBytes = Math.min(settings.filesMaxPartitionBytes(), Math.max(openingCost, share));
        List<List<FileSlice>> tasks = new ArrayList<>();
        long taskBytes = maxBytes;
        for (File file : files) {
            boolean isCut = holdLines && !FileSlice.isCompressed(file.uri(), configuration);
            long sliceBytes = isCut ? maxBytes : Math.max(1, file.bytes());
            for (long start = 0; start < file.bytes(); start += sliceBytes) {
                long end = Math.min(file.bytes(), start + sliceBytes);
                if (taskBytes + end - start > maxBytes) {
                    tasks.add(new ArrayList<>());
                    taskBytes = 0;
                }
                taskBytes += end - start + openingCost;
                tasks.get(tasks.size() - 1).add(new FileSlice(file.uri(), start, isCut ? end : Long.MAX_VALUE));
            }
        }
        return tasks;
    }
}
