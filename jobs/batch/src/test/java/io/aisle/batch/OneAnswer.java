package io.aisle.batch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A server on a free port of the loopback interface that answers each request by one text, as it stands. */
public final class OneAnswer implements AutoCloseable {
    private final ServerSocket server;
    private final Thread thread;

    private OneAnswer(String answer) throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        thread = new Thread(() -> serve(answer.getBytes(StandardCharsets.US_ASCII)), "one answer");
        thread.start();
    }

    /** Says 403, with that header Date. */
    public static OneAnswer dated(Instant time) throws IOException {
        return headers("Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC)) + "\r\n");
    }

    /** Says 403, and not when. */
    public static OneAnswer dateless() throws IOException {
        return headers("");
    }

    private static OneAnswer headers(String headers) throws IOException {
        return new OneAnswer("HTTP/1.1 403 Forbidden\r\n" + headers + "Content-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private void serve(byte[] answer) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                if (socket.getInputStream().read(new byte[8_192]) > 0) {
                    socket.getOutputStream().write(answer);
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
