package io.aisle.serving.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * A load of requests on loopback: each connection sends one, reads its answer, and sends the next. It does little beside, since it shares
 * the machine with what it measures.
 */
public final class LoadClient {
    private final int port;
    private final String path;
    private final LongFunction<String> bodies;
    private final AtomicLong next;

    /**
     * What came of it.
     *
     * @param statuses how many answers of each; -1: the connection broke
     * @param nanos of each answer, sorted
     * @param seconds that it took
     */
    public record Result(Map<Integer, Long> statuses, long[] nanos, double seconds) {
        public double requestsPerSecond() {
            return nanos.length / seconds;
        }

        /** The time under which so many of a hundred answers came. */
        public double milliseconds(double percent) {
            int place = (int) Math.ceil(percent / 100 * nanos.length) - 1;
            return nanos[Math.max(0, place)] / 1e6;
        }

        public long answers(int status) {
            return statuses.getOrDefault(status, 0L);
        }
    }

    /** @param bodies of each request, by its number, from {@code first} on */
    public LoadClient(int port, String path, LongFunction<String> bodies, long first) {
        this.port = port;
        this.path = path;
        this.bodies = bodies;
        this.next = new AtomicLong(first);
    }

    /** Loads it for a time. */
    public Result run(int connections, double seconds) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Connection connection = new Connection(end);
            connection.start();
            all.add(connection);
        }
        Map<Integer, Long> statuses = new TreeMap<>();
        List<long[]> times = new ArrayList<>();
        for (Connection connection : all) {
            connection.join();
            connection.statuses.forEach((status, count) -> statuses.merge(status, count, Long::sum));
            times.add(Arrays.copyOf(connection.nanos, connection.answers));
        }
        long[] nanos = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Result(statuses, nanos, (System.nanoTime() - start) / 1e9);
    }

    private final class Connection extends Thread {
        private final long end;
        private final Map<Integer, Long> statuses = new TreeMap<>();
        private long[] nanos = new long[1024];
        private int answers;

        Connection(long end) {
            this.end = end;
        }

        @Override
        public void run() {
            while (System.nanoTime() < end) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.setTcpNoDelay(true);
                    socket.setSoTimeout(60_000);
                    InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
                    OutputStream out = socket.getOutputStream();
                    while (System.nanoTime() < end) {
                        byte[] request = request(bodies.apply(next.getAndIncrement()));
                        long sent = System.nanoTime();
                        out.write(request);
                        int status = status(in);
                        add(System.nanoTime() - sent);
                        statuses.merge(status, 1L, Long::sum);
                    }
                } catch (IOException e) {
                    statuses.merge(-1, 1L, Long::sum);
                }
            }
        }

        private void add(long time) {
            if (answers == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * nanos.length);
            }
            nanos[answers++] = time;
        }
    }

    private byte[] request(String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + content.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream request = new ByteArrayOutputStream(head.length + content.length);
        request.writeBytes(head);
        request.writeBytes(content);
        return request.toByteArray();
    }

    /** Reads a whole answer, which says its length. */
    private static int status(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ", 3)[1]);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        return status;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
