package io.aisle.serving.http;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;

/** What happens to every request, whatever it asks for: its id, headers, failures, log line and time. */
public final class Exchange {
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String ID = "X-Request-Id";
    private static final String KEY = "key";
    private static final String PRODUCTS = "products";

    private final ServiceLog log;
    private final MeterRegistry meters;

    public Exchange(ServiceLog log, MeterRegistry meters) {
        this.log = log;
        this.meters = meters;
    }

    /** Names the request, and says to browsers what the answer may do. */
    public void begin(Context exchange) {
        String given = exchange.header(ID);
        String id = given != null && REQUEST_ID.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
        exchange.attribute(ID, id);
        exchange.header(ID, id)
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                                + " form-action 'none'; base-uri 'none'; frame-ancestors 'none'")
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .header("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin");
        if (exchange.path().startsWith("/v1/")) {
            exchange.header("Cache-Control", "no-store");
        }
    }

    static String id(Context exchange) {
        String id = exchange.attribute(ID);
        return id == null ? "" : id;
    }

    /** Notes for the log who asked. */
    public static void isBy(Context exchange, String key) {
        exchange.attribute(KEY, key);
    }

    /** The name of the API key that asked; that of nobody in a demonstration. */
    public static String by(Context exchange) {
        String key = exchange.attribute(KEY);
        return key == null ? "demo" : key;
    }

    /** Notes for the log how many products were asked about. */
    public static void isAbout(Context exchange, int products) {
        exchange.attribute(PRODUCTS, products);
    }

    /** Answers with JSON. */
    public static void answer(Context exchange, int status, Object body) {
        exchange.status(status).contentType("application/json").result(Json.bytes(body));
    }

    /** Answers with what is wrong. */
    public void fail(Context exchange, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (exchange.res().isCommitted()) {
            // what was sent cannot be taken back: the connection breaks off
            throw new IllegalStateException("The answer of request " + id(exchange) + " broke off", cause);
        }
        if (cause instanceof Problem problem) {
            answer(exchange, problem);
        } else if (cause instanceof HttpResponseException refused) {
            answer(exchange, Problem.of(refused.getStatus(), sentence(refused.getStatus(), exchange)));
        } else {
            log.bug(id(exchange), cause);
            answer(
                    exchange,
                    Problem.of(
                            HttpStatus.INTERNAL_SERVER_ERROR_500,
                            "Cannot answer: found a fault in the service, expected none. Report it with the request_id."));
        }
    }

    private static String sentence(int status, Context exchange) {
        return switch (status) {
            case HttpStatus.NOT_FOUND_404 ->
                "Cannot answer: found nothing at this path, expected one of those in /openapi.yaml.";
            case HttpStatus.METHOD_NOT_ALLOWED_405 ->
                "Cannot answer: found the method " + exchange.method().name() + ", expected another at this path.";
            default -> "Cannot answer: found a request that is refused (" + HttpStatus.getMessage(status) + ").";
        };
    }

    private static void answer(Context exchange, Problem problem) {
        problem.retryAfterSeconds().ifPresent(seconds -> exchange.header("Retry-After", Integer.toString(seconds)));
        if (problem.status() == HttpStatus.UNAUTHORIZED_401) {
            exchange.header("WWW-Authenticate", "Bearer");
        }
        exchange.status(problem.status())
                .contentType(Problem.MEDIA_TYPE)
                .result(Json.bytes(problem.body(id(exchange))));
    }

    /** Logs and counts a request that was answered. */
    public void end(Context exchange, float milliseconds) {
        String route = route(exchange);
        int status = exchange.statusCode();
        log.request(
                id(exchange),
                exchange.method().name(),
                route,
                status,
                Math.round(milliseconds * 1000.0) / 1000.0,
                exchange.attribute(KEY),
                exchange.attribute(PRODUCTS),
                exchange.req().getRemoteAddr());
        Timer.builder("aisle.http.requests")
                .description("Requests that were answered.")
                .tags("route", route, "status", Integer.toString(status))
                .publishPercentileHistogram()
                .register(meters)
                .record(Duration.ofNanos((long) (milliseconds * 1e6)));
    }

    /** What was asked for, of a few: a path that nobody knows is not kept. */
    private static String route(Context exchange) {
        String path = exchange.path();
        boolean isKnown = path.startsWith("/v1/") || path.startsWith("/health/") || path.equals("/metrics");
        return exchange.statusCode() == HttpStatus.NOT_FOUND_404
                        && !path.startsWith("/v1/feedback")
                        && !path.startsWith("/v1/review")
                ? "unknown"
                : isKnown ? path : "page";
    }
}
