package io.aisle.batch.doctor;

import io.aisle.batch.Job.Command;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A place that a job reads or writes.
 *
 * @param option that names it
 * @param uri empty where it was not given, and the job needs it
 */
record Place(String option, Optional<String> uri, Use use) {
    private static final Set<String> VALUES_THAT_ARE_PLACES = Set.of("URI", "DIR");

    /** What a job does at a place. */
    enum Use {
        /** Reads what has to be there. */
        READ,
        /** Reads a bundle, or the champion of a directory of bundles. */
        MODEL,
        /** Writes a directory that must not be there yet. */
        WRITE,
        /** Swaps a CURRENT, beside what is there. */
        PUBLISH;

        /** Whether the job writes there. */
        boolean isOutput() {
            return this == WRITE || this == PUBLISH;
        }
    }

    /** The places of a job: those that are set, and those that it cannot do without. */
    static List<Place> of(Command job, Settings settings) {
        List<Place> places = new ArrayList<>();
        for (CommandOption option : job.options()) {
            if (!VALUES_THAT_ARE_PLACES.contains(option.valueName())) {
                continue;
            }
            Optional<String> uri = settings.optionalText(option.key());
            if (uri.isPresent() || option.required()) {
                places.add(new Place(option.name(), uri, use(job, option)));
            }
        }
        return places;
    }

    private static Use use(Command job, CommandOption option) {
        return switch (option.name()) {
            case "models" -> Use.PUBLISH;
            case "output" -> isPublished(job) ? Use.PUBLISH : Use.WRITE;
            case "model", "baseline" -> Use.MODEL;
            default -> Use.READ;
        };
    }

    /** Whether the output of a job is one that runs are published to, rather than a directory of its own. */
    private static boolean isPublished(Command job) {
        return Set.of("classify", "promote", "rollback").contains(job.name());
    }

    /** How findings name it. */
    String named(String check) {
        return check + ": " + option;
    }
}
