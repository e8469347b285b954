package io.aisle.batch.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A stretch of classify's work on a local output, told from outside by what the process said and wrote. */
enum Moment {
    READ("after reading, before writing", 200),
    WRITING("while predictions are written", 60),
    CHECKING("after writing, while it is read back", 200),
    BEFORE_SWAP("checked, before the swap of CURRENT", 500),
    AFTER_SWAP("after the swap, before its audit line", 500);

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final String words;
    private final int maxDelayMillis;

    Moment(String words, int maxDelayMillis) {
        this.words = words;
        this.maxDelayMillis = maxDelayMillis;
    }

    String inWords() {
        return words;
    }

    /** How much later than its beginning a blow is to come at most; the last two last as long as they are held. */
    int maxDelayMillis() {
        return maxDelayMillis;
    }

    boolean isPublished() {
        return this == AFTER_SWAP;
    }

    /** Makes the process stay in the moment where that can be done. */
    Optional<FileHold> hold(Path output) throws IOException {
        return switch (this) {
            case READ, WRITING, CHECKING -> Optional.empty();
            case BEFORE_SWAP -> Optional.of(FileHold.of(output, "CURRENT"));
            case AFTER_SWAP -> Optional.of(FileHold.of(output, auditLine()));
        };
    }

    private static String auditLine() {
        return "audit/000000000002.json";
    }

    /** Waits until the process is there. */
    void await(AisleProcess process, Path output) throws InterruptedException {
        switch (this) {
            case READ -> process.awaitLine(" records, ", LIMIT);
            case WRITING -> awaitFile(process, predictions(output).resolve("_temporary/0/_temporary"));
            case CHECKING -> awaitFile(process, run(output).resolve("duplicates/_SUCCESS"));
            case BEFORE_SWAP -> process.awaitLine("checked; publishing run", LIMIT);
            case AFTER_SWAP -> {
                process.awaitLine("checked; publishing run", LIMIT);
                long deadline = System.nanoTime() + LIMIT.toNanos();
                while (!isSwapped(output)) {
                    pause(process, deadline);
                }
            }
        }
    }

    /** Whether a process that stands still is there. */
    boolean isNow(Path output) {
        boolean isFinished = Files.exists(run(output).resolve("manifest.json"));
        return switch (this) {
            case READ -> !Files.exists(predictions(output));
            case WRITING -> Files.exists(predictions(output).resolve("_temporary"));
            case CHECKING -> Files.exists(run(output).resolve("duplicates/_SUCCESS")) && !isFinished;
            case BEFORE_SWAP -> isFinished && !isSwapped(output);
            case AFTER_SWAP -> isSwapped(output) && !Files.exists(output.resolve(auditLine()));
        };
    }

    private static boolean isSwapped(Path output) {
        return PublishedRows.current(output.toString()).equals(Nights.SECOND);
    }

    private static void awaitFile(AisleProcess process, Path file) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(file)) {
            pause(process, deadline);
        }
    }

    private static void pause(AisleProcess process, long deadline) throws InterruptedException {
        if (!process.isAlive() || System.nanoTime() > deadline) {
            throw new AssertionError("the process did not come to the moment\n" + process);
        }
        Thread.sleep(1);
    }

    private static Path run(Path output) {
        return output.resolve("runs").resolve(Nights.SECOND);
    }

    private static Path predictions(Path output) {
        return run(output).resolve("predictions");
    }
}
