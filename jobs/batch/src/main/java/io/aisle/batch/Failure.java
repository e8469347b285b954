package io.aisle.batch;

import io.aisle.batch.storage.StorageFailures;
import io.aisle.batch.telemetry.JobLog;
import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import io.aisle.core.settings.Settings;
import io.aisle.core.settings.UsageException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a failure means for the user: the exit code and the message. A full disk, too little memory and a stopped application are
 * recognised by what Java, Spark and YARN say; Spark often hands on only the text of what a task threw.
 *
 * @param bug what to show with its stack trace; none where the message says all
 */
public record Failure(int exitCode, String message, Optional<Throwable> bug) {
    private static final Pattern DISK_FULL =
            Pattern.compile("(?<path>/[^\\s:]*)?[^\\n]{0,3}?(?<what>No space left on device|Disk quota exceeded)"
                    + "|(?<allocator>Could not find any valid local directory)");
    /** The frame nearest to the write tells whose file it was. */
    private static final Pattern WRITER = Pattern.compile(
            "\\bat (?:(?<temporary>org\\.apache\\.spark\\.(?:storage\\.|shuffle\\.|util\\.collection\\.|util\\.Utils\\$\\.(?:fetchFile|doFetchFile|downloadFile)\\b)|org\\.apache\\.hadoop\\.fs\\.(?:s3a\\.|LocalDirAllocator))"
                    + "|(?<output>org\\.apache\\.hadoop\\.(?:fs|hdfs)\\.))");

    private static final Pattern EXECUTOR_KILLED =
            Pattern.compile("Container killed by YARN for exceeding [^\\n.]*limits"
                    + "|ExecutorLostFailure[^\\n]*(?:OOM|exit(?:ed with)? (?:code|status):? (?:137|52)\\b)"
                    + "|Exit status: 137");
    private static final Pattern OUT_OF_MEMORY = Pattern.compile("\\w*OutOfMemoryError(?:: [^\\n]*)?");
    /** Java says so of a package that Spark reaches into and that no --add-opens opened. */
    private static final Pattern CLOSED_PACKAGE =
            Pattern.compile("module java\\.base does not (?:export|\"opens) (?<package>[\\w.]+)[^\\n]*");

    private static final Pattern STOPPED =
            Pattern.compile("cancelled because (?:SparkContext was shut down|Application [^\\n]*killed)"
                    + "|Cannot call methods on a stopped SparkContext");

    /** What a failure means. */
    public static Failure of(Throwable thrown) {
        if (thrown instanceof UsageException) {
            return mendable(1, thrown.getMessage());
        }
        Optional<RefusedException> refused = cause(thrown, RefusedException.class);
        if (refused.isPresent()) {
            return mendable(4, refused.get().getMessage());
        }
        Optional<UserException> user = cause(thrown, UserException.class);
        if (user.isPresent()) {
            return mendable(2, user.get().getMessage());
        }
        Optional<String> storage = StorageFailures.ofS3a(thrown);
        if (storage.isPresent()) {
            return mendable(2, "Cannot read or write on S3: " + storage.get());
        }
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return surroundings(thrown, trace.toString())
                .or(() -> StorageFailures.ofLocalFile(thrown))
                .map(message -> mendable(2, message))
                .orElseGet(() -> new Failure(
                        3,
                        "This is a bug in Aisle, or something it did not foresee. Please report it with what follows.",
                        Optional.of(thrown)));
    }

    private static Failure mendable(int exitCode, String message) {
        return new Failure(exitCode, Settings.withoutCredentials(message), Optional.empty());
    }

    /** What to say of it in one place among others: of a bug, what it is at its root. */
    public String reason() {
        return bug.map(Failure::root).orElse(message);
    }

    private static String root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        // Spark hands on the stack trace of a task in the message
        return root.toString().lines().findFirst().orElseThrow();
    }

    /** Says it. */
    void tell(JobLog log) {
        bug.ifPresentOrElse(thrown -> log.error(message, thrown), () -> log.error(message));
    }

    /** What the machine or the cluster lacked, where that is what failed. */
    private static Optional<String> surroundings(Throwable thrown, String trace) {
        Matcher disk = DISK_FULL.matcher(trace);
        if (disk.find()) {
            return Optional.of(fullDisk(disk, trace));
        }
        Matcher killed = EXECUTOR_KILLED.matcher(trace);
        Matcher memory = OUT_OF_MEMORY.matcher(trace);
        if (killed.find()) {
            return Optional.of(executorMemory(killed.group()));
        }
        if (memory.find()) {
            return Optional.of(
                    isOfTask(thrown)
                            ? executorMemory(memory.group())
                            : "Cannot finish: found too little memory on the driver (" + memory.group()
                                    + "), expected enough for what the job holds there. Give it more: -- --driver-memory 8g");
        }
        Matcher closed = CLOSED_PACKAGE.matcher(trace);
        if (closed.find()) {
            return Optional.of("Cannot run Spark on this Java: found the package " + closed.group("package")
                    + " of java.base closed, expected it open. Start the job by spark-submit, which opens what Spark needs, or give"
                    + " java the options in java.opens of pom.xml.");
        }
        // last, since an application stops after such failures too
        return STOPPED.matcher(trace).find()
                ? Optional.of(
                        "Cannot finish: found Spark stopped from outside, expected it to run until the job is done;"
                                + " was the application killed? Nothing was published unless the job said so. Run the same"
                                + " command again.")
                : Optional.empty();
    }

    private static String fullDisk(Matcher disk, String trace) {
        String what = disk.group("allocator") == null ? disk.group("what") : disk.group("allocator");
        String path = disk.group("path") == null ? "" : disk.group("path") + ": ";
        Matcher writer = WRITER.matcher(trace);
        boolean hasWriter = writer.find(disk.end());
        boolean isTemporary = path.contains("/blockmgr-") || (hasWriter && writer.group("temporary") != null);
        boolean isOutput = !isTemporary && hasWriter;
        String place = isTemporary
                ? "a disk of Spark's temporary files"
                : isOutput ? "the disk of the output" : "the disk of the output or of Spark's temporary files";
        String outputRemedy = "name an output on a larger disk";
        String temporaryRemedy = "name a larger disk for the temporary files (-- --conf spark.local.dir=DIR; on YARN"
                + " yarn.nodemanager.local-dirs; for uploads to S3 fs.s3a.buffer.dir)";
        return "Cannot write: found " + place + " full (" + path + what + "), expected room. Free some, or "
                + (isTemporary ? temporaryRemedy : isOutput ? outputRemedy : outputRemedy + ", or " + temporaryRemedy)
                + ", and run the same command again.";
    }

    private static String executorMemory(String found) {
        return "Cannot finish: found too little memory on an executor (" + found
                + "), expected enough for its tasks. Give it more (-- --executor-memory 8g; with a local master, where it is the"
                + " driver, -- --driver-memory 8g; for a network's own memory -- --conf spark.executor.memoryOverhead=4g), or"
                + " cut the work smaller (-- --conf spark.sql.shuffle.partitions=1000).";
    }

    /** Whether it came out of a task, and not out of the driver's own work. */
    private static boolean isOfTask(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("Lost task ") || message.contains("aborted due to stage failure")) {
                return true;
            }
        }
        return false;
    }

    /** Spark wraps what a task throws; the user's message is inside. */
    private static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }
}
