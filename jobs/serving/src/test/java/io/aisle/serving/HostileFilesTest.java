package io.aisle.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.aisle.serving.HostileCases.Case;
import io.aisle.serving.Wire.Answer;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that strangers send: every record has its row, no cell of an answer is a formula, and the next file is answered. */
class HostileFilesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long SEED = 7;
    private static final String CSV = "text/csv";
    private static final String LINES = "application/x-ndjson";
    /** What a spreadsheet takes for the beginning of a formula, behind what it passes over. */
    private static final String FORMULA = "(?s)[\\s\\p{C}\\p{Z}]*[=+@\uff1d\uff0b\uff0d\uff20-].*";

    private static final List<String> PIECES = List.of(
            "id",
            "title",
            "tea",
            HostileCases.TEXT,
            ",",
            ",",
            ",",
            "\n",
            "\r\n",
            "\r",
            "\"",
            "\"\"",
            "=1+1",
            "+1",
            "-1",
            "@SUM(1)",
            "\t=1",
            " =1",
            "\uff1d1",
            "\u200b=1",
            "\u0000",
            "\ufeff",
            ";",
            "|",
            "'",
            "\\",
            "=cmd|' /C calc'!A0",
            "\ud83d\ude00",
            "\u0301",
            "1",
            "a b",
            "<b>",
            "&amp;");

    @TempDir
    private static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() {
        TestBundles.linear(folder.resolve("model"), 4);
        server = RunningServer.start(
                "--demo", "--model", folder.resolve("model").toString(), "--set", "serve.max-file-bytes=" + (20 << 20));
    }

    @AfterAll
    static void stop() {
        assertThat(server.messages()).doesNotContain("bug", "\tat ");
        assertThat(server.requests()).doesNotContain(HostileCases.TEXT);
        server.close();
    }

    private static Answer post(String query, String type, byte[] body) throws IOException {
        return Wire.ask(server.port(), Wire.request("POST /v1/classify/file" + query, body, "Content-Type: " + type));
    }

    private static Answer post(String query, String type, String body) throws IOException {
        return post(query, type, body.getBytes(UTF_8));
    }

    private static void requireAlive() throws IOException {
        Answer answer = post("", CSV, "id,title\n1,tea\n");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\r\n1,Grocery > Tea,");
    }

    private static List<CsvRecord> rows(Answer answer) {
        return CsvReader.builder().ofCsvRecord(answer.body()).stream().skip(1).toList();
    }

    private static String any(Random random, List<String> of, int most) {
        StringBuilder text = new StringBuilder();
        for (int left = 1 + random.nextInt(most); left > 0; left--) {
            text.append(of.get(random.nextInt(of.size())));
        }
        return text.toString();
    }

    @Test
    void answersARowForEachRecordOfRandomCsv() throws IOException {
        Random random = new Random(SEED);
        Set<Integer> statuses = new TreeSet<>();
        for (int i = 0; i < 300; i++) {
            String file = (i % 10 == 0 ? "" : "id,title\n") + any(random, PIECES, 40);
            Answer answer = post("", CSV, file);
            statuses.add(answer.status());
            String about = "seed " + SEED + ", case " + i + ": " + file + "\n" + answer;
            requireNoFault(about, answer);
            if (answer.status() == 200) {
                List<CsvRecord> rows = rows(answer);
                assertThat(rows)
                        .as(about)
                        .hasSize(Integer.parseInt(answer.headers().get("aisle-records")));
                assertThat(rows)
                        .as(about)
                        .allSatisfy(row -> assertThat(row.getFields())
                                .hasSize(7)
                                .allSatisfy(cell -> assertThat(cell).doesNotMatch(FORMULA)));
            }
        }
        assertThat(statuses).containsExactly(200, 422);
        requireAlive();
    }

    private static void requireNoFault(String about, Answer answer) {
        Case asked = new Case("file", Set.of(200, 422), new byte[0]);
        // names of columns are said again
        String fault = answer.status() == 200 ? "" : HostileRequestsTest.fault(asked, without(answer));
        assertThat(fault).as(about).isEmpty();
        assertThat(answer.status()).as(about).isIn(200, 422);
    }

    private static Answer without(Answer answer) {
        return new Answer(answer.status(), answer.headers(), answer.body().replace(HostileCases.TEXT, ""));
    }

    @Test
    void answersALineForEachLineOfRandomJson() throws IOException {
        Random random = new Random(SEED);
        List<String> lines = List.of(
                "{",
                "[]",
                "5",
                "null",
                "\"" + HostileCases.TEXT + "\"",
                "{\"id\":\"a\",\"title\":\"tea\"}",
                "{\"id\":5,\"title\":[\"x\"]}",
                "{\"id\":1.5,\"title\":\"tea\"}",
                "{\"id\":\"a\",\"title\":{}}",
                "{\"id\":null}",
                "{\"id\":\"\",\"title\":\"tea\"}",
                "{\"id\":\"a\",\"id\":\"b\"}",
                "{\"\\ud800\":1,\"id\":\"\\ud800\",\"title\":\"\\udc00 tea\"}",
                "[".repeat(100_000),
                "{\"id\":\"a\",\"title\":\"tea\"}}",
                "{\"id\":\"a\",\"title\":\"tea\",\"unknown\":1e400}",
                "{\"id\":\"" + "x".repeat(1_001) + "\",\"title\":\"tea\"}",
                "{\"id\":\"a\",\"brand\":true}",
                "\u0000",
                "\ufeff{}",
                "{\"id\":" + "9".repeat(101) + ",\"title\":\"tea\"}",
                "{\"id\":\"=1\",\"title\":\"tea\"}");
        for (int i = 0; i < 60; i++) {
            List<String> sent =
                    random.ints(8, 0, lines.size()).mapToObj(lines::get).toList();
            Answer answer = post("?threshold=0.1", LINES, String.join(i % 2 == 0 ? "\n" : "\r\n\r\n", sent));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("aisle-records", "8");
            List<String> rows = answer.body().lines().toList();
            assertThat(rows).hasSize(8);
            for (String row : rows) {
                JsonNode read = MAPPER.readTree(row);
                assertThat(read.path("error").asText().isEmpty())
                        .as(row)
                        .isEqualTo(!read.path("category_path").isNull());
                assertThat(row).hasSizeLessThan(500).doesNotContain(HostileCases.TEXT, "Exception", "java");
            }
        }
        requireAlive();
    }

    static List<List<String>> refused() {
        return List.of(
                List.of("", "found nothing, expected a header"),
                List.of("\n\n\n", "found nothing, expected a header"),
                List.of("\"id\",\"title\"\n1,\"open\n2,tea\n", "found a field whose quotes are not closed"),
                List.of("id,title\n1,\"tea\n2,\"\"lamp\"\"\n", "found a field whose quotes are not closed"),
                List.of("id,title\n1,\"tea\"x\n", "found a field whose quotes are not closed"),
                List.of("id" + ",c".repeat(1_000_000) + ",title\n1\n", "a row of more than"),
                List.of("id,title\n1" + ",x".repeat(1_000_000) + "\n", "a row of more than"),
                List.of("id,title\n1," + "x".repeat(17_000_000) + "\n", "one of more than 16 million characters"),
                List.of("id,title,title\n1,a,b\n", "found the column title twice"),
                List.of("id,id\n1,2\n", "found the column id twice"),
                List.of("colour\n1\n", "found the header colour, expected id"),
                List.of("id\n1\n", "found the header id, expected id and one of"),
                List.of("x".repeat(10_000) + "\n1\n", "x…, expected id"));
    }

    @ParameterizedTest(name = "[{index}]")
    @MethodSource("refused")
    void refusesAFileThatIsNone(List<String> fileAndReason) throws IOException {
        Answer answer = post("", CSV, fileAndReason.get(0));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("detail").asText()).contains(fileAndReason.get(1));
        requireNoFault(fileAndReason.get(1), answer);
        requireAlive();
    }

    @Test
    void refusesBytesThatAreNoUtf8() throws IOException {
        byte[] file = "id,title\n1,tea\n".getBytes(UTF_8);
        file[11] = (byte) 0xff;

        for (String type : List.of(CSV, LINES)) {
            Answer answer = post("", type, file);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.json().path("detail").asText()).contains("found bytes that are no UTF-8");
        }
    }

    @Test
    void takesFilesThatAreOnlyOdd() throws IOException {
        assertThat(rows(post("", CSV, "id,title\n"))).isEmpty();
        assertThat(rows(post("", CSV, "\ufeffid , title\n1,tea"))).hasSize(1);
        assertThat(rows(post("", CSV, "id,title,x,x\n1,tea,,\n"))).hasSize(1);
        assertThat(rows(post("", CSV, "id,title\n1,5\" tea\n2,\"a \"\"b\"\"\"\n")))
                .hasSize(2);
        assertThat(post("", LINES, "").body()).isEmpty();
        assertThat(rows(post("", CSV, "id,title\n" + "x".repeat(1_001) + ",tea\n"))
                        .get(0)
                        .getField(6))
                .isEqualTo("over_long_field: id");
        assertThat(rows(post("", CSV, "id,title\n1," + "x".repeat(1_000_001) + "\n"))
                        .get(0)
                        .getField(6))
                .isEqualTo("over_long_field: title");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "..\\..\\x.csv",
                "a\r\nSet-Cookie: b=c",
                "\"; filename=\"evil.exe",
                "\u0000.csv",
                "\u202egpj.exe",
                "%2e%2e%2f",
                "",
                ".",
                "con.csv",
                "caf\u00e9.csv",
                "a;b=c",
                "https://example.org/x.csv"
            })
    void namesTheAnswerHarmlessly(String name) throws IOException {
        Answer answer = post("?name=" + URLEncoder.encode(name, UTF_8), CSV, "id,title\n1,tea\n");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).doesNotContainKey("set-cookie");
        assertThat(answer.headers().get("content-disposition"))
                .matches("attachment; filename=\"[A-Za-z0-9_-]{1,80}-classified\\.csv\"");
    }

    @Test
    void readsNoOtherColumnsThanAreSaid() throws IOException {
        List<String> bad = new ArrayList<>(List.of(
                "id",
                "id=",
                "=x",
                "colour=x",
                ",,,",
                "id=sku",
                "id=id,title=\r\nx",
                "title=" + "x".repeat(3_000),
                "id==",
                "\u0000"));
        for (String columns : bad) {
            Answer answer = post("?columns=" + URLEncoder.encode(columns, UTF_8), CSV, "id,title\n1,tea\n");

            assertThat(answer.status()).as(columns).isEqualTo(422);
            assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("columns");
            requireNoFault(columns, answer);
            assertThat(answer.body()).hasSizeLessThan(1_500);
        }
        for (String threshold : List.of("NaN", "-1", "1.1", "0x1p-1", "0.5d", " 1", "1e400", "", "%00")) {
            Answer answer = post("?threshold=" + URLEncoder.encode(threshold, UTF_8), CSV, "id,title\n1,tea\n");
            assertThat(answer.status()).as(threshold).isEqualTo(422);
        }
    }

    @Test
    void isSilentOfReadersThatLeaveAndGoesOn() throws IOException {
        String rows = "id,title\n" + "a long id that fills the answer,tea\n".repeat(100_000);
        byte[] request = Wire.request("POST /v1/classify/file", rows.getBytes(UTF_8), "Content-Type: text/csv");
        for (int i = 0; i < 2; i++) {
            try (Socket socket = Wire.open(server.port())) {
                socket.getOutputStream().write(request);
                Wire.readSome(socket, 2_000);
                socket.setSoLinger(true, 0);
            }
        }

        Wire.await(() -> server.requests().split("\"products\":100000", -1).length == 3);
        assertThat(server.messages()).doesNotContain("bug", "\tat ");
        // their places are free again
        Wire.await(() -> {
            try {
                return post("", CSV, "id,title\n1,tea\n").status() == 200;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
