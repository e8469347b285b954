package io.aisle.core;

/** A run that a rule refuses although its input is sound: a gate, or another run that published first. The mains exit with 4. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}
