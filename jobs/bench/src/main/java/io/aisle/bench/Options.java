package io.aisle.bench;

import io.aisle.core.UserException;
import java.util.List;

/** What follows a bench's name on the command line. */
final class Options {
    private Options() {}

    /** A whole number above 0. */
    static int count(List<String> options, int index, String name, int otherwise) {
        if (index >= options.size()) {
            return otherwise;
        }
        try {
            int count = Integer.parseInt(options.get(index));
            if (count > 0) {
                return count;
            }
        } catch (NumberFormatException noNumber) {
            // told below, as is one that is too small
        }
        throw new UserException("Cannot measure: found " + name + " '" + options.get(index)
                + "', expected a whole number above 0. Give one, or leave it out.");
    }

    static void requireAtMost(List<String> options, int most) {
        if (options.size() > most) {
            throw new UserException("Cannot measure: found the options " + options + ", expected " + most
                    + " at most. See scripts/bench --help.");
        }
    }
}
