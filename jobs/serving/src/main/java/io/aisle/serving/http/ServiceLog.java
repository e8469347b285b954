package io.aisle.serving.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What the service says: one JSON object a request on the one stream, without anything of the products; and on the other what concerns the
 * service itself, as lines for people.
 */
public final class ServiceLog {
    private final PrintStream requests;
    private final PrintStream messages;
    private final Clock clock;

    /**
     * A request that was answered.
     *
     * @param key name of the API key
     * @param products in the request
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RequestLine(
            String at,
            String request_id,
            String method,
            String path,
            int status,
            double milliseconds,
            String key,
            Integer products,
            String remote) {}

    public ServiceLog(PrintStream requests, PrintStream messages, Clock clock) {
        this.requests = requests;
        this.messages = messages;
        this.clock = clock;
    }

    private String now() {
        return Instant.now(clock).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Logs a request; {@code path} is the route, or what was asked for without its query. */
    void request(
            String id,
            String method,
            String path,
            int status,
            double milliseconds,
            String key,
            Integer products,
            String remote) {
        RequestLine line = new RequestLine(now(), id, method, path, status, milliseconds, key, products, remote);
        requests.print(new String(Json.bytes(line), StandardCharsets.UTF_8) + "\n");
    }

    /** Says something of the service. */
    public void say(String message) {
        messages.print(now() + " " + message.replace('\n', ' ') + "\n");
    }

    /** Reports what was not foreseen. */
    void bug(String requestId, Throwable thrown) {
        synchronized (messages) {
            say("This is a bug in Aisle, or something it did not foresee, in request " + requestId
                    + ". Please report it with what follows.");
            thrown.printStackTrace(messages);
        }
    }
}
