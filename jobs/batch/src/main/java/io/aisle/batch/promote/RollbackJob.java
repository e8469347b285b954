package io.aisle.batch.promote;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.core.UserException;
import io.aisle.core.storage.Current;
import java.util.List;
import java.util.Optional;

/**
 * Goes back to an earlier champion, or an earlier published run.
 *
 * <p>Reads the bundle, which is verified, or the run, whose predictions are counted. Swaps {@code CURRENT}, which leaves an audit line;
 * no other byte changes. Refuses what was never published or is no longer kept, what is damaged, and where somebody else moved it
 * meanwhile. For a run one small Spark job.
 */
public final class RollbackJob implements Job {
    public static final Command COMMAND = new Command(
            "rollback",
            "Goes back to an earlier champion, or an earlier published run.",
            PromoteSettings.ROLLBACK_OPTIONS,
            settings -> new RollbackJob(PromoteSettings.read(settings)));

    private final PromoteSettings settings;

    private RollbackJob(PromoteSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        String to = settings.to().orElse("the one before");
        return List.of("check that " + to + " is whole", "move " + settings.what() + " back to " + to);
    }

    @Override
    public void run(JobContext context) {
        PublishedPlace place = PublishedPlace.open(context, settings);
        Optional<Current> before = place.current();
        String name = settings.to().orElseGet(() -> beforeThis(place));
        if (before.map(Current::run_id).equals(Optional.of(name))) {
            context.say("%s is current already: nothing to do", name);
            return;
        }
        requireKept(place, name);
        place.requireWhole(context, name);
        place.report(context, before, place.pointer().moveTo(name, "rollback", "by hand"));
    }

    private String beforeThis(PublishedPlace place) {
        Current current = place.current()
                .orElseThrow(() -> new UserException("Cannot roll back " + settings.what()
                        + ": found nothing published, expected a version to go back from. Publish one first."));
        return current.beforeThis()
                .orElseThrow(() -> new UserException("Cannot roll back " + settings.what() + ": found nothing before "
                        + current.run_id() + ", expected an earlier version that is kept. Name one with --to: "
                        + String.join(", ", current.kept())));
    }

    private void requireKept(PublishedPlace place, String name) {
        List<String> kept = place.current().map(Current::kept).orElse(List.of());
        if (!kept.contains(name)) {
            throw new UserException("Cannot roll back " + settings.what() + " to " + name
                    + ": found no such name among what was published and is kept, expected "
                    + (kept.isEmpty()
                            ? "something published. Publish one first."
                            : "one of " + String.join(", ", kept)
                                    + ". For one that was never published: aisle promote."));
        }
    }
}
