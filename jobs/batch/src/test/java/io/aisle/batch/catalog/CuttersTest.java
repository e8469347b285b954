package io.aisle.batch.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.catalog.CatalogSettings.Limits;
import io.aisle.batch.catalog.RecordCutter.CutRecord;
import io.aisle.core.UserException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CuttersTest {
    private static final Limits LIMITS = new Limits(1_000_000, 200);

    private static List<CutRecord> all(RecordCutter cutter) throws IOException {
        List<CutRecord> records = new ArrayList<>();
        for (CutRecord record = cutter.next(); record != null; record = cutter.next()) {
            records.add(record);
        }
        return records;
    }

    private static List<CutRecord> array(String text) throws IOException {
        return all(new ArrayCutter(new StringReader(text), LIMITS));
    }

    /** Whole elements as JSON, broken ones as their text after an exclamation mark. */
    private static List<String> shown(List<CutRecord> records) {
        return records.stream()
                .map(record -> record.reason() == null ? record.fields().toString() : "!" + record.raw())
                .toList();
    }

    @Test
    void anArrayGivesItsElementsWhateverTheSpace() throws IOException {
        assertThat(shown(array("[]"))).isEmpty();
        assertThat(shown(array(" [ {\"a\":1} ,\n{\"a\" : [ {\"a\":2} ] }\n,7, [8], null]\n")))
                .containsExactly("{\"a\":1}", "{\"a\":[{\"a\":2}]}", "7", "[8]", "null");
        assertThat(shown(array("[{\"a\":1}]\n[{\"a\":2}]{\"a\":3}")))
                .as("what follows the array")
                .containsExactly("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
    }

    @Test
    void commasTooFewOrTooManyLoseNothing() throws IOException {
        assertThat(shown(array("[{\"a\":1} {\"a\":2},,{\"a\":3},]")))
                .containsExactly("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
    }

    @Test
    void aBrokenElementCostsItselfAlone() throws IOException {
        for (String broken : List.of(
                "{\"a\":2,\"b\":\"unclosed}",
                "{\"a\":2,\"b\":\"un\"escaped\" quote\"}",
                "{\"a\":2,\"b\":[1",
                "{\"a\":2,\"b\":{\"c\":1}",
                "{\"a\":2,\"b\"}",
                "{\"a\":2,\"b\":\"\0\"}",
                "{\"a\":2,\"b\":01}",
                "{\"a\" broken",
                "not JSON, at all")) {
            assertThat(shown(array("[{\"a\":1},\n" + broken + ",\n{\"a\":3},{\"a\":4}]")))
                    .as(broken)
                    .containsExactly("{\"a\":1}", "!" + broken, "{\"a\":3}", "{\"a\":4}");
        }
    }

    @Test
    void theFirstElementMayBeBroken() throws IOException {
        assertThat(shown(array("[{\"a\":,},{\"a\":2}]"))).containsExactly("!{\"a\":,}", "{\"a\":2}");
        assertThat(shown(array("[nothing, {\"a\":2}]"))).containsExactly("!nothing", "{\"a\":2}");
    }

    @Test
    void anArrayThatIsOpenAtTheEndBreaksOffAfterItsLastRecord() throws IOException {
        for (String cut : List.of("{\"a\":2,\"b", "{\"a\":2", "{\"a\":[2", "{")) {
            assertCutOff("[{\"a\":1}," + cut, "{\"a\":1}", "!" + cut);
        }
        assertCutOff("[{\"a\":1}", "{\"a\":1}");
        assertCutOff("[{\"a\":1},\n", "{\"a\":1}");
        assertCutOff("[{\"a\":1},{\"a\":,},{\"a\":3},", "{\"a\":1}", "!{\"a\":,}", "{\"a\":3}");
        assertCutOff("[");
        assertThat(shown(array("[{\"a\":1},{\"a\":\"open}] \n")))
                .as("the array ends inside the quotes")
                .containsExactly("{\"a\":1}", "!{\"a\":\"open}]");
        assertThat(shown(array("[{\"a\":1}] what follows"))).containsExactly("{\"a\":1}", "!what follows");
        assertThat(shown(array("[{\"a\":1}] {\"a\":,} {\"a\":3}")))
                .as("the array has ended")
                .containsExactly("{\"a\":1}", "!{\"a\":,}", "{\"a\":3}");
    }

    private static void assertCutOff(String text, String... before) throws IOException {
        ArrayCutter cutter = new ArrayCutter(new StringReader(text), LIMITS);
        List<CutRecord> records = new ArrayList<>();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10; i++) {
                        records.add(cutter.next());
                    }
                })
                .as(text)
                .isInstanceOf(ArrayCutter.CutOffException.class);
        assertThat(shown(records)).as(text).containsExactly(before);
    }

    @Test
    void anElementTooLongToHoldIsCutAndTheNextOneFound() throws IOException {
        Limits small = new Limits(1, 50);
        int limit = small.recordCharacters();
        List<CutRecord> records = all(new ArrayCutter(
                new StringReader("[{\"a\":1},{\"a\":\"" + "x".repeat(limit * 2) + "\"},{\"a\":3}]"), small));

        assertThat(records).hasSize(3);
        assertThat(records.get(1).reason()).isEqualTo(QuarantineReason.OVER_LONG_FIELD);
        assertThat(records.get(1).raw()).hasSize(51).startsWith("{\"a\":\"xxx");
        assertThat(records.get(1).detail())
                .isEqualTo("element 2, at character 9, cannot be read: it has more than " + limit + " characters");
        assertThat(records.get(2).fields()).hasToString("{\"a\":3}");
    }

    @Test
    void whateverBreaksEveryElementComesOnce() throws IOException {
        SplittableRandom random = new SplittableRandom(21);
        String[] breakages = {"\"", "{", "[", "\\", "\n", "\0", ",,", ":", "}}", "]"};
        for (int trial = 0; trial < 300; trial++) {
            String separator = trial % 2 == 0 ? ",\n" : ",";
            StringBuilder text = new StringBuilder("[");
            List<Integer> whole = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String element =
                        "{\"sku\":" + i + ",\"name\":\"" + "word ".repeat(random.nextInt(4)) + "\",\"x\":[{\"y\":1}]}";
                if (i > 0 && random.nextInt(5) == 0) {
                    int at = 10 + random.nextInt(element.length() - 10);
                    element = element.substring(0, at)
                            + breakages[random.nextInt(breakages.length)]
                            + element.substring(at + 1);
                } else {
                    whole.add(i);
                }
                text.append(i == 0 ? "" : separator).append(element);
            }
            List<CutRecord> records = array(text.append("]").toString());

            List<Integer> read = records.stream()
                    .filter(record -> record.reason() == null && record.fields().has("sku"))
                    .map(record -> record.fields().get("sku").asInt())
                    .toList();
            assertThat(read).as(text.toString()).doesNotHaveDuplicates().containsAll(whole);
            String everything = records.stream()
                    .map(record -> record.reason() == null ? record.fields().toString() : record.raw())
                    .collect(Collectors.joining());
            assertThat(everything.split("\"sku\"", -1)).as(text.toString()).hasSize(40 + 1);
        }
    }

    @Test
    void theRangesOfAFileGiveEachLineOnce() throws IOException {
        String text = "one\n\ntwo é\r\n \nthree\nfour";
        byte[] bytes = text.getBytes(UTF_8);
        for (int size = 1; size <= bytes.length + 1; size++) {
            List<String> lines = new ArrayList<>();
            for (int start = 0; start < bytes.length; start += size) {
                int seek = Math.max(0, start - 1);
                for (CutRecord record : all(new LineCutter(
                        new ByteArrayInputStream(bytes, seek, bytes.length - seek),
                        start,
                        Math.min(bytes.length, start + size),
                        LIMITS))) {
                    lines.add(record.raw());
                }
            }
            assertThat(lines).as("ranges of " + size).containsExactly("one", "two é\r", "three", "four");
        }
    }

    @Test
    void aLineTooLongToHoldIsCut() throws IOException {
        Limits small = new Limits(1, 50);
        int limit = small.recordCharacters();
        byte[] bytes = ("one\n" + "x".repeat(limit + 5) + "\ntwo").getBytes(UTF_8);

        List<CutRecord> records = all(new LineCutter(new ByteArrayInputStream(bytes), 0, bytes.length, small));

        assertThat(records).hasSize(3);
        assertThat(records.get(1).reason()).isEqualTo(QuarantineReason.OVER_LONG_FIELD);
        assertThat(records.get(1).detail())
                .isEqualTo("the line at byte 4 has " + (limit + 6) + " bytes, expected at most " + limit);
        assertThat(records.get(1).raw()).hasSize(limit);
        assertThat(records.get(2).raw()).isEqualTo("two");
    }

    private static List<String> csv(String text) throws IOException {
        return shown(all(new CsvCutter("file.csv", new StringReader(text), LIMITS)));
    }

    @Test
    void csvFieldsMayHoldCommasQuotesAndLineEnds() throws IOException {
        assertThat(csv("id, name ,text\r\n1,a,\"x, \"\"y\"\"\nz\"\r\n\n2,,\"\"\n#3, b ,c"))
                .containsExactly(
                        "{\"id\":\"1\",\"name\":\"a\",\"text\":\"x, \\\"y\\\"\\nz\"}",
                        "{\"id\":\"2\",\"name\":\"\",\"text\":\"\"}",
                        "{\"id\":\"#3\",\"name\":\" b \",\"text\":\"c\"}");
        assertThat(csv("id,name\n")).isEmpty();
        assertThat(csv("")).isEmpty();
        assertThat(csv("id\n\"\"\n")).containsExactly("{\"id\":\"\"}");
    }

    @Test
    void csvRowsOfAnotherWidthKeepTheirText() throws IOException {
        List<CutRecord> records =
                all(new CsvCutter("file.csv", new StringReader("id,name\n1\n2,\"b\nc\",d\n3,x\n"), LIMITS));

        assertThat(shown(records)).containsExactly("!1", "!2,\"b\nc\",d", "{\"id\":\"3\",\"name\":\"x\"}");
        assertThat(records.get(0).detail()).isEqualTo("found 1 fields, expected the 2 of the header");
        assertThat(records.get(1).detail()).isEqualTo("found 3 fields, expected the 2 of the header");
    }

    @Test
    void aQuoteThatIsNotClosedCostsItsLineAlone() throws IOException {
        assertThat(csv("id,name\n1,\"a\n2,b\n3,\"\"\n4,12\" disc\n5,x\"y\n"))
                .containsExactly(
                        "!1,\"a",
                        "{\"id\":\"2\",\"name\":\"b\"}",
                        "{\"id\":\"3\",\"name\":\"\"}",
                        "{\"id\":\"4\",\"name\":\"12\\\" disc\"}",
                        "{\"id\":\"5\",\"name\":\"x\\\"y\"}");
    }

    @Test
    void refusesAHeaderWithAnOpenQuote() {
        assertThatThrownBy(() -> csv("id,\"name\n1,2\n"))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot read file.csv: found a quote that is not closed in its header, expected the names of the"
                                + " columns.");
    }

    @Test
    void csvRowsOfVeryManyFieldsAreQuarantined() throws IOException {
        List<CutRecord> records = all(new CsvCutter(
                "file.csv", new StringReader("id,name\n" + ",".repeat(CsvRows.MAX_FIELDS) + "\n3,x\n"), LIMITS));

        assertThat(records.get(0).detail()).isEqualTo("found more than 10000 fields, expected the 2 of the header");
        assertThat(records.get(1).fields()).hasToString("{\"id\":\"3\",\"name\":\"x\"}");
    }

    @Test
    void refusesAHeaderThatNamesAColumnTwice() {
        assertThatThrownBy(() -> csv("id,name,id\n1,2,3\n"))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot read file.csv: found the column \"id\" twice in its header, expected names that differ.");
    }

    @Test
    void whatIsWrittenByTheRulesIsReadBack() throws IOException {
        SplittableRandom random = new SplittableRandom(22);
        String[] pieces = {"\"", ",", "\n", "\r\n", "a", " ", "é", "\"\"", "'", "\\", "#", "\0"};
        for (int trial = 0; trial < 300; trial++) {
            List<List<String>> rows = new ArrayList<>();
            StringBuilder text = new StringBuilder("id,a,b\n");
            for (int row = 0; row < 20; row++) {
                String[] fields = new String[3];
                fields[0] = "r" + row;
                for (int i = 1; i < 3; i++) {
                    fields[i] = IntStream.range(0, random.nextInt(6))
                            .mapToObj(piece -> pieces[random.nextInt(pieces.length)])
                            .collect(Collectors.joining());
                }
                rows.add(Arrays.asList(fields));
                text.append(Arrays.stream(fields)
                                .map(field -> field.matches("[^\",\r\n]*") && random.nextBoolean()
                                        ? field
                                        : "\"" + field.replace("\"", "\"\"") + "\"")
                                .collect(Collectors.joining(",")))
                        .append('\n');
            }

            List<CutRecord> records = all(new CsvCutter("file.csv", new StringReader(text.toString()), LIMITS));

            assertThat(records).as(text.toString()).hasSameSizeAs(rows);
            for (int row = 0; row < rows.size(); row++) {
                CutRecord record = records.get(row);
                assertThat(record.detail()).as(record.raw()).isEmpty();
                assertThat(List.of(
                                record.fields().get("id").asText(),
                                record.fields().get("a").asText(),
                                record.fields().get("b").asText()))
                        .as(record.raw())
                        .isEqualTo(rows.get(row));
            }
        }
    }
}
