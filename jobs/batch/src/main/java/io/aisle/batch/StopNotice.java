package io.aisle.batch;

import io.aisle.batch.telemetry.JobLog;

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
                () -> log.error(
                        "Stopped by a signal before the job was done. Nothing was published unless the job said so. Run the"
                                + " same command again."),
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
}
