package io.aisle.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Requests that nobody of good will sends, seeded, each kind with the statuses that may answer it. */
abstract sealed class HostileCases permits HostileBodies, HostileHeads {
    /** Stands in every product's text, and must stand in no log. */
    static final String TEXT = "zyxwv";

    /** What the service that is asked takes. */
    static final int MAX_BODY = 700_000;

    static final String JSON = "Content-Type: application/json";
    static final Map<String, String> BODIES = new TreeMap<>(Map.of(
            "/v1/classify",
            "{\"products\":[{\"id\":\"a\",\"title\":\"tea " + TEXT + "\",\"brand\":\"b\",\"description\":[\"x\",\"y\"],"
                    + "\"feature\":\"z\"}],\"top\":3,\"threshold\":0.25,\"back_off\":true}",
            "/v1/explain",
            "{\"product\":{\"title\":\"tea " + TEXT + "\"},\"top\":1,\"category_path\":[\"Grocery\",\"Tea\"]}",
            "/v1/feedback",
            "{\"corrections\":[{\"id\":\"a\",\"category_path\":[\"Grocery\",\"Tea\"],\"title\":\"" + TEXT
                    + "\",\"action\":\"accept\",\"predicted_path\":[\"Home\",\"Lamps\"],\"confidence\":0.5,"
                    + "\"model_version\":\"0123456789ab\"}]}"));
    static final List<String> ODD = List.of(
            "\\u0000",
            "\\u0007",
            "\\u001b[31m",
            "\\r\\n",
            "\\u202e",
            "\\ufeff",
            "\\ud800",
            "\\udc00\\ud800",
            "\\uffff",
            "\\u0301".repeat(500),
            "\u0130\u0131\u1e9e",
            "\ud83d\udc69\u200d\ud83d\ude80",
            "\ufdfa".repeat(50),
            "<script>alert(1)</script>",
            "&#0;&#x110000;&amp;amp;",
            "<".repeat(3000),
            "[MASK]",
            "'; drop table x; --",
            "${jndi:ldap://x/y}",
            "%s%n%x",
            "../../etc/passwd",
            "a".repeat(5000),
            " ",
            "\\t",
            "\\\\",
            "\\\"");

    final Random random;
    final List<Case> cases = new ArrayList<>();

    record Case(String kind, Set<Integer> allowed, byte[] request) {
        @Override
        public String toString() {
            String text = new String(request, ISO_8859_1);
            return kind + " " + allowed + ": " + text.substring(0, Math.min(2000, text.length()));
        }
    }

    HostileCases(long seed) {
        this.random = new Random(seed);
    }

    static List<Case> of(long seed) {
        List<Case> all = new ArrayList<>(new HostileBodies(seed).cases);
        all.addAll(new HostileHeads(seed).cases);
        return List.copyOf(all);
    }

    void add(String kind, Set<Integer> allowed, byte[] request) {
        cases.add(new Case(kind, allowed, request));
    }

    void post(String kind, Set<Integer> allowed, String path, byte[] body) {
        add(kind, allowed, Wire.request("POST " + path, body, JSON, "Idempotency-Key: hostile-" + cases.size()));
    }

    void post(String kind, Set<Integer> allowed, String path, String body) {
        post(kind, allowed, path, body.getBytes(UTF_8));
    }

    <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] chunked(String path, String chunks) {
        byte[] head =
                Wire.request("POST " + path, null, JSON, "Idempotency-Key: in-chunks-", "Transfer-Encoding: chunked");
        return (new String(head, UTF_8) + chunks).getBytes(UTF_8);
    }
}
