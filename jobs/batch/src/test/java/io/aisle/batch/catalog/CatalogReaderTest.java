package io.aisle.batch.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.core.UserException;
import io.aisle.core.text.TextRecipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.physical.HashPartitioning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogReaderTest {
    @TempDir
    Path folder;

    private Path write(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes(name, String.join("\n", lines)));
    }

    private static byte[] bytes(String name, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(bytes) : bytes) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private static Catalog read(String input, CatalogFormat format, Map<String, String> columns, String... label) {
        return new CatalogReader(TestSession.get(), TextRecipe.standard())
                .read(new CatalogSettings(input, format, columns, List.of(label), 60));
    }

    private static Catalog amazon(Path input) {
        return read(input.toString(), CatalogFormat.AMAZON, Map.of());
    }

    private static List<String> rows(Dataset<Row> dataset, String... columns) {
        return dataset.collectAsList().stream()
                .map(row -> String.join(
                        "|",
                        Arrays.stream(columns)
                                .map(column -> (String) row.getAs(column))
                                .toList()))
                .sorted()
                .toList();
    }

    @Test
    void recordsWithoutIdAreKeptApartFromEveryProduct() throws IOException {
        Path file = write(
                "products.json",
                "{\"asin\": ",
                "{\"title\": \"no id\"}",
                "{\"asin\": \"\\u00000\", \"title\": \"Kettle\"}",
                "{\"asin\": \"\\u00001\", \"title\": \"Lamp\"}",
                "{\"asin\": \"0\", \"title\": \"Tea\"}");

        try (Catalog catalog = amazon(file)) {
            assertThat(rows(catalog.products(), "id", "title")).containsExactly("\0000|Kettle", "\0001|Lamp", "0|Tea");
            assertThat(rows(catalog.quarantine(), "reason")).containsExactly("missing_id", "unparsable");
            assertThat(catalog.duplicates().count()).isZero();
        }
    }

    @Test
    void readsWhatLiesInDirectoriesBelow() throws IOException {
        write("day/a.json", "{\"asin\": \"A1\", \"title\": \"Kettle\"}");
        write("day/more/b.json", "{\"asin\": \"A2\", \"title\": \"Lamp\"}");
        write("day/dt=1/c.json", "{\"asin\": \"A3\", \"title\": \"Tea\"}");
        write("day/_temporary/d.json", "{\"asin\": \"A4\", \"title\": \"Half\"}");

        try (Catalog catalog = amazon(folder.resolve("day"))) {
            assertThat(rows(catalog.products(), "id")).containsExactly("A1", "A2", "A3");
        }
    }

    @Test
    void refusesPlaceWhoseFileSystemIsNotThere() {
        assertThatThrownBy(() -> read("foo://bar/products", CatalogFormat.AMAZON, Map.of()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot reach foo://bar/products: ");
    }

    @Test
    void storageThatDoesNotGiveTheBytesIsNoCorruptFile() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set("fs.failing.impl", FailingFileSystem.class.getName());
        Path whole = write("whole.json.gz", "{\"asin\": \"A1\"}");
        Path cut = folder.resolve("cut.json.gz");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(whole), 15));
        FileSlice failing = FileSlice.whole("failing:" + whole);
        FileSlice broken = FileSlice.whole("file:" + cut);

        assertThatThrownBy(() -> failing.stream(configuration).readAllBytes())
                .isInstanceOfSatisfying(
                        IOException.class,
                        e -> assertThat(failing.isCorruption(e, configuration)).isFalse())
                .hasMessageContaining("connection");
        assertThatThrownBy(() -> broken.stream(configuration).readAllBytes())
                .isInstanceOfSatisfying(
                        IOException.class,
                        e -> assertThat(broken.isCorruption(e, configuration)).isTrue());
    }

    /** Local files of which the storage gives five bytes. */
    static final class FailingFileSystem extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("failing:///");
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) {
            return new FSDataInputStream(new FSInputStream() {
                private int given;

                @Override
                public int read() throws IOException {
                    if (given == 5) {
                        throw new IOException("the connection was lost");
                    }
                    // the head of a gzip file
                    return new int[] {0x1f, 0x8b, 8, 0, 0}[given++];
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    bytes[offset] = (byte) read();
                    return 1;
                }

                @Override
                public void seek(long position) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public long getPos() {
                    return given;
                }

                @Override
                public boolean seekToNewSource(long target) {
                    return false;
                }
            });
        }
    }

    @Test
    void saysWhichFieldsThereAreWhereNoRecordCanBeUsed() throws IOException {
        Path file = write("products.csv", "sku;title;brand", "1;Kettle;X");

        try (Catalog catalog = read(file.toString(), CatalogFormat.CSV, Map.of())) {
            assertThat(catalog.inWords())
                    .containsExactly(
                            "read 1 records, 1 quarantined",
                            "no record can be used, so --format or --columns may be wrong; the first records have the fields:"
                                    + " sku;title;brand");
        }
    }

    @Test
    void productsLieByIdSoThatAJoinByIdMovesThemNoMore() throws IOException {
        Path file = write("products.json", "{\"asin\": \"A1\", \"title\": \"Kettle\"}");

        try (Catalog catalog = amazon(file)) {
            assertThat(catalog.products().queryExecution().sparkPlan().outputPartitioning())
                    .isInstanceOfSatisfying(
                            HashPartitioning.class,
                            by -> assertThat(by.expressions().mkString()).startsWith("id#"));
        }
    }

    @Test
    void everyLineIsAProductOrQuarantinedAndBlankOnesCountForNothing() throws IOException {
        Path file = write(
                "products.json",
                "\uFEFF{\"asin\": \"A1\", \"title\": \"<b>Kettle</b> [SEP] ［ＳＥＰ］\\ud800\", \"category\": [\"Home\"]}\r",
                "",
                "  \t\r",
                "{\"asin\": \"A2\", \"feature\": [\"5\"]}",
                "{\"asin\": \"Q1\", \"title\": \"!!! --- ...\"}",
                "{\"asin\": \"Q2\", \"title\": \"\\u0301\\u0302\", \"brand\": \"&nbsp;\"}",
                "{\"asin\": \"Q3\", \"title\": \"\", \"description\": []}",
                "{\"asin\": \"Q4\", \"description\": \"" + "long ".repeat(2_000_000) + "\"}",
                "{\"title\": \"no id\"}",
                "{\"asin\": \"Q6\", \"title\": 6}",
                "{\"asin\": \"Q7\"",
                "\uFEFF");

        try (Catalog catalog = amazon(file)) {
            assertThat(rows(catalog.products(), "id", "title", "feature", "label"))
                    .containsExactly("A1|Kettle [ SEP ] [ SEP ]||Home", "A2||5|null");
            List<Row> quarantine = catalog.quarantine().collectAsList();
            assertThat(quarantine)
                    .extracting(row -> row.getAs("reason") + "|" + row.getAs("detail"))
                    .containsExactlyInAnyOrder(
                            "missing_id|found no field asin",
                            "no_text|found no letter or digit in any field",
                            "no_text|found no letter or digit in any field",
                            "no_text|found no letter or digit in any field",
                            "over_long_field|description has 10000000 characters, expected at most 60",
                            "unparsable|Unexpected end-of-input: expected close marker for Object (start marker at"
                                    + " [Source: UNKNOWN; line: 1, column: 1])",
                            "wrong_type|title is a number, expected text or a list of texts");
            assertThat(quarantine)
                    .extracting(row -> row.<String>getAs("raw"))
                    .contains(
                            "{\"asin\": \"Q7\"",
                            "{\"asin\": \"Q2\", \"title\": \"\\u0301\\u0302\", \"brand\": \"&nbsp;\"}");
            assertThat(quarantine)
                    .extracting(row -> row.<String>getAs("source_file"))
                    .containsOnly("file:" + file);
            assertThat(catalog.rowsIn()).isEqualTo(9);
            assertThat(catalog.quarantined()).isEqualTo(7);
            assertThat(catalog.quarantinedByReason())
                    .isEqualTo(Map.of(
                            "missing_id",
                            1L,
                            "no_text",
                            3L,
                            "over_long_field",
                            1L,
                            "unparsable",
                            1L,
                            "wrong_type",
                            1L));
        }
    }

    @Test
    void readsDirectoriesPatternsAndGzipAlike() throws IOException {
        write("day/a.json", "{\"asin\": \"A\", \"title\": \"a\"}", "{\"asin\": \"B\", \"title\": \"b\"}");
        write("day/b.json.gz", "{\"asin\": \"C\", \"title\": \"c\"}", "", "{\"asin\": \"D\", \"title\": \"d\"}");
        write("day/_hidden.json", "{\"asin\": \"E\", \"title\": \"e\"}");

        try (Catalog directory = amazon(folder.resolve("day"));
                Catalog pattern = read(folder + "/d*/{a,b}.json*", CatalogFormat.AUTO, Map.of())) {
            assertThat(rows(directory.products(), "id")).containsExactly("A", "B", "C", "D");
            assertThat(rows(pattern.products(), "id")).containsExactly("A", "B", "C", "D");
        }
    }

    @Test
    void keepsOneRowAnIdAndCountsTheRest() throws IOException {
        Path file = write(
                "products.json",
                "{\"id\": \"A\", \"title\": \"old\", \"at\": 9}",
                "{\"id\": \"A\", \"title\": \"new\", \"at\": 10}",
                "{\"id\": \"A\", \"title\": \"undated\"}",
                "{\"id\": \"B\", \"title\": \"only\", \"at\": null}",
                "{\"id\": \"C\", \"title\": \"same\", \"at\": 1, \"class\": \"y\"}",
                "{\"id\": \"C\", \"title\": \"same\", \"at\": 1, \"class\": \"x\"}",
                "{\"id\": \"C\", \"title\": \"same\", \"at\": 1}",
                "{\"id\": \"A\", \"title\": 5}",
                "broken",
                "broken");

        try (Catalog catalog = read(file.toString(), CatalogFormat.JSONL, Map.of("updated_at", "at"), "class")) {
            assertThat(rows(catalog.products(), "id", "title", "label"))
                    .containsExactly("A|new|null", "B|only|null", "C|same|x");
            assertThat(rows(catalog.duplicates(), "id", "title", "label"))
                    .containsExactly("A|old|null", "A|undated|null", "C|same|null", "C|same|y");
            assertThat(rows(catalog.quarantine(), "reason")).containsExactly("unparsable", "unparsable", "wrong_type");
            assertThat(catalog.rowsIn()).isEqualTo(3 + 4 + 3);
        }
    }

    @Test
    void withoutADateTheSmallestContentHashWins() throws IOException {
        Path file = write(
                "products.json",
                "{\"asin\": \"A\", \"title\": \"one\"}",
                "{\"asin\": \"A\", \"title\": \"two\"}",
                "{\"asin\": \"A\", \"title\": \"three\"}");

        try (Catalog catalog = amazon(file)) {
            String kept = rows(catalog.products(), "content_hash").get(0);
            assertThat(rows(catalog.duplicates(), "content_hash"))
                    .hasSize(2)
                    .allSatisfy(lost -> assertThat(lost).isGreaterThan(kept));
        }
    }

    @Test
    void refusesANamedColumnThatNoRecordHas() throws IOException {
        Path file =
                write("products.json", "{\"sku\": 1, \"name\": \"Lamp\"}", "not JSON", "{\"sku\": 2, \"price\": 7}");

        assertThatThrownBy(
                        () -> read(file.toString(), CatalogFormat.JSONL, Map.of("id", "sku", "title", "Name"), "shelf"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read " + file + ": found no field Name in any record, expected one of name, price,"
                        + " sku. Correct --columns or --label.");
        try (Catalog unread = read(write("broken", "7").toString(), CatalogFormat.JSONL, Map.of("id", "sku"))) {
            assertThat(unread.quarantinedByReason())
                    .as("no record to miss a field")
                    .isEqualTo(Map.of("unparsable", 1L));
        }
    }

    @Test
    void anEmptyInputHasNoRecords() throws IOException {
        Files.createDirectories(folder.resolve("empty"));
        try (Catalog directory = amazon(folder.resolve("empty"));
                Catalog file = amazon(write("nothing.json.gz", ""))) {
            assertThat(directory.rowsIn()).isZero();
            assertThat(file.rowsIn()).isZero();
            assertThat(rows(file.products(), "id")).isEmpty();
        }
    }

    @Test
    void refusesAPathWhereThereIsNothing() {
        assertThatThrownBy(() -> amazon(folder.resolve("absent")))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read " + folder.resolve("absent")
                        + ": found no such file, expected a catalog. Check the path.");
        assertThatThrownBy(() -> read(folder + "/*.json", CatalogFormat.AUTO, Map.of()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + folder + "/*.json: found no such file");
    }

    @Test
    void aCutOrBrokenGzipFileEndsTheJobWithItsNameAndNoStackTrace() throws IOException {
        byte[] whole = bytes("whole.gz", "{\"asin\": \"A\", \"title\": \"" + noise(200_000) + "\"}\n");
        write("in/good.json", "{\"asin\": \"A\", \"title\": \"a\"}");
        Path cut = Files.write(folder.resolve("in/cut.json.gz"), Arrays.copyOf(whole, whole.length / 2));

        AisleRun run = AisleRun.of("prepare", "--input", folder + "/in", "--output", folder + "/out");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("Cannot read file:" + cut
                        + ": found its end in the middle of compressed data, expected a whole"
                        + " file. Copy or write the file again, or read what comes before the break with"
                        + " --set catalog.skip-corrupt-files=true.\n");
        assertThat(folder.resolve("out")).doesNotExist();

        Path plain = Files.writeString(folder.resolve("plain.json.gz"), "{\"asin\": \"A\"}\n");
        AisleRun notGzip = AisleRun.of("prepare", "--input", plain.toString(), "--output", folder + "/out");
        assertThat(notGzip.exitCode()).isEqualTo(2);
        assertThat(notGzip.err())
                .startsWith("Cannot read file:" + plain + ": found what cannot be read (")
                .hasLineCount(1);
    }

    /** Text that gzip cannot make short. */
    private static String noise(int length) {
        SplittableRandom random = new SplittableRandom(3);
        StringBuilder noise = new StringBuilder();
        while (noise.length() < length) {
            noise.append((char) ('a' + random.nextInt(26)));
        }
        return noise.toString();
    }

    @Test
    void correctionsNeedALabelAndMayLackText() throws IOException {
        Path file = write(
                "corrections.json",
                "{\"id\": \"A\", \"category_path\": \"Home > Lamps\", \"corrected_at\": \"2024-01-01\"}",
                "{\"id\": \"A\", \"category_path\": \"Home > Bulbs\", \"corrected_at\": \"2024-01-02\"}",
                "{\"id\": \"B\", \"title\": \"Lamp\"}");

        try (Catalog corrections = read(file.toString(), CatalogFormat.CORRECTIONS, Map.of())) {
            assertThat(rows(corrections.products(), "id", "label")).containsExactly("A|Home > Bulbs");
            assertThat(rows(corrections.duplicates(), "id", "label")).containsExactly("A|Home > Lamps");
            assertThat(rows(corrections.quarantine(), "reason", "detail"))
                    .containsExactly("missing_label|found no category_path");
        }
    }

    @Test
    void readsPreparedParquetWithItsLabels() throws IOException {
        try (Catalog raw = amazon(write(
                "products.json",
                "{\"asin\": \"A\", \"title\": \"a\", \"category\": [\"Home\"]}",
                "{\"asin\": \"B\", \"title\": \"b\", \"category\": [\"Garden\"]}"))) {
            raw.products().write().parquet(folder + "/parquet");
        }

        try (Catalog prepared = read(folder + "/parquet", CatalogFormat.AUTO, Map.of())) {
            assertThat(rows(prepared.products(), "id", "title", "label")).containsExactly("A|a|Home", "B|b|Garden");
            assertThat(prepared.rowsIn()).isEqualTo(2);
        }
        Path json = write("products.json", "{\"asin\": \"A\"}");
        assertThatThrownBy(() -> read(json.toString(), CatalogFormat.PREPARED, Map.of()))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read " + json + " as prepared: found no Parquet file, expected what prepare writes."
                        + " Check --format.");
    }
}
