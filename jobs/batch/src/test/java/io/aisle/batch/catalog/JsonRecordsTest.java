package io.aisle.batch.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.catalog.JsonRecords.RawRecord;
import io.aisle.batch.catalog.RecordCutter.CutRecord;
import io.aisle.core.product.Product;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonRecordsTest {
    private static RawRecord amazon(String line) {
        return new JsonRecords(settings(CatalogFormat.AMAZON, Map.of()), null).read(line);
    }

    private static RawRecord mapped(Map<String, String> columns, String line, String... label) {
        return new JsonRecords(settings(CatalogFormat.JSONL, columns, label), null).read(line);
    }

    private static RawRecord correction(String line) {
        return new JsonRecords(settings(CatalogFormat.CORRECTIONS, Map.of()), null).read(line);
    }

    private static CatalogSettings settings(CatalogFormat format, Map<String, String> columns, String... label) {
        return new CatalogSettings("products", format, columns, List.of(label), 40);
    }

    private static void assertUnusable(RawRecord found, QuarantineReason reason, String detail) {
        assertThat(found.product()).isNull();
        assertThat(found.reason()).isEqualTo(reason);
        assertThat(found.detail()).isEqualTo(detail);
    }

    @Test
    void readsTextsListsAndNulls() {
        RawRecord read =
                amazon("{\"asin\": \" A1 \", \"title\": \"A title\", \"brand\": null, \"description\": [\"one\", null,"
                        + " \"two\"], \"feature\": [], \"category\": [\"a\", \"b\"], \"price\": {\"amount\": 1}}");

        assertThat(read.reason()).isNull();
        assertThat(read.product()).isEqualTo(new Product("A1", "A title", "", "one two", ""));
        assertThat(read.label()).isEqualTo("a > b");
        assertThat(read.updatedAt()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"asin\": \"A1\", \"title\": \"cut he | Unexpected end-of-input: was expecting closing quote for a string value",
                "{\"asin\": \"A1\"} {} | Trailing token (of type START_OBJECT) found after value (bound as `com.fasterxml.jackson.databind.JsonNode`): not allowed as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`",
                "[{\"asin\": \"A1\"}] | the record is a list, expected a JSON object",
                "null | the record is null, expected a JSON object",
                "17 | the record is a number, expected a JSON object",
                "{'asin': 'A1'} | Unexpected character (''' (code 39)): was expecting double-quote to start field name",
                "{\"asin\": A1} | Unrecognized token 'A1': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
            })
    void quarantinesWhatIsNotOneJsonObject(String line, String detail) {
        assertUnusable(amazon(line), QuarantineReason.UNPARSABLE, detail);
    }

    @Test
    void quarantinesControlCharactersAndNestingBeyondAnyCatalog() {
        assertUnusable(
                amazon("\0\0\0"),
                QuarantineReason.UNPARSABLE,
                "Illegal character ((CTRL-CHAR, code 0)): only regular white space (\\r, \\n, \\t) is allowed between tokens");
        assertUnusable(
                amazon("{\"asin\": \"A\0\"}"),
                QuarantineReason.UNPARSABLE,
                "Illegal unquoted character ((CTRL-CHAR, code 0)): has to be escaped using backslash to be included in"
                        + " string value");
        RawRecord nested = amazon("{\"asin\": \"A1\", \"x\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        assertThat(nested.reason()).isEqualTo(QuarantineReason.UNPARSABLE);
        assertThat(nested.detail()).contains("nesting depth");
    }

    @Test
    void detailsDoNotRepeatTheLine() {
        assertThat(amazon("{\"asin\": \"A1\", \"category\": [\"secret\"").detail())
                .contains("expected close marker for Array")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"title\": {\"en\": \"x\"} | title is an object, expected text or a list of texts",
                "\"title\": 5 | title is a number, expected text or a list of texts",
                "\"title\": true | title is a boolean, expected text or a list of texts",
                "\"brand\": [[\"x\"]] | brand holds a list, expected text or a list of texts",
                "\"description\": [\"x\", 5] | description holds a number, expected text or a list of texts",
                "\"category\": {\"a\": 1} | category is an object, expected text, a whole number or a list of texts",
                "\"category\": [\"a\", 1] | category holds a number, expected text, a whole number or a list of texts",
                "\"category\": 1.5 | category is a number, expected text, a whole number or a list of texts",
            })
    void quarantinesFieldsOfAnotherType(String field, String detail) {
        assertUnusable(amazon("{\"asin\": \"A1\", " + field + "}"), QuarantineReason.WRONG_TYPE, detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"title\": \"x\"} | MISSING_ID | found no field asin",
                "{\"asin\": null} | MISSING_ID | found no field asin",
                "{\"asin\": \"\"} | MISSING_ID | found an empty field asin",
                "{\"asin\": \" \\t\"} | MISSING_ID | found an empty field asin",
                "{\"asin\": {\"id\": 1}} | WRONG_TYPE | asin is an object, expected text or a whole number",
                "{\"asin\": [\"A1\"]} | WRONG_TYPE | asin is a list, expected text or a whole number",
                "{\"asin\": 1.5} | WRONG_TYPE | asin is a number, expected text or a whole number",
            })
    void quarantinesRecordsWithoutAnId(String line, QuarantineReason reason, String detail) {
        assertUnusable(amazon(line), reason, detail);
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "-7, -7", "123456789012345678901234567890, 123456789012345678901234567890", "'\"007\"', 007"})
    void readsIdsAsTheyAreWritten(String json, String id) {
        assertThat(amazon("{\"asin\": " + json + "}").product().id()).isEqualTo(id);
    }

    @Test
    void quarantinesFieldsLongerThanAllowedAndNotOneCharacterSooner() {
        String forty = "x".repeat(40);
        assertThat(amazon("{\"asin\": 1, \"title\": \"" + forty + "\"}").reason())
                .isNull();
        assertUnusable(
                amazon("{\"asin\": 1, \"feature\": [\"" + forty + "\", \"\"]}"),
                QuarantineReason.OVER_LONG_FIELD,
                "feature has 41 characters, expected at most 40");
        assertUnusable(
                amazon("{\"asin\": 1, \"description\": \"" + "y".repeat(10_000_000) + "\"}"),
                QuarantineReason.OVER_LONG_FIELD,
                "description has 10000000 characters, expected at most 40");
    }

    @Test
    void keepsLoneSurrogatesAndSpecialTokensForTheRecipe() {
        assertThat(amazon("{\"asin\": 1, \"title\": \"a\\ud800b [SEP] ［ＳＥＰ］\"}")
                        .product()
                        .title())
                .isEqualTo("a\ud800b [SEP] ［ＳＥＰ］");
    }

    @Test
    void readsALineThatBeginsWithAByteOrderMark() {
        assertThat(amazon("\uFEFF{\"asin\": \"A1\"}").product().id()).isEqualTo("A1");
        assertThat(JsonRecords.isBlank("\uFEFF")).isTrue();
        assertThat(JsonRecords.isBlank(" \t\r")).isTrue();
        assertThat(JsonRecords.isBlank("\uFEFF x")).isFalse();
        assertThat(JsonRecords.isBlank("\0")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"l1\": \"a\" | a",
                "\"l1\": \"a\", \"l2\": \"b\", \"l3\": \"c\" | a > b > c",
                "\"l1\": \"a\", \"l2\": \" \", \"l3\": \"c\" | a > c",
                "\"l1\": \"a\", \"l3\": null | a",
                "\"l1\": [\"a\", \"\", null, \"b\"], \"l2\": \"c\" | a > b > c",
                "\"l1\": 50, \"l2\": 7 | 50 > 7",
                "\"l1\": \"a > b\", \"l2\": \"c/d\", \"l3\": \"e\\\\f\" | a \\> b > c/d > e\\\\f",
                "\"l1\": \"caf\uFFFD\", \"l2\": \"\\u00a0\" | caf\uFFFD",
                "\"l1\": \" Toys \\u00a0 & \\n Games \" | Toys & Games",
            })
    void readsLabelColumnsRootFirst(String fields, String label) {
        assertThat(mapped(Map.of(), "{\"id\": 1, " + fields + "}", "l1", "l2", "l3")
                        .label())
                .isEqualTo(label);
    }

    @Test
    void recordsWithoutANameHaveNoLabel() {
        assertThat(mapped(Map.of(), "{\"id\": 1, \"l1\": \"\\u2003\", \"l2\": []}", "l1", "l2", "l3")
                        .label())
                .isNull();
        assertThat(mapped(Map.of(), "{\"id\": 1, \"category\": [\"a\"]}").label())
                .as("jsonl has no label of its own")
                .isNull();
    }

    @Test
    void correctionsGiveTheirPathAsPredictionsRenderIt() {
        assertThat(correction("{\"id\": 1, \"category_path\": \"a > b \\\\> c > d\"}")
                        .label())
                .isEqualTo("a > b \\> c > d");
        assertThat(correction("{\"id\": 1, \"category_path\": [\"a\", \"b > c\"]}")
                        .label())
                .isEqualTo("a > b \\> c");
        assertThat(correction("{\"id\": 1, \"category_path\": \" \"}").label()).isNull();
        assertUnusable(
                correction("{\"id\": 1, \"category_path\": \"a > > b\"}"),
                QuarantineReason.MISSING_LABEL,
                "found an empty name in category_path a > > b");
    }

    @Test
    void readsRecordsByTheColumnsGiven() {
        Map<String, String> columns = Map.of("id", "ID", "title", "Product Name", "updated_at", "changed");

        RawRecord read =
                mapped(columns, "{\"ID\": 9, \"Product Name\": \"Lamp\", \"brand\": \"Aisle\", \"changed\": \"x\"}");

        assertThat(read.product()).isEqualTo(new Product("9", "Lamp", "Aisle", "", ""));
        assertThat(read.updatedAt()).isEqualTo("x");
        assertUnusable(mapped(columns, "{\"id\": 9}"), QuarantineReason.MISSING_ID, "found no field ID");
    }

    @Test
    void updatedAtSortsNumbersByValueAndTextsAsTheyAre() {
        Map<String, String> columns = Map.of("updated_at", "at");
        List<String> ascending = List.of(
                "null",
                "-9223372036854775808",
                "-12",
                "-5",
                "0",
                "9",
                "\"10\"",
                "99",
                "\" 100 \"",
                "9223372036854775807");

        assertThat(ascending.stream()
                        .map(at -> mapped(columns, "{\"id\": 1, \"at\": " + at + "}")
                                .updatedAt()))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(mapped(columns, "{\"id\": 1, \"at\": \" 2024-05-01T00:00:00Z \"}")
                        .updatedAt())
                .isEqualTo("2024-05-01T00:00:00Z");
        assertUnusable(
                mapped(columns, "{\"id\": 1, \"at\": 1.5}"),
                QuarantineReason.WRONG_TYPE,
                "at is a number, expected text or a whole number of 64 bits");
        assertUnusable(
                mapped(columns, "{\"id\": 1, \"at\": 9223372036854775808}"),
                QuarantineReason.WRONG_TYPE,
                "at is a number, expected text or a whole number of 64 bits");
        assertThat(amazon("{\"asin\": 1, \"updated_at\": 5}").updatedAt())
                .as("not mapped")
                .isEmpty();
    }

    @Test
    void notesWhichNamedColumnsARecordHas() {
        // the named columns, sorted: Name, lvl
        CatalogSettings settings = settings(CatalogFormat.JSONL, Map.of("title", "Name"), "lvl");

        assertThat(new JsonRecords(settings, null)
                        .read("{\"id\": 1, \"lvl\": null}")
                        .present())
                .isEqualTo(JsonRecords.IS_OBJECT | 2);
        assertThat(new JsonRecords(settings, null).read("{\"Name\": []}").present())
                .as("counts, although the record is quarantined")
                .isEqualTo(JsonRecords.IS_OBJECT | 1);
        assertThat(new JsonRecords(settings, null).read("[]").present()).isZero();
        assertThat(JsonRecords.fieldNames(CutRecord.text("{\"b\": 1, \"a\": {\"c\": 2}}")))
                .containsExactly("b", "a");
        assertThat(JsonRecords.fieldNames(CutRecord.text("[1"))).isEmpty();
    }
}
