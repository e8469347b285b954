package io.aisle.serving.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;

/** What happens to every request, whatever it asks for: its id, headers, failures, log line and time. */
public final class Exchange {
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    static final String ID = "X-Request-Id";
    /** What browsers may do with an answer. */
    static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=()",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin");

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");
    private static final String UNKNOWN = "unknown";
    private static final String KEY = "key";
    private static final String BEGUN = "begun";
    private static final String PRODUCTS = "products";

    private final ServiceLog log;
    private final MeterRegistry meters;

    public Exchange(ServiceLog log, MeterRegistry meters) {
        this.log = log;
        this.meters = meters;
    }

    /** Sees to it that this happens to every request; before any route is given. */
    public void attach(JavalinConfig config) {
        config.http.prefer405over404 = true;
        config.routes.before(this::begin);
        config.requestLogger.http(this::end);
        // an Error of a handler would be answered by nobody
        config.router.handlerWrapper(endpoint -> exchange -> {
            try {
                endpoint.handler.handle(exchange);
            } catch (Error e) {
                throw new CompletionException(e);
            }
        });
        config.routes.exception(Exception.class, (e, exchange) -> fail(exchange, e));
        // else the framework's own answer to these would go before
        config.routes.exception(HttpResponseException.class, (e, exchange) -> fail(exchange, e));
    }

    private void begin(Context exchange) {
        String given = exchange.header(ID);
        String id = given != null && REQUEST_ID.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
        exchange.attribute(ID, id);
        exchange.header(ID, id);
        HEADERS.forEach(exchange::header);
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

    /** Notes that rows of the answer are written, some of which may wait to be sent: it can only be ended or broken off. */
    public static void hasBegun(Context exchange) {
        exchange.attribute(BEGUN, true);
    }

    /** Answers with JSON. */
    public static void answer(Context exchange, int status, Object body) {
        exchange.status(status).contentType("application/json").result(Json.bytes(body));
    }

    /** Answers with what is wrong, or breaks off an answer that has begun. */
    private void fail(Context exchange, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        boolean isGone = isGone(cause);
        if (isGone || exchange.attribute(BEGUN) != null || exchange.res().isCommitted()) {
            if (!isGone && !(cause instanceof Problem)) {
                log.bug(id(exchange), cause);
            } else {
                log.say("the answer of request " + id(exchange) + " broke off: "
                        + (isGone ? "its reader has gone" : cause.getMessage()));
            }
            breakOff(exchange);
        } else if (cause instanceof Problem problem) {
            answer(exchange, problem);
        } else if (cause instanceof HttpResponseException refused) {
            Optional.ofNullable(refused.getDetails().get("availableMethods"))
                    .ifPresent(methods -> exchange.header("Allow", methods));
            answer(exchange, Problem.of(refused.getStatus(), sentence(refused.getStatus(), exchange)));
        } else {
            log.bug(id(exchange), cause);
            answer(exchange, fault());
        }
    }

    static Problem fault() {
        return Problem.of(
                HttpStatus.INTERNAL_SERVER_ERROR_500,
                "Cannot answer: found a fault in the service, expected none. Report it with the request_id.");
    }

    /** Whether it came of a connection that its other end has left, or reads no more of. */
    private static boolean isGone(Throwable thrown) {
        boolean isGone = false;
        for (Throwable cause = thrown; cause != null && !(cause instanceof Problem); cause = cause.getCause()) {
            isGone |= cause instanceof EofException
                    || cause instanceof ClosedChannelException
                    || (cause instanceof IOException && cause.getCause() instanceof TimeoutException);
        }
        return isGone;
    }

    /** What was sent cannot be taken back, and must not look as if it were whole. */
    private void breakOff(Context exchange) {
        EndPoint connection = ServletContextRequest.getServletContextRequest(exchange.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        try {
            // a reset: where the end of the connection is the end of the answer, its plain end would say that this is
            // all
            if (connection.getTransport() instanceof SocketChannel channel) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            log.say("could not reset the connection of request " + id(exchange) + ": " + e.getMessage());
        }
        connection.close();
    }

    private static String sentence(int status, Context exchange) {
        return switch (status) {
            case HttpStatus.NOT_FOUND_404 ->
                "Cannot answer: found nothing at this path, expected one of those in /openapi.yaml.";
            case HttpStatus.METHOD_NOT_ALLOWED_405 ->
                "Cannot answer: found the method " + known(exchange.method().name())
                        + ", expected another at this path.";
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

    private void end(Context exchange, float milliseconds) {
        end(
                id(exchange),
                exchange.method().name(),
                route(exchange),
                exchange.statusCode(),
                milliseconds,
                exchange.attribute(KEY),
                exchange.attribute(PRODUCTS),
                exchange.req().getRemoteAddr());
    }

    /** Logs and counts what was refused before it came to any route. */
    void refused(String id, String method, int status, String remote) {
        end(id, method, UNKNOWN, status, 0, null, null, remote);
    }

    private void end(
            String id,
            String method,
            String route,
            int status,
            float milliseconds,
            String key,
            Integer products,
            String remote) {
        log.request(
                id, known(method), route, status, Math.round(milliseconds * 1000.0) / 1000.0, key, products, remote);
        Timer.builder("aisle.http.requests")
                .description("Requests that were answered.")
                .tags("route", route, "status", Integer.toString(status))
                .publishPercentileHistogram()
                .register(meters)
                .record(Duration.ofNanos((long) (milliseconds * 1e6)));
    }

    void bug(String id, Throwable thrown) {
        if (!isGone(thrown)) {
            log.bug(id, thrown);
        }
    }

    private static String known(String method) {
        return METHODS.contains(method) ? method : "other";
    }

    /** What was asked for, of a few: a path that nobody knows is not kept. */
    private static String route(Context exchange) {
        Endpoint endpoint = exchange.endpoints().lastHttpEndpoint();
        if (endpoint != null) {
            return endpoint.path;
        }
        return exchange.statusCode() < HttpStatus.BAD_REQUEST_400 ? "page" : UNKNOWN;
    }
}
