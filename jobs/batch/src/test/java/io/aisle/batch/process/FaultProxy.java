package io.aisle.batch.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A reverse proxy before an HTTP server that does harm on purpose. Of every {@code oneIn} requests that a fault can befall it befalls
 * one, at a place that the seed chooses, and it is counted. A request is told by its method and path: {@code GET /bucket/key?query}.
 */
public final class FaultProxy implements AutoCloseable {
    private static final Set<String> OF_ONE_CONNECTION =
            Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");
    private static final Set<String> CONDITIONS = Set.of("if-match", "if-none-match");
    private static final String STATUS = "STATUS_";
    private static final long DELAY_MILLIS = 200;

    static {
        // the JDK's server writes head and body of an answer apart, and the kernel would hold the second back for 40 ms
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** What goes wrong. Requests that are answered with a status are not passed on. */
    public enum Fault {
        /** Slow down. */
        STATUS_503,
        /** Internal error. */
        STATUS_500,
        /** Access denied. */
        STATUS_403,
        /** Not implemented. */
        STATUS_501,
        /** The answer's body ends in the middle. Befalls GET requests whose answer has a body. */
        CUT_BODY,
        /** The request waits before it is passed on. */
        DELAY,
        /** The request is passed on, and the connection ends without an answer. */
        LOST_ANSWER
    }

    /** Requests that wait before they are passed on. */
    public static final class Held {
        private final Predicate<String> condition;
        private final CountDownLatch arrival = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private final CountDownLatch passage = new CountDownLatch(1);
        private volatile boolean isDropping;

        private Held(Predicate<String> condition) {
            this.condition = condition;
        }

        /** Waits until a request is held. */
        public void awaitRequest(Duration limit) throws InterruptedException {
            if (!arrival.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("no request to hold within " + limit);
            }
        }

        /** Waits until the server answered a request that was let go. */
        public void awaitAnswer(Duration limit) throws InterruptedException {
            if (!passage.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("no answer to what was held within " + limit);
            }
        }

        /** Ends the requests without passing them on, and holds no other. */
        public void drop() {
            isDropping = true;
            release.countDown();
        }

        /** Lets the requests go, and holds no other. */
        public void release() {
            release.countDown();
        }

        /** Whether this is such a request; then it has waited. */
        private boolean hold(String request) throws InterruptedException {
            boolean isHeld = release.getCount() > 0 && condition.test(request);
            if (isHeld) {
                arrival.countDown();
                release.await();
            }
            return isHeld;
        }
    }

    private record Rule(List<Fault> faults, int oneIn, Random random, Predicate<String> condition) {}

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final URI target;
    private volatile boolean isStrippingConditions;
    private volatile Held held = new Held(request -> false);
    // guarded by this
    private Rule rule = new Rule(List.of(Fault.DELAY), 1, new Random(0), request -> false);
    private int requests;
    private int faults;
    private int victim;

    private FaultProxy(URI target) throws IOException {
        this.target = target;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** A proxy on a free port of the loopback interface that does no harm yet. */
    public static FaultProxy to(URI target) throws IOException {
        return new FaultProxy(target);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Does that harm from now on, to requests that are like that, and counts anew. */
    public void inject(Fault fault, int oneIn, long seed, Predicate<String> condition) {
        injectInTurn(List.of(fault), oneIn, seed, condition);
    }

    /** The same with several harms: each victim suffers the next. */
    public synchronized void injectInTurn(List<Fault> harms, int oneIn, long seed, Predicate<String> condition) {
        rule = new Rule(harms, oneIn, new Random(seed), condition);
        requests = 0;
        faults = 0;
    }

    /** Takes the conditions from requests, as a server would that does not know them. */
    public void stripConditions() {
        isStrippingConditions = true;
    }

    /** Holds requests that are like that from now on. */
    public Held hold(Predicate<String> condition) {
        held = new Held(condition);
        return held;
    }

    /** Requests that the fault, or the one whose turn it was, could have befallen. */
    public synchronized int requests() {
        return requests;
    }

    public synchronized int faults() {
        return faults;
    }

    /** The fault for this request, null for none. */
    private synchronized Fault draw(String request, boolean isAnswered) {
        Fault due = rule.faults.get(faults % rule.faults.size());
        boolean isAfter = due == Fault.CUT_BODY;
        if (isAfter != isAnswered || !rule.condition.test(request)) {
            return null;
        }
        if (requests % rule.oneIn == 0) {
            victim = rule.random.nextInt(rule.oneIn);
        }
        boolean isVictim = requests % rule.oneIn == victim;
        requests++;
        if (isVictim) {
            faults++;
        }
        return isVictim ? due : null;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            byte[] body = exchange.getRequestBody().readAllBytes();
            Held holder = held;
            boolean wasHeld = holder.hold(request);
            if (wasHeld && holder.isDropping) {
                return;
            }
            Fault fault = draw(request, false);
            if (fault != null && fault.name().startsWith(STATUS)) {
                exchange.sendResponseHeaders(Integer.parseInt(fault.name().substring(STATUS.length())), -1);
                return;
            }
            if (fault == Fault.DELAY) {
                Thread.sleep(DELAY_MILLIS);
            }
            HttpResponse<byte[]> answer = answer(exchange, body);
            if (wasHeld) {
                holder.passage.countDown();
            }
            if (fault != Fault.LOST_ANSWER) {
                answer(exchange, request, answer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The server looks at the condition of a write and writes in two steps, so such requests go to it one by one. */
    private HttpResponse<byte[]> answer(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = forwarded(exchange, body);
        boolean isConditional = exchange.getRequestMethod().equals("PUT")
                && CONDITIONS.stream().anyMatch(exchange.getRequestHeaders()::containsKey);
        if (isConditional) {
            synchronized (client) {
                return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            }
        }
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest forwarded(HttpExchange exchange, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            String key = name.toLowerCase(Locale.ROOT);
            if (!OF_ONE_CONNECTION.contains(key) && !(isStrippingConditions && CONDITIONS.contains(key))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    private void answer(HttpExchange exchange, String request, HttpResponse<byte[]> answer) throws IOException {
        byte[] body = answer.body();
        answer.headers().map().forEach((name, values) -> {
            boolean isLengthOfHead = name.equalsIgnoreCase("content-length") && request.startsWith("HEAD ");
            if (isLengthOfHead || !OF_ONE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, new ArrayList<>(values));
            }
        });
        exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
        boolean isCut = body.length > 1 && request.startsWith("GET ") && draw(request, true) == Fault.CUT_BODY;
        // closing the exchange before the promised length ends the connection
        exchange.getResponseBody().write(body, 0, isCut ? body.length / 2 : body.length);
        exchange.getResponseBody().flush();
    }

    @Override
    public void close() {
        held.release();
        server.stop(0);
        threads.shutdownNow();
    }
}
