package io.aisle.bench;

import io.aisle.core.UserException;
import java.io.IOException;
import java.util.List;

/** One question, answered by measuring. */
interface Bench {
    /** One word, as it is given to {@code scripts/bench}. */
    String name();

    /**
     * Measures.
     *
     * @param options what followed the name on the command line
     * @throws UserException if an option is none, or if something that is measured cannot run here
     */
    Measurements measure(List<String> options) throws IOException, InterruptedException;
}
