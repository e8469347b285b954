package io.aisle.serving.http;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers what is refused before it comes to a route: bytes that are no HTTP, headers that are too large, a service that stops. */
public final class ConnectorErrors implements Request.Handler {
    private final Exchange exchanges;

    public ConnectorErrors(Exchange exchanges) {
        this.exchanges = exchanges;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus() < HttpStatus.BAD_REQUEST_400
                ? HttpStatus.INTERNAL_SERVER_ERROR_500
                : response.getStatus();
        String id = UUID.randomUUID().toString();
        if (status == HttpStatus.INTERNAL_SERVER_ERROR_500
                && request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof Throwable thrown) {
            exchanges.bug(id, thrown);
        }
        Problem problem = problem(status);
        response.setStatus(status);
        Exchange.HEADERS.forEach(response.getHeaders()::put);
        problem.retryAfterSeconds().ifPresent(seconds -> response.getHeaders().put(HttpHeader.RETRY_AFTER, seconds));
        response.getHeaders().put(Exchange.ID, id);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.write(true, ByteBuffer.wrap(Json.bytes(problem.body(id))), callback);
        exchanges.refused(id, request.getMethod(), status, Request.getRemoteAddr(request));
        return true;
    }

    private static Problem problem(int status) {
        return switch (status) {
            case HttpStatus.INTERNAL_SERVER_ERROR_500 -> Exchange.fault();
            case HttpStatus.SERVICE_UNAVAILABLE_503 ->
                Problem.overloaded(
                        "Cannot answer: found that the service stops, expected it to go on. Ask again soon.");
            case HttpStatus.BAD_REQUEST_400 ->
                Problem.of(
                        status,
                        "Cannot read the request: found what is no HTTP, or a path or a host that is not allowed in it,"
                                + " expected HTTP/1.1.");
            default ->
                Problem.of(
                        status,
                        "Cannot read the request: found one that is refused (" + HttpStatus.getMessage(status)
                                + "), expected another.");
        };
    }
}
