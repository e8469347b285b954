package io.aisle.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** How it is sent: types, headers, paths, methods, and bodies whose end is in doubt. */
final class HostileHeads extends HostileCases {
    HostileHeads(long seed) {
        super(seed);
        types();
        headers(120);
        paths(250);
        methods(40);
        framing();
        queries(40);
    }

    private void types() {
        byte[] body = BODIES.get("/v1/classify").getBytes(UTF_8);
        for (String type : List.of(
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                ";;;",
                "application/jsonx",
                "json",
                "application/problem+json",
                "*/*",
                "a".repeat(3000),
                "\u00e9")) {
            add("type", Set.of(415), Wire.request("POST /v1/classify", body, "Content-Type: " + type));
            add("type of a file", Set.of(415), Wire.request("POST /v1/classify/file", body, "Content-Type: " + type));
        }
        add("no type", Set.of(415), Wire.request("POST /v1/classify", body));
        for (String encoding : List.of("gzip", "br", "deflate, gzip", "\u00e9", "x".repeat(2000))) {
            add("encoding", Set.of(415), Wire.request("POST /v1/explain", body, JSON, "Content-Encoding: " + encoding));
        }
        add("charset", Set.of(200), Wire.request("POST /v1/classify", body, JSON + "; charset=utf-16"));
    }

    private void headers(int count) {
        byte[] body = BODIES.get("/v1/classify").getBytes(UTF_8);
        List<String> names = List.of(
                "X-Request-Id",
                "Authorization",
                "Accept",
                "Cookie",
                "Origin",
                "Range",
                "X-Forwarded-For",
                "Upgrade",
                "Sec-WebSocket-Version",
                "Sec-WebSocket-Key",
                "If-None-Match",
                "TE",
                "Trailer",
                "Via",
                "Expect-CT",
                "X");
        for (int i = 0; i < count; i++) {
            String value = i % 2 == 0
                    ? new String(bytes(1 + random.nextInt(60)), ISO_8859_1).replaceAll("[\r\n]", "x")
                    : any(ODD) + any(ODD);
            add(
                    "header",
                    Set.of(200, 400, 431),
                    Wire.request("POST /v1/classify", body, JSON, any(names) + ": " + value));
        }
        for (String bad : List.of(
                "X: a\rSet-Cookie: b=c", "X : a", "X\u0000: a", ": a", "X: a\r\n folded", "noColon", "X: \u0000")) {
            add("bad header", Set.of(400), Wire.request("POST /v1/classify", body, JSON, bad));
        }
        add("long header", Set.of(431), Wire.request("POST /v1/classify", body, JSON, "X: " + "a".repeat(20_000)));
        add("many headers", Set.of(431), Wire.request("GET /v1/model", null, "X: a\r\n".repeat(3_000) + "X: a"));
        add("injected", Set.of(200), Wire.request("GET /v1/model", null, "X-Request-Id: a\nSet-Cookie: b=c"));
        for (String host :
                List.of("example.org", "localhost.example.org", "127.0.0.1.nip.io", "[::2]", "localhost@x")) {
            add("host " + host, Set.of(400, 421), Wire.request("GET /v1/model", null, "Host: " + host));
        }
        add("two hosts", Set.of(400), Wire.request("GET /v1/model", null, "Host: localhost", "Host: localhost"));
    }

    private void paths(int count) {
        List<String> segments = List.of(
                "..",
                ".",
                "%2e%2e",
                "%2E%2e",
                "..%2f",
                "%252e%252e",
                "..;",
                ";jsessionid=1",
                "%00",
                "",
                "",
                "etc",
                "passwd",
                "v1",
                "model",
                "classify",
                "WEB-INF",
                "META-INF",
                "index.html",
                "%5c..",
                "..\\",
                "%c0%ae",
                "%ff",
                "%zz",
                "~",
                "openapi.yaml",
                "io",
                "aisle",
                "page",
                "simplelogger.properties",
                "metrics",
                "health",
                "a".repeat(300));
        for (int i = 0; i < count; i++) {
            StringBuilder path = new StringBuilder();
            for (int depth = 1 + random.nextInt(5); depth > 0; depth--) {
                path.append('/').append(any(segments));
            }
            add("path", Set.of(200, 400, 404, 405), Wire.request("GET " + path, null));
        }
        add("long path", Set.of(414), Wire.request("GET /" + "a".repeat(20_000), null));
        add("another's address", Set.of(400, 421), Wire.request("GET http://example.org/v1/model", null));
        for (String inside :
                List.of("/ServeMain.class", "/../Server.class", "/%2e%2e/openapi.yaml", "/simplelogger.properties")) {
            add("class path", Set.of(400, 404), Wire.request("GET " + inside, null));
        }
    }

    private void methods(int count) {
        for (int i = 0; i < count; i++) {
            String method = random.ints(1 + random.nextInt(20), 'A', 'Z' + 1)
                    .mapToObj(Character::toString)
                    .reduce("", String::concat);
            add("method", Set.of(404, 405), Wire.request(method + " " + any(List.of("/v1/classify", "/", "/x")), null));
        }
        for (String known : List.of("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "GET")) {
            add("method " + known, Set.of(405), Wire.request(known + " /v1/classify", null));
        }
        Stream.of("HTTP/0.9", "HTTP/2.0", "HTTP/3.7", "HTTP/9", "FTP/1.1", "")
                .forEach(version -> add(
                        "version " + version,
                        Set.of(400, 426, 505),
                        ("GET /v1/model " + version + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                                .getBytes(UTF_8)));
        add("HTTP/1.0", Set.of(200), "GET /v1/model HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        add("another protocol", Set.of(400), new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, '\r', '\n', '\r', '\n'});
    }

    /** Where a body ends must be beyond doubt, or a second request hides in it. */
    private void framing() {
        String hidden = "GET /v1/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for (String bad : List.of(
                "Content-Length: -1",
                "Content-Length: abc",
                "Content-Length: +5",
                "Content-Length: 5, 6",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 99999999999999999999",
                "Content-Length: 0x10",
                "Content-Length: 4\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 4",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity")) {
            byte[] head = Wire.request("POST /v1/classify", null, JSON, bad);
            add("framing " + bad, Set.of(400), (new String(head, UTF_8) + "0\r\n\r\n" + hidden).getBytes(UTF_8));
        }
        for (String chunk : List.of("zz\r\n", "-1\r\n", "ffffffffffffffff\r\n", "5 5\r\n", "\r\n\r\n")) {
            add("chunk " + chunk.strip(), Set.of(400), chunked("/v1/classify", chunk + hidden));
        }
    }

    private void queries(int count) {
        for (int i = 0; i < count; i++) {
            String value = any(List.of(
                    "-1",
                    "0",
                    "1e400",
                    "NaN",
                    "0x1p3",
                    "1d",
                    "%00",
                    "%ff",
                    "%zz",
                    "&&&",
                    "2147483648",
                    "%F0%9F%98%80",
                    "",
                    "1"));
            String name = any(List.of("after", "limit", "run_id", "unknown", "%00"));
            add("query", Set.of(200, 400, 404, 422), Wire.request("GET /v1/review?" + name + "=" + value, null));
        }
    }
}
