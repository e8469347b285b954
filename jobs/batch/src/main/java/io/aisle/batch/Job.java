package io.aisle.batch;

import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.util.List;
import java.util.function.Function;

/** One job, its settings already checked: read, check, transform, check, write, report. */
public interface Job {

    /** What the run will do, step by step, for {@code --dry-run}. */
    List<String> plan();

    /** Whether it runs on Spark. A job that does not is handed a context that has a voice alone, and costs no start of a session. */
    default boolean isOnSpark() {
        return true;
    }

    /** Does it. Throws {@link io.aisle.core.UserException} for what the user can mend. */
    void run(JobContext context);

    /**
     * How a job stands on the command line.
     *
     * @param configure reads the job's settings; collects problems in them rather than throwing
     */
    record Command(String name, String summary, List<CommandOption> options, Function<Settings, Job> configure) {}
}
