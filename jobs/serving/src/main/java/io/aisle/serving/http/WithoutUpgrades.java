package io.aisle.serving.http;

import java.util.EnumSet;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Hears no wish for another protocol, as HTTP allows (RFC 9110, section 7.8). The framework would make a session for a WebSocket, which
 * stays in memory, before it sees that there is none.
 */
public final class WithoutUpgrades extends Handler.Wrapper {
    private static final EnumSet<HttpHeader> WISHES = EnumSet.of(
            HttpHeader.UPGRADE,
            HttpHeader.HTTP2_SETTINGS,
            HttpHeader.SEC_WEBSOCKET_KEY,
            HttpHeader.SEC_WEBSOCKET_VERSION);

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        boolean isUpgrade = WISHES.stream().anyMatch(request.getHeaders()::contains);
        return super.handle(isUpgrade ? new Plain(request) : request, response, callback);
    }

    private static final class Plain extends Request.Wrapper {
        private final HttpFields headers;

        Plain(Request request) {
            super(request);
            this.headers = HttpFields.build(request.getHeaders(), WISHES).asImmutable();
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }
    }
}
