package io.aisle.bench;

import io.aisle.core.UserException;
import java.util.List;

/** What follows a bench's name on the command line. */
final class Options {
    private Options() {}

    /** A whole number of at least 1; the default where the line ends before it. */
    static int number(String bench, List<String> options, int index, int otherwise) {
        if (index >= options.size()) {
            return otherwise;
        }
        String option = options.get(index);
        try {
            int number = Integer.parseInt(option);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, with what is too small
        }
        throw new UserException(
                "Cannot run the bench " + bench + ": found " + option + ", expected a whole number of at least 1.");
    }
}
