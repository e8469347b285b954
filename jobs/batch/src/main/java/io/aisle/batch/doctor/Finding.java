package io.aisle.batch.doctor;

import io.aisle.core.UserException;
import io.aisle.core.settings.Settings;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one check found.
 *
 * @param name of the check, and of what it looked at where it looks at several things
 * @param remedy what to do; empty where nothing is
 */
record Finding(String name, Verdict verdict, String found, String remedy) {
    /** The messages of {@link UserException}: "Cannot [verb] [thing]: found A, expected B. [Remedy]". */
    private static final Pattern MESSAGE =
            Pattern.compile("(?<found>.*?expected .*?)\\. (?<remedy>[A-Z].*)", Pattern.DOTALL);

    Finding {
        found = Settings.withoutCredentials(found);
        remedy = Settings.withoutCredentials(remedy);
    }

    static Finding ok(String name, String found) {
        return new Finding(name, Verdict.OK, found, "");
    }

    static Finding warn(String name, String found, String remedy) {
        return new Finding(name, Verdict.WARN, found, remedy);
    }

    static Finding fail(String name, String found, String remedy) {
        return new Finding(name, Verdict.FAIL, found, remedy);
    }

    static Finding skip(String name, String why) {
        return new Finding(name, Verdict.SKIP, why, "");
    }

    /** What the user can mend of what was thrown: Spark wraps what a task throws. */
    static Optional<UserException> mendable(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .filter(UserException.class::isInstance)
                .map(UserException.class::cast)
                .findFirst();
    }

    /**
     * What a job would fail with.
     *
     * @param remedy where the message has none
     */
    static Finding fail(String name, UserException failure, String remedy) {
        Matcher message = MESSAGE.matcher(String.valueOf(failure.getMessage()));
        return message.matches()
                ? fail(name, message.group("found"), message.group("remedy"))
                : fail(name, String.valueOf(failure.getMessage()), remedy);
    }
}
