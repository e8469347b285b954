package io.aisle.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class FailureTest {
    private static final String TEMPORARY_REMEDY =
            "name a larger disk for the temporary files (-- --conf spark.local.dir=DIR; on YARN"
                    + " yarn.nodemanager.local-dirs; for uploads to S3 fs.s3a.buffer.dir)";

    /** Thrown by the classes named, the nearest first. */
    private static <T extends Throwable> T from(T thrown, String... classes) {
        StackTraceElement[] frames = new StackTraceElement[classes.length];
        for (int i = 0; i < classes.length; i++) {
            frames[i] = new StackTraceElement(classes[i], "write", "X.scala", 1);
        }
        thrown.setStackTrace(frames);
        return thrown;
    }

    private static SparkException ofTask(String message) {
        return new SparkException(
                "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure:"
                        + " Lost task 0.3 in stage 1.0 (TID 7) (worker-1 executor 3): " + message);
    }

    private static void assertMendable(Throwable thrown, String message) {
        Failure failure = Failure.of(thrown);

        assertThat(failure.message()).isEqualTo(message);
        assertThat(failure.exitCode()).isEqualTo(2);
        assertThat(failure.bug()).isEmpty();
    }

    @Test
    void aFullOutputIsNamed() {
        IOException full = from(
                new IOException("No space left on device"),
                "java.io.FileOutputStream",
                "org.apache.hadoop.fs.RawLocalFileSystem$LocalFSFileOutputStream",
                "org.apache.parquet.hadoop.ParquetFileWriter",
                "org.apache.spark.storage.BlockManager");

        assertMendable(
                new SparkException("Job aborted.", new RuntimeException(full)),
                "Cannot write: found the disk of the output full (No space left on device), expected room. Free some, or name an"
                        + " output on a larger disk, and run the same command again.");
    }

    @Test
    void aJavaThatKeepsItsPackagesClosedIsNamed() {
        for (Throwable closed : new Throwable[] {
            new IllegalAccessError(
                    "class org.apache.spark.storage.StorageUtils$ (in unnamed module @0x1) cannot access class"
                            + " sun.nio.ch.DirectBuffer (in module java.base) because module java.base does not export sun.nio.ch to"
                            + " unnamed module @0x1"),
            new IllegalStateException("Unable to make field private x accessible: module java.base does not \"opens"
                    + " sun.nio.ch\" to unnamed module @0x1")
        }) {
            assertMendable(
                    closed,
                    "Cannot run Spark on this Java: found the package sun.nio.ch of java.base closed, expected it open. Start the"
                            + " job by spark-submit, which opens what Spark needs, or give java the options in java.opens of pom.xml.");
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenToIsNamed() {
        String remedy = ", expected a place that the user " + System.getProperty("user.name")
                + " may read and write. Correct the path, or its permissions.";

        assertMendable(
                new UncheckedIOException(new FileSystemException("/a/CURRENT", null, "Not a directory")),
                "Cannot read or write /a/CURRENT: found Not a directory" + remedy);
        assertMendable(
                new UncheckedIOException(new NoSuchFileException("/a")),
                "Cannot read or write /a: found no such file" + remedy);
        assertMendable(
                new UncheckedIOException(new AccessDeniedException("/a")),
                "Cannot read or write /a: found access denied" + remedy);
        assertMendable(
                new UncheckedIOException(new FileAlreadyExistsException("/a")),
                "Cannot read or write /a: found a file in its place" + remedy);
    }

    @Test
    void aTemporaryDirectoryTooSmallForTheJarIsNamed() {
        assertThat(Failure.of(ofTask("""
                        java.io.IOException: No space left on device
                        \tat java.base/java.io.FileOutputStream.writeBytes(Native Method)
                        \tat org.apache.spark.util.Utils$.copyStream(Utils.scala:279)
                        \tat org.apache.spark.util.Utils$.downloadFile(Utils.scala:582)
                        \tat org.apache.spark.executor.Executor.updateDependencies(Executor.scala:1155)""")).message())
                .startsWith("Cannot write: found a disk of Spark's temporary files full (No space left on device)");
    }

    @Test
    void aFullTemporaryDirectoryIsNamedThoughOnlyTheTextOfTheTaskCameBack() {
        assertMendable(
                ofTask("""
                        java.io.IOException: No space left on device
                        \tat java.base/java.io.FileOutputStream.writeBytes(Native Method)
                        \tat org.apache.spark.storage.TimeTrackingOutputStream.write(TimeTrackingOutputStream.java:59)
                        \tat org.apache.hadoop.fs.Path.x(Path.java:1)"""),
                "Cannot write: found a disk of Spark's temporary files full (No space left on device), expected room. Free some,"
                        + " or " + TEMPORARY_REMEDY + ", and run the same command again.");
        assertThat(Failure.of(
                                ofTask(
                                        "org.apache.spark.memory.SparkOutOfMemoryError: error while calling spill() on Sorter@1 :"
                                                + " No space left on device\n\tat org.apache.spark.memory.TaskMemoryManager.x(X.java:1)"
                                                + "\n\tat org.apache.spark.util.collection.unsafe.sort.UnsafeExternalSorter.x(X.java:1)"))
                        .message())
                .as("not a lack of memory")
                .startsWith("Cannot write: found a disk of Spark's temporary files full (No space left on device)");
        assertThat(Failure.of(from(
                                new IOException("Could not find any valid local directory for s3ablock-0001-"),
                                "org.apache.hadoop.fs.LocalDirAllocator$AllocatorPerContext"))
                        .message())
                .startsWith("Cannot write: found a disk of Spark's temporary files full (Could not find any valid local"
                        + " directory)");
    }

    @Test
    void thePathIsToldWhereItIsKnown() {
        assertThat(Failure.of(from(new FileSystemException("/data/out/x", null, "No space left on device")))
                        .message())
                .isEqualTo(
                        "Cannot write: found the disk of the output or of Spark's temporary files full (/data/out/x: No space"
                                + " left on device), expected room. Free some, or name an output on a larger disk, or "
                                + TEMPORARY_REMEDY + ", and run the same command again.");
        assertThat(Failure.of(from(new FileNotFoundException("/tmp/blockmgr-1/0c/temp_1 (No space left on device)")))
                        .message())
                .startsWith(
                        "Cannot write: found a disk of Spark's temporary files full (/tmp/blockmgr-1/0c/temp_1: No space left");
    }

    @Test
    void tooLittleMemoryIsToldWithWhoseItIs() {
        assertMendable(
                new IllegalStateException(new OutOfMemoryError("Java heap space")),
                "Cannot finish: found too little memory on the driver (OutOfMemoryError: Java heap space), expected enough for"
                        + " what the job holds there. Give it more: -- --driver-memory 8g");
        assertMendable(
                ofTask("java.lang.OutOfMemoryError: Java heap space\n\tat x.Y.z(Y.java:1)"),
                "Cannot finish: found too little memory on an executor (OutOfMemoryError: Java heap space), expected enough for"
                        + " its tasks. Give it more (-- --executor-memory 8g; with a local master, where it is the driver, --"
                        + " --driver-memory 8g; for a network's own memory -- --conf spark.executor.memoryOverhead=4g), or cut"
                        + " the work smaller (-- --conf spark.sql.shuffle.partitions=1000).");
        assertThat(Failure.of(
                                ofTask(
                                        "ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason:"
                                                + " Container killed by YARN for exceeding physical memory limits. 5.5 GB of 5.5 GB used."))
                        .message())
                .startsWith(
                        "Cannot finish: found too little memory on an executor (Container killed by YARN for exceeding"
                                + " physical memory limits), expected");
        assertThat(Failure.of(ofTask(
                                "ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason: Command"
                                        + " exited with code 137"))
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void anApplicationThatWasKilledIsNoBug() {
        for (String message : new String[] {
            "Job 3 cancelled because SparkContext was shut down",
            "Cannot call methods on a stopped SparkContext.\nThis stopped SparkContext was created at:"
        }) {
            assertMendable(
                    new IllegalStateException(message),
                    "Cannot finish: found Spark stopped from outside, expected it to run until the job is done; was the"
                            + " application killed? Nothing was published unless the job said so. Run the same command again.");
        }
    }

    @Test
    void whatIsNotRecognisedIsABug() {
        Exception thrown = ofTask("java.lang.NullPointerException\n\tat org.apache.spark.storage.X.y(X.java:1)");

        assertThat(Failure.of(thrown))
                .isEqualTo(new Failure(
                        3,
                        "This is a bug in Aisle, or something it did not foresee. Please report it with what follows.",
                        java.util.Optional.of(thrown)));
    }
}
