package io.aisle.batch.monitor;

import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.util.List;
import java.util.Optional;

/**
 * What monitor needs to know.
 *
 * @param run a run's directory, or an output of classify for its published run
 * @param baseline what it should be like: see {@link Baseline#open}
 * @param history directory of the runs that were monitored; empty: beside the run's siblings
 * @param failOn the level from which on the job ends refused; empty: none
 */
record MonitorSettings(
        String run,
        String baseline,
        Optional<String> history,
        Optional<Level> failOn,
        Thresholds thresholds,
        String output) {

    static final List<CommandOption> OPTIONS = List.of(
            CommandOption.required(
                    "run", "URI", "monitor.run", "run to look at, or an output of classify for its published run"),
            CommandOption.required(
                    "baseline",
                    "RUN",
                    "monitor.baseline",
                    "what it should be like: previous, CURRENT, a run id, or the URI of a run or of a bundle"),
            CommandOption.optional(
                    "history", "URI", "monitor.history", "directory of one row a run; default: history in the output"),
            CommandOption.optional("fail-on", "LEVEL", "monitor.fail-on", "warn or fail: end with 4 on such a finding"),
            CommandOption.required("output", "URI", "output", "directory to write the report to"));

    static MonitorSettings read(Settings settings) {
        Optional<Level> failOn = settings.optionalChoice("monitor.fail-on", Level.class);
        if (failOn.equals(Optional.of(Level.OK))) {
            settings.problem("monitor.fail-on", "ok", "one of warn, fail");
        }
        return new MonitorSettings(
                settings.text("monitor.run"),
                settings.text("monitor.baseline"),
                settings.optionalText("monitor.history"),
                failOn,
                Thresholds.read(settings),
                settings.text("output"));
    }
}
