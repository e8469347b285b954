package io.aisle.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** HTTP by sockets, for what a client that keeps to the rules cannot send, and all that comes back. */
public final class Wire {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MILLISECONDS = 30_000;

    private Wire() {}

    /**
     * What came back.
     *
     * @param headers by their names in lower case
     */
    public record Answer(int status, Map<String, String> headers, String body) {
        public JsonNode json() {
            try {
                return MAPPER.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + body, e);
            }
        }
    }

    /** A request with a Host and without keep-alive, unless the headers say otherwise. */
    public static byte[] request(String methodAndPath, byte[] body, String... headers) {
        StringBuilder head = new StringBuilder(methodAndPath + " HTTP/1.1\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (Arrays.stream(headers).noneMatch(header -> header.startsWith("Host:"))) {
            head.append("Host: localhost\r\n");
        }
        if (body != null) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body == null ? new byte[0] : body);
        return bytes.toByteArray();
    }

    /** Sends bytes, and gives the answers to them. */
    public static List<Answer> send(int port, byte[]... parts) throws IOException {
        try (Socket socket = open(port)) {
            for (byte[] part : parts) {
                socket.getOutputStream().write(part);
            }
            return answers(socket);
        }
    }

    /** The same of a request that has one answer. */
    public static Answer ask(int port, byte[] request) throws IOException {
        List<Answer> answers = send(port, request);
        if (answers.size() != 1) {
            throw new AssertionError("found " + answers.size() + " answers, expected one");
        }
        return answers.get(0);
    }

    public static Socket open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(MILLISECONDS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Reads until the server closes the connection. */
    public static List<Answer> answers(Socket socket) throws IOException {
        byte[] all = socket.getInputStream().readAllBytes();
        // one byte, one character, so that lengths hold
        String text = new String(all, StandardCharsets.ISO_8859_1);
        List<Answer> answers = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf("\r\n\r\n", start);
            if (end < 0) {
                throw new AssertionError("no HTTP: " + text.substring(start));
            }
            String[] lines = text.substring(start, end).split("\r\n", -1);
            int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
            Map<String, String> headers = new TreeMap<>();
            for (int i = 1; i < lines.length; i++) {
                String[] sides = lines[i].split(": ?", 2);
                headers.put(sides[0].toLowerCase(Locale.ROOT), sides[1]);
            }
            StringBuilder body = new StringBuilder();
            start = body(text, end + 4, headers, body);
            if (status >= 200) {
                byte[] bytes = body.toString().getBytes(StandardCharsets.ISO_8859_1);
                answers.add(new Answer(status, headers, new String(bytes, StandardCharsets.UTF_8)));
            }
        }
        return answers;
    }

    private static int body(String text, int start, Map<String, String> headers, StringBuilder body) {
        if (headers.containsKey("content-length")) {
            int end = Math.min(text.length(), start + Integer.parseInt(headers.get("content-length")));
            body.append(text, start, end);
            return end;
        }
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            // until the connection ends
            body.append(text, start, text.length());
            return text.length();
        }
        int at = start;
        while (true) {
            int end = text.indexOf("\r\n", at);
            if (end < 0) {
                throw new BrokenOff(body.toString());
            }
            int length = Integer.parseInt(text.substring(at, end), 16);
            if (end + 4 + length > text.length()) {
                throw new BrokenOff(body.toString());
            }
            body.append(text, end + 2, end + 2 + length);
            at = end + 4 + length;
            if (length == 0) {
                return at;
            }
        }
    }

    /** An answer that ended before its end. */
    static final class BrokenOff extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenOff(String body) {
            super("the answer broke off behind " + body.length() + " characters of its body");
        }
    }

    /** Waits until it is so, which it soon is. */
    public static void await(BooleanSupplier so) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLISECONDS);
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still not so");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Reads so much of an answer and no more. */
    public static void readSome(Socket socket, int bytes) throws IOException {
        InputStream in = socket.getInputStream();
        if (in.readNBytes(bytes).length < bytes) {
            throw new AssertionError("the answer ended early");
        }
    }
}
