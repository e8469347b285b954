package io.aisle.batch.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.batch.catalog.CatalogSettings.Limits;
import io.aisle.core.UserException;
import io.aisle.core.text.TextRecipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogFormatsTest {
    private static final Limits LIMITS = new Limits(1_000, 100);
    private static final String BESTBUY = """
            [{"sku":1,"name":"Lamp","manufacturer":"Aisle","description":"Bright","category":[{"id":"h","name":"Home"},{"id":"l","name":"Lamps"}]},
            {"sku":2,"name":"Rake","category":[{"id":"x","name":"Rakes"}]},
            {"sku":3,"name":"broken},
            {"sku":1,"name":"Lamp","manufacturer":"Aisle","description":"Bright","category":[]},
            {"sku":4,"name":"Text","category":"Home"}]
            """;

    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(bytes) : bytes) {
            out.write(text.getBytes(UTF_8));
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes.toByteArray());
    }

    private static CatalogSettings settings(Path input, CatalogFormat format) {
        return new CatalogSettings(input.toString(), format, Map.of(), List.of(), true, "", LIMITS, false, false);
    }

    private static CatalogSettings with(
            Path input,
            CatalogFormat format,
            String taxonomy,
            boolean skips,
            Map<String, String> columns,
            String... label) {
        return new CatalogSettings(
                input.toString(), format, columns, List.of(label), true, taxonomy, LIMITS, skips, false);
    }

    private static Catalog read(CatalogSettings settings) {
        return new CatalogReader(TestSession.get(), TextRecipe.standard()).read(settings);
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
    void bestBuysArrayIsReadElementByElement() throws IOException {
        for (String name : List.of("products.json", "products.json.gz")) {
            try (Catalog catalog = read(settings(write(name, BESTBUY), CatalogFormat.AUTO))) {
                assertThat(rows(catalog.products(), "id", "title", "brand", "description", "label"))
                        .containsExactly("1|Lamp|Aisle|Bright|Home > Lamps", "2|Rake|||Rakes");
                assertThat(rows(catalog.duplicates(), "id", "label")).containsExactly("1|null");
                assertThat(rows(catalog.quarantine(), "reason", "raw"))
                        .containsExactly(
                                "unparsable|{\"sku\":3,\"name\":\"broken}",
                                "wrong_type|{\"sku\":4,\"name\":\"Text\",\"category\":\"Home\"}");
                assertThat(catalog.rowsIn()).isEqualTo(5);
            }
        }
        String lines = BESTBUY.substring(1).replace("},\n", "}\n").replace("}]\n", "}\n");
        try (Catalog catalog = read(settings(write("lines.json", lines), CatalogFormat.AUTO))) {
            assertThat(rows(catalog.products(), "id", "label")).containsExactly("1|Home > Lamps", "2|Rakes");
            assertThat(catalog.rowsIn()).isEqualTo(5);
        }
    }

    @Test
    void aTaxonomyGivesThePathsAndWhatItLacksIsQuarantined() throws IOException {
        Path products = write("products.json", BESTBUY.replace("\"category\":[]", "\"category\":[{\"id\":\"l\"}]"));
        String json =
                "[{\"id\":\"l\",\"name\":\"Lamps\",\"path\":[{\"id\":\"r\",\"name\":\"All\"},{\"id\":\"l\",\"name\":\"Lamps\"}],"
                        + "\"subCategories\":[]}]";
        for (Path taxonomy :
                List.of(write("categories.json", json), write("paths.csv.gz", "id,path\nl,All > Lamps\n"))) {
            try (Catalog catalog = read(with(products, CatalogFormat.BESTBUY, taxonomy.toString(), false, Map.of()))) {
                assertThat(rows(catalog.products(), "id", "label")).containsExactly("1|All > Lamps");
                assertThat(rows(catalog.duplicates(), "id", "label")).containsExactly("1|All > Lamps");
                assertThat(rows(catalog.quarantine(), "reason", "detail"))
                        .contains("unknown_category|found the category x, which the taxonomy lacks");
            }
        }
        Path csv = write("products.csv", "id,title,shelf\n1,Lamp,Lamps\n2,Solar lamp,Solar\n3,Hose,\n");
        Path parents =
                write("parents.csv", "child,parent\nLamps,Home\nLamps,Garden\nSolar,Sky\nHome,\nGarden,\nSky,\n");
        try (Catalog catalog = read(with(csv, CatalogFormat.CSV, parents.toString(), false, Map.of(), "shelf"))) {
            assertThat(rows(catalog.products(), "id", "label")).containsExactly("2|Sky > Solar", "3|null");
            assertThat(rows(catalog.quarantine(), "reason", "detail"))
                    .containsExactly(
                            "ambiguous_category|found the category Lamps, which is 2 categories, Garden > Lamps"
                                    + " and Home > Lamps among them, expected one");
        }
        try (Catalog catalog = read(with(csv, CatalogFormat.CSV, parents.toString(), false, Map.of(), "shelf")
                .withoutLabels())) {
            assertThat(catalog.rowsIn()).isEqualTo(3);
            assertThat(catalog.quarantined()).isZero();
        }
    }

    @Test
    void refusesATaxonomyThatCannotBeUsed() throws IOException {
        Path products = write("products.csv", "id,title\n1,Lamp\n");
        Map<Path, String> problems = Map.of(
                write("cycle.csv", "child,parent\nA,B\nB,A\n"),
                "found A below itself, expected a path from a root to it.",
                write("unknown.csv", "child,parent\nA,B\n"),
                "found the parent B of A, which is no child itself, expected a row for it. A root has an empty parent.",
                write("twice.csv", "id,path\n1,A\n1,B\n"),
                "found the id 1 twice, as A and as B, expected one path an id.",
                write("columns.csv", "a,b\n1,2\n"),
                "found the columns a, b, expected path, or child and parent; or JSON.",
                write("width.csv", "child,parent\nA\n"),
                "found 1 fields, expected the 2 of the header, in A.",
                write("empty.json", "[]"),
                "found no category, expected at least one.",
                write("pathless.json", "[{\"id\":1}]"),
                "found no path in {\"id\":1}, expected {\"id\", \"path\": [{\"id\", \"name\"}, …]}.",
                folder.resolve("absent.csv"),
                "found no such file, expected JSON or CSV. Check --taxonomy.");
        problems.forEach((file, problem) -> assertThatThrownBy(
                        () -> read(with(products, CatalogFormat.CSV, file.toString(), false, Map.of())))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the taxonomy " + file + ": " + problem));
    }

    @Test
    void csvFilesHaveTheirOwnHeaders() throws IOException {
        write("csv/a.csv", "\uFEFFid,title,shelf\r\n1,\"A \"\"red\"\"\nlamp\",Lamps\r\n2,too few\r\n");
        write("csv/b.csv.gz", "shelf,brand,id,title\nHoses,Aisle,3,Hose\n4,too,many,fields,here\n");
        write("csv/empty.csv", "");

        try (Catalog catalog =
                read(with(folder.resolve("csv"), CatalogFormat.AUTO, "", false, Map.of("title", "title"), "shelf"))) {
            assertThat(rows(catalog.products(), "id", "title", "brand", "label"))
                    .containsExactly("1|A \"red\" lamp||Lamps", "3|Hose|Aisle|Hoses");
            assertThat(rows(catalog.quarantine(), "reason", "raw"))
                    .containsExactly("unparsable|2,too few", "unparsable|4,too,many,fields,here");
        }
        assertThatThrownBy(
                        () -> read(with(folder.resolve("csv"), CatalogFormat.CSV, "", false, Map.of("title", "Name"))))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot read " + folder + "/csv: found no field Name in any record, expected one of brand, id,"
                                + " shelf, title. Correct --columns or --label.");
    }

    @Test
    void parquetMayHoldATimeInNanoseconds() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("message product { required binary id (STRING);"
                + " required binary title (STRING); required int64 seen (TIMESTAMP(NANOS,true)); }");
        Path parquet = folder.resolve("nanoseconds.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(parquet.toUri()))
                .withType(schema)
                .build()) {
            writer.write(new SimpleGroupFactory(schema)
                    .newGroup()
                    .append("id", "A1")
                    .append("title", "Kettle")
                    .append("seen", 1L));
        }

        try (Catalog catalog = read(settings(parquet, CatalogFormat.PARQUET))) {
            assertThat(catalog.products().select("id").collectAsList())
                    .extracting(row -> row.getString(0))
                    .containsExactly("A1");
        }
    }

    @Test
    void refusesParquetDirectoriesThatContradictEachOther() {
        Path day = folder.resolve("day");
        Dataset<Row> products = TestSession.get().sql("SELECT '1' AS id, 'tea' AS title");
        products.write().parquet(day.resolve("dt=1").toString());
        products.write().parquet(day.resolve("old").toString());

        assertThatThrownBy(() -> read(settings(day, CatalogFormat.PARQUET)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found directories of which only some give a column (name=value)");
    }

    @Test
    void parquetMayBeNestedAndItsFilesMayDiffer() {
        SparkSession spark = TestSession.get();
        Path parquet = folder.resolve("parquet");
        spark.sql("select 7 as id, named_struct('name', 'Lamp', 'bullets', array('one', null, 'two')) as product,"
                        + " array('Home', 'Lamps') as shelf, timestamp '2024-01-02 00:00:00' as at")
                .write()
                .mode("append")
                .parquet(parquet.toString());
        spark.sql("select 8.0D as id, named_struct('name', 'Hose') as product, 5 as shelf")
                .write()
                .mode("append")
                .parquet(parquet.toString());
        spark.sql("select '9' as id, true as product, 'x' as other")
                .write()
                .mode("append")
                .parquet(parquet.toString());
        Map<String, String> columns = Map.of("title", "product.name", "feature", "product.bullets", "updated_at", "at");

        try (Catalog catalog = read(with(parquet, CatalogFormat.AUTO, "", false, columns, "shelf"))) {
            assertThat(rows(catalog.products(), "id", "title", "feature", "label"))
                    .containsExactly("7|Lamp|one two|Home > Lamps", "8|Hose||5");
            assertThat(rows(catalog.quarantine(), "reason", "detail", "raw"))
                    .containsExactly(
                            "wrong_type|product is a boolean, expected an object or a list of objects that hold"
                                    + " name|{\"id\":\"9\",\"product\":true}");
            assertThat(catalog.quarantine().first().<String>getAs("source_file"))
                    .startsWith("file:" + parquet + "/part-");
        }
        assertThatThrownBy(() -> read(with(parquet, CatalogFormat.PARQUET, "", false, Map.of("title", "Name"))))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot read " + parquet + ": found no field Name in any record, expected one of at, id, other,"
                                + " product, product.bullets, product.name, shelf. Correct --columns or --label.");
    }

    @Test
    void aPriceThatIsNamedIsNotMissedByAJobThatDoesNotReadIt() {
        Path parquet = folder.resolve("priced");
        TestSession.get()
                .sql("select '1' as id, 'Lamp' as title, 2.5 as cost")
                .write()
                .parquet(parquet.toString());
        CatalogSettings settings =
                with(parquet, CatalogFormat.PARQUET, "", false, Map.of("title", "title", "price", "cost"));

        try (Catalog catalog = read(settings)) {
            assertThat(catalog.products().count()).isOne();
        }
        try (Catalog catalog = read(settings.observing())) {
            assertThat(catalog.observed().select("price").first().getDouble(0)).isEqualTo(2.5);
        }
    }

    @Test
    void columnsAndLabelsOfPreparesOwnParquetAreNotIgnored() throws IOException {
        Path raw = write(
                "raw.json",
                "{\"asin\":\"A\",\"title\":\"Lamp\",\"brand\":\"Aisle\",\"category\":[\"Home\",\"Lamps\"]}");
        Path prepared = folder.resolve("prepared");
        try (Catalog catalog = read(settings(raw, CatalogFormat.AUTO))) {
            catalog.products().write().parquet(prepared.toString());
        }
        try (Catalog own = read(settings(prepared, CatalogFormat.AUTO));
                Catalog columns = read(with(prepared, CatalogFormat.AUTO, "", false, Map.of("title", "brand")));
                Catalog label = read(with(prepared, CatalogFormat.AUTO, "", false, Map.of(), "brand"))) {
            assertThat(rows(own.products(), "title", "label")).containsExactly("Lamp|Home > Lamps");
            assertThat(rows(columns.products(), "title", "label")).containsExactly("Aisle|null");
            assertThat(rows(label.products(), "title", "label")).containsExactly("Lamp|Aisle");
        }
        write("all/manifest.json", "{}");
        Files.createDirectories(folder.resolve("all/train"));
        assertThatThrownBy(() -> read(settings(folder.resolve("all"), CatalogFormat.AUTO)))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot read " + folder + "/all: found all that prepare wrote, expected one of its parts. Give"
                                + " file:" + folder + "/all/test, for example.");
    }

    @Test
    void theFormatIsToldByNamesAndContentOrNotAtAll() throws IOException {
        write("mixed/a.csv", "id\n");
        write("mixed/b.json", "{\"asin\":1}");
        assertUndecided(folder.resolve("mixed"), Map.of(), "files of several formats among 2");
        Path shop = write("shop.json", "{\"code\":1,\"name\":\"Lamp\"}");
        assertUndecided(shop, Map.of(), "records with neither asin nor sku but code, name, and no --columns id=");
        Path letters = write("letter.txt", "Dear all,\nhere is the catalog.\n");
        assertUndecided(letters, Map.of(), "no JSON, and no name that ends in .csv or .parquet");

        try (Catalog mapped = read(with(shop, CatalogFormat.AUTO, "", false, Map.of("id", "code", "title", "name")))) {
            assertThat(rows(mapped.products(), "id")).containsExactly("1");
        }
        try (Catalog array = read(settings(write("a", "[{\"asin\":\"A\",\"title\":\"a\"}]"), CatalogFormat.AUTO))) {
            assertThat(rows(array.products(), "id")).containsExactly("A");
        }
    }

    private static void assertUndecided(Path input, Map<String, String> columns, String found) {
        assertThatThrownBy(() -> read(with(input, CatalogFormat.AUTO, "", false, columns)))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot tell the format of " + input + ": found " + found + ", expected one of the formats."
                        + " Name it with --format: amazon, bestbuy, jsonl, csv, parquet, prepared.");
    }

    @Test
    void corruptFilesAreSkippedOnRequestOnlyAndNamed() throws IOException {
        StringBuilder lines = new StringBuilder();
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            lines.append("{\"asin\":\"A" + i + "\",\"title\":\"" + Long.toHexString(random.nextLong()) + "\"}\n");
        }
        byte[] whole =
                Files.readAllBytes(write("in/whole.json.gz", lines.toString().replace("\"A", "\"B")));
        Path cut = Files.write(folder.resolve("in/cut.json.gz"), Arrays.copyOf(whole, whole.length / 2));
        Path noGzip = Files.writeString(folder.resolve("in/plain.json.gz"), "{}");

        try (Catalog catalog = read(with(folder.resolve("in"), CatalogFormat.AUTO, "", true, Map.of()))) {
            assertThat(catalog.corruptFiles()).containsOnlyKeys("file:" + cut, "file:" + noGzip);
            assertThat(catalog.corruptFiles().get("file:" + noGzip)).isZero();
            long before = catalog.corruptFiles().get("file:" + cut);
            assertThat(before).isBetween(500L, 1_500L);
            assertThat(catalog.rowsIn()).isEqualTo(2_000 + before);
            assertThat(catalog.duplicates().count()).isEqualTo(before);
            assertThat(catalog.quarantine().count()).isZero();
        }
    }

    @Test
    void brokenInputIsCountedWhateverItsShare() throws IOException {
        for (int percent : new int[] {0, 1, 50, 100}) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                lines.add(
                        i < 4 * percent
                                ? List.of("\0\0", "{\"asin\":", "[1", "{\"asin\":\"\\ud800\",\"title\":\"a\"}")
                                        .get(i % 4)
                                : "{\"asin\":\"A" + i
                                        + "\",\"title\":\"x\\ud800\\u0000y\",\"category\":[\"\\udc00c\"]}");
            }
            Collections.shuffle(lines, new Random(percent));
            Path file = write("broken.json", String.join("\n", lines));
            Path quarantine = folder.resolve("quarantine-" + percent);

            try (Catalog catalog = read(settings(file, CatalogFormat.AMAZON))) {
                assertThat(catalog.rowsIn()).isEqualTo(400);
                assertThat(catalog.quarantined()).isEqualTo(4L * percent);
                assertThat(catalog.products().count()).isEqualTo(400 - 4L * percent);
                catalog.quarantine().write().parquet(quarantine.toString());
                assertThat(TestSession.get()
                                .read()
                                .parquet(quarantine.toString())
                                .count())
                        .isEqualTo(4L * percent);
                if (percent < 100) {
                    assertThat(catalog.products().first().<String>getAs("label"))
                            .isEqualTo("\uFFFDc");
                }
            }
        }
    }

    @Test
    void invalidBytesBecomeReplacementCharacters() throws IOException {
        byte[] line = "{\"asin\":\"A\",\"title\":\"caf? bar\"}".getBytes(UTF_8);
        for (int i = 0; i < line.length; i++) {
            line[i] = line[i] == '?' ? (byte) 0xE9 : line[i];
        }
        try (Catalog catalog = read(settings(Files.write(folder.resolve("latin.json"), line), CatalogFormat.AUTO))) {
            assertThat(rows(catalog.products(), "id", "title")).containsExactly("A|caf bar");
        }
    }

    @Test
    void longTextsAreQuarantinedWithoutBeingKept() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lines.append("{\"asin\":\"A" + i + "\",\"description\":\"" + "x".repeat(1_000_000) + "\"}\n");
        }
        for (Path file : List.of(
                write("long.json.gz", lines.toString()),
                write("array.json", "[" + lines.toString().replace("}\n", "},\n") + "]"))) {
            try (Catalog catalog = read(settings(file, CatalogFormat.AMAZON))) {
                assertThat(catalog.quarantinedByReason()).isEqualTo(Map.of("over_long_field", 40L));
                assertThat(rows(catalog.quarantine(), "raw"))
                        .allSatisfy(raw -> assertThat(raw).hasSizeLessThan(130).endsWith(" characters)"));
            }
        }
    }

    @Test
    void anEmptyCatalogHasNoColumnsToMiss() throws IOException {
        Files.createDirectories(folder.resolve("nothing"));
        for (Path input : List.of(
                folder.resolve("nothing"),
                write("empty.csv", ""),
                write("header.csv", "id,title\n"),
                write("empty.json", "[]"),
                write("blank", " \n"))) {
            for (CatalogFormat format : List.of(CatalogFormat.AUTO, CatalogFormat.JSONL, CatalogFormat.BESTBUY)) {
                if (format == CatalogFormat.AUTO || !input.toString().endsWith(".csv")) {
                    try (Catalog catalog = read(with(input, format, "", false, Map.of("title", "Name"), "shelf"))) {
                        assertThat(catalog.rowsIn()).as(input + " as " + format).isZero();
                        assertThat(catalog.products().count()).isZero();
                    }
                }
            }
        }
        try (Catalog parquet = read(settings(folder.resolve("nothing"), CatalogFormat.PARQUET))) {
            assertThat(parquet.rowsIn()).isZero();
        }
    }

    @Test
    void aJobWithoutLabelsDoesNotMindTheirType() throws IOException {
        Path file =
                write("products.json", "{\"asin\":\"A\",\"title\":\"a\",\"category\":{\"of\":\"another\",\"type\":1}}");

        try (Catalog labelled = read(settings(file, CatalogFormat.AUTO));
                Catalog unlabelled = read(settings(file, CatalogFormat.AUTO).withoutLabels())) {
            assertThat(labelled.quarantinedByReason()).isEqualTo(Map.of("wrong_type", 1L));
            assertThat(rows(unlabelled.products(), "id", "label")).containsExactly("A|null");
        }
    }
}
