package io.aisle.batch.process;

import io.aisle.batch.Fixtures;
import io.aisle.batch.HandMadeBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * The classes of the Spark home as a job had them loaded and verified (a dynamic archive of class data sharing): JVMs that map it start in
 * two thirds of the time. The first test that needs it makes it; those of the other JVM of the tests go without it until it is there.
 *
 * <p>An archive takes no directory with classes or settings, so processes that map it have {@link #NO_SETTINGS} for Spark's.
 */
final class ClassArchive {
    private static final Path DIRECTORY = Path.of("target", "class-archive").toAbsolutePath();
    private static final Path ARCHIVE = DIRECTORY.resolve("spark.jsa");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final String NONE = "-Xshare:auto";

    /** An empty directory. */
    static final Path NO_SETTINGS = DIRECTORY.resolve("no-settings");

    private static String option = NONE;

    private ClassArchive() {}

    /** The option of a JVM with the Spark home's class path that maps the archive; one without effect where it is being made. */
    static synchronized String javaOption() {
        if (option.equals(NONE)) {
            option = option();
        }
        return option;
    }

    /** The class path of a JVM that maps the archive begins so. */
    static String classPath() throws IOException {
        return NO_SETTINGS + "/:" + SparkHome.get() + "/jars/*";
    }

    private static String option() {
        try {
            Files.createDirectories(NO_SETTINGS);
            try (FileChannel channel = FileChannel.open(
                            DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                if (lock == null) {
                    return NONE;
                }
                Path home = SparkHome.get().resolve(".complete");
                if (!Files.exists(ARCHIVE)
                        || Files.getLastModifiedTime(ARCHIVE).compareTo(Files.getLastModifiedTime(home)) < 0) {
                    make();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return "-XX:SharedArchiveFile=" + ARCHIVE;
    }

    /** By a job that loads most of what any does. */
    private static void make() throws IOException, InterruptedException {
        Files.deleteIfExists(ARCHIVE);
        Path folder = Fixtures.fresh("class-archive");
        Path catalog = Nights.write(
                folder.resolve("catalog.jsonl"),
                List.of("{\"asin\": \"1\", \"title\": \"red tea\"}", "{\"asin\": \"2\", \"title\": \"lamp\"}"));
        try (AisleProcess job = AisleProcess.startWithJavaOption(
                "-XX:ArchiveClassesAtExit=" + ARCHIVE,
                Nights.classify(
                        HandMadeBundle.get().directory(),
                        catalog,
                        folder.resolve("output").toString(),
                        "run"))) {
            if (job.exitCode(LIMIT) != 0 || !Files.exists(ARCHIVE)) {
                throw new AssertionError("no archive of classes was made\n" + job);
            }
        }
    }
}
