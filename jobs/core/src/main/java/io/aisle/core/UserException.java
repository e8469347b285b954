package io.aisle.core;

/**
 * Something the user can mend: bad input, a bad setting, a refused bundle. The mains print its message without a stack trace.
 *
 * <p>Messages read "Cannot &lt;verb&gt; &lt;thing&gt;: found A, expected B", followed by the remedy.
 */
public final class UserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserException(String message) {
        super(message);
    }

    public UserException(String message, Throwable cause) {
        super(message, cause);
    }
}
