package io.aisle.core.settings;

/** A command line that cannot be read: an unknown option, a missing value, a missing option. The mains exit with 1. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
