package io.aisle.batch.promote;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.core.storage.Current;
import java.util.List;
import java.util.Optional;

/**
 * Names a bundle the champion, or a run the published one, without the gate: a person's decision.
 *
 * <p>Reads the bundle, which is verified, or the run, whose predictions are counted. Swaps {@code CURRENT}, which leaves an audit line.
 * Refuses what is not there, not finished or damaged, and where somebody else moved it meanwhile. For a run one small Spark job.
 */
public final class PromoteJob implements Job {
    public static final Command COMMAND = new Command(
            "promote",
            "Makes a bundle the champion, or a run the published one, without the gate.",
            PromoteSettings.PROMOTE_OPTIONS,
            settings -> new PromoteJob(PromoteSettings.read(settings)));

    private final PromoteSettings settings;

    private PromoteJob(PromoteSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        return List.of(
                "check that " + settings.to().orElse("") + " is whole",
                "move " + settings.what() + " to " + settings.to().orElse(""));
    }

    @Override
    public void run(JobContext context) {
        String name = settings.to().orElseThrow();
        PublishedPlace place = PublishedPlace.open(context, settings);
        place.requireWhole(context, name);
        Optional<Current> before = place.current();
        if (before.map(Current::run_id).equals(settings.to())) {
            context.say("%s is current already: nothing to do", name);
            return;
        }
        Current now = place.pointer().promote(name, "by hand, without the gate");
        place.report(context, before, now);
    }
}
