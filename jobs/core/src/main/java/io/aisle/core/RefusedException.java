package io.aisle.core;

/** A run that is refused although its input is sound: another run published first. The mains exit with 4. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}
