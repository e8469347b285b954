package io.aisle.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Where a training writes down how far it is, so that another process can go on from there. */
public interface Checkpoints {
    /** Keeps nothing. */
    Checkpoints NONE = new Checkpoints() {
        @Override
        public String place() {
            return "";
        }

        @Override
        public int everySteps() {
            return Integer.MAX_VALUE;
        }

        @Override
        public Optional<InputStream> latest() {
            return Optional.empty();
        }

        @Override
        public void save(Content content) {
            throw new IllegalStateException("Cannot save a checkpoint: none is kept");
        }
    };

    /** What to remove so that a training begins anew. */
    String place();

    /** Steps between one checkpoint and the next, at least 1. */
    int everySteps();

    /** The last one that was saved as a whole, for the caller to close. */
    Optional<InputStream> latest() throws IOException;

    /** Saves one in place of the last; a reader sees the one or the other. */
    void save(Content content) throws IOException;

    /** What writes itself. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }
}
