package io.aisle.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is sent: JSON that is none, of wrong types, too deep, too large, or only odd. */
final class HostileBodies extends HostileCases {
    private static final Set<Integer> READABLE = Set.of(200, 422);

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "7",
            "-1",
            "1.5",
            "1e400",
            "1E-400",
            "99999999999999999999",
            "\"\"",
            "\"text\"",
            "[]",
            "{}",
            "[1]",
            "[null]",
            "[[\"a\"]]",
            "[{}]",
            "{\"a\":[]}");

    HostileBodies(long seed) {
        super(seed);
        mutated(220);
        malformed();
        wrongTypes();
        oddTexts();
        unknownFields(40);
        sizes();
    }

    private void mutated(int count) {
        List<String> paths = List.copyOf(BODIES.keySet());
        for (int i = 0; i < count; i++) {
            String path = any(paths);
            byte[] good = BODIES.get(path).getBytes(UTF_8);
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int at = random.nextInt(good.length);
            int end = Math.min(good.length, at + 1 + random.nextInt(8));
            body.write(good, 0, at);
            switch (random.nextInt(5)) {
                case 0 -> body.writeBytes(new byte[0]);
                case 1 -> body.write(good, end, good.length - end);
                case 2 -> {
                    body.writeBytes(bytes(1 + random.nextInt(4)));
                    body.write(good, at, good.length - at);
                }
                case 3 -> {
                    body.write(good, at, end - at);
                    body.write(good, at, good.length - at);
                }
                default -> {
                    body.writeBytes(any(VALUES).getBytes(UTF_8));
                    body.write(good, end, good.length - end);
                }
            }
            post("mutated", Set.of(200, 201, 400, 422), path, body.toByteArray());
        }
    }

    private void malformed() {
        BODIES.forEach((path, good) -> {
            String inside = good.substring(1);
            for (String bad : List.of(
                    good + "{}",
                    good + "]",
                    good + " null",
                    "{" + good,
                    "{\"a\":1,\"a\":2}",
                    "{\"top\":NaN," + inside,
                    "{\"top\":Infinity," + inside,
                    "{\"top\":01," + inside,
                    "{\"top\":+1," + inside,
                    "{'top':1," + inside,
                    "{\"top\":" + "9".repeat(500) + "," + inside,
                    "{top:1," + inside,
                    "{/**/" + inside,
                    "{,",
                    "{\"a\"}",
                    "{\"a\":\"\\x\"}",
                    "{\"a\":\"\\u12\"}",
                    "{\"a\":\"\n\"}",
                    "\u0000",
                    "<xml/>",
                    "tea",
                    "\"open")) {
                post("malformed", Set.of(400), path, bad);
            }
            for (int depth : new int[] {17, 100, 1_000, 100_000}) {
                post("deep", Set.of(400), path, "{\"products\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
                post("deep", Set.of(400), path, "{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
                post("deep", Set.of(400), path, "[".repeat(depth));
            }
            for (byte[] wrong : List.of(
                    new byte[] {(byte) 0xff, (byte) 0xfe, '{', '"'},
                    new byte[] {'"', (byte) 0xc3, '"'},
                    new byte[] {'"', (byte) 0x80, '"'},
                    new byte[] {(byte) 0xf8, (byte) 0x88, '"'},
                    bytes(50))) {
                post("no UTF-8", Set.of(400), path, wrong);
            }
            post("byte order mark", Set.of(200, 201, 400), path, "\ufeff" + good);
            for (String other : List.of("", " \n", "null", "5", "true", "\"text\"", "[]", "[{}]", "{}")) {
                post("another value", Set.of(422), path, other);
            }
        });
    }

    private void wrongTypes() {
        Map<String, List<String>> fields = Map.of(
                "/v1/classify", List.of("products", "top", "threshold", "back_off", "id", "title", "description"),
                "/v1/explain", List.of("product", "top", "threshold", "category_path", "brand", "feature"),
                "/v1/feedback",
                        List.of(
                                "corrections",
                                "id",
                                "category_path",
                                "action",
                                "predicted_path",
                                "confidence",
                                "model_version",
                                "title"));
        new TreeMap<>(fields)
                .forEach((path, names) -> names.forEach(name -> VALUES.forEach(value -> {
                    String inner = "\"title\":\"tea\",\"id\":\"a\",\"category_path\":[\"Grocery\",\"Tea\"]";
                    boolean isOuter = List.of("products", "product", "corrections", "top", "threshold", "back_off")
                                    .contains(name)
                            || (path.equals("/v1/explain") && name.equals("category_path"));
                    String rest = path.equals("/v1/feedback") ? inner : "\"title\":\"tea\"";
                    String object = isOuter || rest.contains("\"" + name + "\"")
                            ? "{"
                                    + rest.replaceAll(
                                            "\"" + name + "\":(\\[[^]]*]|\"[^\"]*\")", "\"" + name + "\":" + value)
                                    + "}"
                            : "{" + rest + ",\"" + name + "\":" + value + "}";
                    String list = path.equals("/v1/explain")
                            ? "\"product\":" + object
                            : "\"" + (path.equals("/v1/feedback") ? "corrections" : "products") + "\":[" + object + "]";
                    String key = list.substring(1, list.indexOf('"', 1));
                    String body = !isOuter
                            ? "{" + list + "}"
                            : "{" + (name.equals(key) ? "" : list + ",") + "\"" + name + "\":" + value + "}";
                    // no text of these is of a wrong type where a text is wanted; what else there is, is
                    boolean isMaybe = value.equals("\"text\"")
                            || value.equals("\"\"")
                            || value.equals("[]")
                            || value.equals("true")
                            || value.equals("7")
                            || value.equals("1E-400");
                    post("type of " + name, isMaybe ? Set.of(200, 201, 422) : Set.of(422), path, body);
                })));
    }

    private void oddTexts() {
        for (String odd : ODD) {
            for (String field : List.of("id", "title", "brand", "description", "feature")) {
                String text =
                        "\"" + field + "\":\"tea " + odd + "\"" + (field.equals("title") ? "" : ",\"title\":\"tea\"");
                post("odd " + field, READABLE, "/v1/classify", "{\"products\":[{" + text + "}]}");
            }
            post(
                    "odd label",
                    Set.of(422),
                    "/v1/explain",
                    "{\"product\":{\"title\":\"tea\"},\"category_path\":[\"" + odd + "\"]}");
            post(
                    "odd correction",
                    Set.of(201, 422),
                    "/v1/feedback",
                    "{\"corrections\":[{\"id\":\"" + odd + "\",\"category_path\":[\"Grocery\",\"Tea\"],\"title\":\""
                            + odd + "\"}]}");
        }
    }

    private void unknownFields(int count) {
        for (int i = 0; i < count; i++) {
            String name = i < 20 ? any(ODD) : "a".repeat(1 + random.nextInt(40_000));
            post(
                    "unknown field",
                    Set.of(422),
                    "/v1/classify",
                    "{\"products\":[{\"title\":\"tea\",\"" + name + "\":1}]}");
            post("unknown field", Set.of(422), "/v1/explain", "{\"product\":{\"title\":\"tea\"},\"" + name + "\":1}");
        }
    }

    private void sizes() {
        for (String path : BODIES.keySet()) {
            for (String length : List.of(Integer.toString(MAX_BODY + 1), "2147483648", "9223372036854775807")) {
                add(
                        "declared " + length,
                        Set.of(413),
                        Wire.request(
                                "POST " + path, null, JSON, "Idempotency-Key: too-large", "Content-Length: " + length));
            }
            // in chunks the service reads as much as it takes: with a length it would not, and reset the connection
            add(
                    "chunks too large",
                    Set.of(413),
                    chunked(path, Integer.toHexString(MAX_BODY + 1) + "\r\n" + " ".repeat(MAX_BODY + 1) + "\r\n"));
            add("no body", Set.of(422), Wire.request("POST " + path, null, JSON, "Idempotency-Key: no-body-at-all"));
        }
        post("just as large as may be", Set.of(400), "/v1/classify", "[".repeat(MAX_BODY));
    }
}
