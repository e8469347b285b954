package io.aisle.batch.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.aisle.core.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server of encoders on the loopback interface: the same three files under every name, whose connections can break. */
final class Hub implements AutoCloseable {
    private final HttpServer server;
    final Map<String, byte[]> contents = new ConcurrentHashMap<>();
    final List<String> requests = new CopyOnWriteArrayList<>();
    /** The file and the range of each request; "" is the whole. */
    final List<Map.Entry<String, String>> ranges = new CopyOnWriteArrayList<>();
    /** Bytes that an answer brings before its connection breaks. */
    volatile int cutAfter = Integer.MAX_VALUE;
    /** Requests after which every other gets a 503. */
    volatile int answersBeforeFailing = Integer.MAX_VALUE;

    volatile boolean hasRanges = true;

    Hub() throws IOException {
        byte[] weights = new byte[10_000];
        new Random(1).nextBytes(weights);
        contents.put("config.json", "{\"model_type\": \"distilbert\"}\n".getBytes(UTF_8));
        contents.put("model.safetensors", weights);
        contents.put("vocab.txt", "[PAD]\n[UNK]\n".getBytes(UTF_8));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    byte[] content(String file) {
        return contents.get(file);
    }

    String hash(String file) {
        return Sha256.hex(content(file));
    }

    List<String> rangesOf(String file) {
        return ranges.stream()
                .filter(range -> range.getKey().equals(file))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String file = path.substring(path.lastIndexOf('/') + 1);
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(path);
        ranges.add(Map.entry(file, range == null ? "" : range));
        byte[] content = contents.get(file);
        if (requests.size() > answersBeforeFailing) {
            exchange.sendResponseHeaders(503, -1);
        } else if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            send(exchange, content, range == null || !hasRanges ? 0 : start(range));
        }
        exchange.close();
    }

    private void send(HttpExchange exchange, byte[] content, int from) throws IOException {
        if (from >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        // less than was promised: the server then breaks the connection
        exchange.getResponseBody().write(content, from, Math.min(cutAfter, content.length - from));
        exchange.getResponseBody().flush();
    }

    private static int start(String range) {
        return Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
    }
}
