package io.aisle.bench;

import io.aisle.core.UserException;
import java.util.ArrayList;
import java.util.List;

/** The options of a bench that are whole numbers in a row, the later ones with defaults where they are left out. */
final class WholeNumbers {
    private WholeNumbers() {}

    /**
     * Reads them.
     *
     * @param bench names it in messages
     * @param defaults one an option
     * @return as many as there are defaults
     * @throws UserException for another thing than a number from 1, and for too many
     */
    static List<Integer> read(String bench, List<String> options, int... defaults) {
        if (options.size() > defaults.length) {
            throw new UserException("Cannot measure " + bench + ": found the options " + String.join(" ", options)
                    + ", expected at most " + defaults.length + ". Leave out the last ones.");
        }
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < defaults.length; i++) {
            numbers.add(i < options.size() ? read(bench, options.get(i)) : defaults[i]);
        }
        return List.copyOf(numbers);
    }

    private static int read(String bench, String option) {
        if (!option.matches("[1-9][0-9]{0,8}")) {
            throw new UserException("Cannot measure " + bench + ": found the option " + option
                    + ", expected a whole number from 1 to 999999999. Give another one.");
        }
        return Integer.parseInt(option);
    }
}
