package io.aisle.serving.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.OptionalInt;
import org.eclipse.jetty.http.HttpStatus;

/**
 * What is wrong with a request, as a problem detail (RFC 9457). Thrown by whoever finds it; the server answers with it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The media type of problem details. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final int SECONDS_UNTIL_ROOM = 1;

    private final int status;
    private final transient List<FieldError> errors;
    private final int retryAfterSeconds;

    /**
     * What is wrong with one field.
     *
     * @param pointer into the body (RFC 6901); a parameter or a header by its name
     */
    public record FieldError(String pointer, String detail) {}

    /** The body of the answer. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Body(String type, String title, int status, String detail, String request_id, List<FieldError> errors) {}

    private Problem(int status, String detail, List<FieldError> errors, int retryAfterSeconds, Throwable cause) {
        super(detail, cause);
        this.status = status;
        this.errors = List.copyOf(errors);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** A problem without more to say than its sentence. */
    public static Problem of(int status, String detail) {
        return new Problem(status, detail, List.of(), 0, null);
    }

    /** A request that can be read, but not used. */
    public static Problem invalid(List<FieldError> errors) {
        FieldError first = errors.get(0);
        String place = first.pointer().isEmpty() ? "the body" : first.pointer();
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more in errors)";
        return new Problem(
                HttpStatus.UNPROCESSABLE_ENTITY_422,
                "Cannot use the request: " + place + ": " + first.detail() + more,
                errors,
                0,
                null);
    }

    /** A request of which a parameter or a header is wrong. */
    public static Problem invalid(String name, String detail) {
        return invalid(List.of(new FieldError(name, detail)));
    }

    /** No room now: the same request may succeed soon. */
    public static Problem overloaded(String detail) {
        return new Problem(HttpStatus.SERVICE_UNAVAILABLE_503, detail, List.of(), SECONDS_UNTIL_ROOM, null);
    }

    /** Something that this service needs does not answer now. */
    public static Problem unavailable(String detail, Throwable cause) {
        return new Problem(HttpStatus.SERVICE_UNAVAILABLE_503, detail, List.of(), SECONDS_UNTIL_ROOM, cause);
    }

    /** The key asks too often. */
    public static Problem tooMany(String detail, int retryAfterSeconds) {
        return new Problem(HttpStatus.TOO_MANY_REQUESTS_429, detail, List.of(), retryAfterSeconds, null);
    }

    public int status() {
        return status;
    }

    List<FieldError> errors() {
        return errors;
    }

    /** When to ask again; empty where that changes nothing. */
    OptionalInt retryAfterSeconds() {
        return retryAfterSeconds == 0 ? OptionalInt.empty() : OptionalInt.of(retryAfterSeconds);
    }

    Body body(String requestId) {
        return new Body("about:blank", HttpStatus.getMessage(status), status, getMessage(), requestId, errors);
    }
}
