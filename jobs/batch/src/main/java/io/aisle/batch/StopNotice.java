package io.aisle.batch;

import io.aisle.batch.telemetry.JobLog;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * The last word of a process that is stopped before its job is done. Spark stops its context then, and what the job throws because of
 * that says nothing to anybody.
 */
final class StopNotice {
    private final Thread lastWord;

    private StopNotice(Thread lastWord) {
        this.lastWord = lastWord;
    }

    /** Speaks when the process is stopped, unless it is cancelled before. */
    static StopNotice start(JobLog log) {
        Thread lastWord = new Thread(
                () -> {
                    log.error(
                            "Stopped by a signal before the job was done. Nothing was published unless the job said so. Run"
                                    + " the same command again.");
                    silence();
                },
                "aisle-stop-notice");
        Runtime.getRuntime().addShutdownHook(lastWord);
        return new StopNotice(lastWord);
    }

    /** The job is over. False where the process is being stopped already: then the notice has the last word. */
    boolean cancel() {
        try {
            return Runtime.getRuntime().removeShutdownHook(lastWord);
        } catch (IllegalStateException e) {
            // "Shutdown in progress" is thrown from before the first hook starts, which no flag set by a hook could
            // tell
            return false;
        }
    }

    /** Spark stops at the same time, and its tasks would tell at length that they were stopped. */
    private static void silence() {
        Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, Level.OFF);
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }
}
