package io.aisle.serving.http;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers what is refused before it is a request: bytes that are no HTTP, headers that are too large. */
public final class ConnectorErrors implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus() < HttpStatus.BAD_REQUEST_400
                ? HttpStatus.INTERNAL_SERVER_ERROR_500
                : response.getStatus();
        Problem problem = Problem.of(
                status, "Cannot read the request: found " + HttpStatus.getMessage(status) + ", expected HTTP/1.1.");
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.write(
                true, ByteBuffer.wrap(Json.bytes(problem.body(UUID.randomUUID().toString()))), callback);
        return true;
    }
}
