package io.aisle.batch.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest.ClassRows;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.prepare.GoldenCatalog.Prepared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.RuntimeConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden files were worked out from the sampling contract by another program. */
class PrepareJobTest {
    private static final String SHUFFLE_PARTITIONS = "spark.sql.shuffle.partitions";
    private static final String MAX_PARTITION_BYTES = "spark.sql.files.maxPartitionBytes";

    @TempDir
    static Path folder;

    private static Path output;
    private static AisleRun run;
    private static Prepared prepared;

    @BeforeAll
    static void prepareTheGoldenCatalog() {
        output = folder.resolve("golden");
        run = AisleRun.of(GoldenCatalog.commandLine(GoldenCatalog.file("products.json"), output));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        prepared = Prepared.read(output);
    }

    @Test
    void givesTheRowsOfTheGoldenFiles() {
        for (Split split : Split.values()) {
            assertThat(prepared.labels(split)).isEqualTo(GoldenCatalog.lines(split.key() + ".tsv"));
        }
        assertThat(prepared.duplicates()).isEqualTo(GoldenCatalog.lines("duplicates.tsv"));
        assertThat(prepared.manifest().rows())
                .isEqualTo(pairs("rows.tsv").entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, row -> Long.parseLong(row.getValue()))));
        assertThat(prepared.manifest().foldMap()).isEqualTo(pairs("fold-map.tsv"));
    }

    private static Map<String, String> pairs(String name) {
        return GoldenCatalog.lines(name).stream()
                .map(line -> line.split("\t"))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    @Test
    void keepsEveryUnusableLineWithItsReason() {
        assertThat(prepared.quarantine())
                .extracting(row -> row.substring(0, row.lastIndexOf('\t')))
                .isEqualTo(GoldenCatalog.lines("quarantine.tsv"));
        assertThat(GoldenCatalog.lines("products.json"))
                .containsAll(prepared.quarantine().stream()
                        .map(row -> row.substring(row.lastIndexOf('\t') + 1))
                        .toList());
        assertThat(prepared.manifest().quarantine())
                .isEqualTo(Map.of(
                        "missing_id", 2L, "no_text", 1L, "over_long_field", 1L, "unparsable", 3L, "wrong_type", 2L));
    }

    @Test
    void storesCleanedFieldsAndTheWholeText() {
        assertThat(prepared.rows().get(Split.TRAIN))
                .filteredOn(row -> row.startsWith("C011\t"))
                .singleElement()
                .asString()
                .startsWith("C011\tMetal disc filter\tMorning Hill\tFor presses & syringes.\t\t"
                        + "Metal disc filter [SEP] Morning Hill [SEP] For presses & syringes.\t"
                        + "Home & Kitchen > Coffee > Filters\t");
    }

    @Test
    void aNearCopyIsInThePartOfItsOriginal() {
        assertThat(prepared.labels(Split.VALIDATION))
                .contains("C002\tHome & Kitchen > Coffee > Filters", "C015\tHome & Kitchen > Coffee > Filters");
    }

    @Test
    void theManifestSaysWhatTheRowsDependOn() {
        assertThat(prepared.manifest().settings())
                .containsEntry("input", GoldenCatalog.file("products.json").toString())
                .containsEntry("format", "auto")
                .containsEntry("fraction", "0.75")
                .containsEntry("min_class_size", "4")
                .containsEntry("split", "[0.6, 0.2, 0.2]")
                .containsEntry("seed", "42")
                .containsEntry("split_seed", "42");
        assertThat(prepared.manifest().classes())
                .startsWith(new ClassRows("Home & Kitchen > Coffee > Filters", 12, 4, 2, 3))
                .endsWith(new ClassRows("other", 3, 1, 2, 0))
                .hasSize(7);
        assertThat(prepared.manifest().fingerprint()).matches("38-[0-9a-f]+");
    }

    @Test
    void tellsItsUserWhatBecameOfTheRows() {
        assertThat(run.out())
                .contains("read 62 records, 9 quarantined\n")
                .contains("not_sampled        10\n")
                .contains("  quarantined 2: wrong_type\n")
                .contains("7 classes, 7 rare ones folded; largest 12 rows, smallest 3\n")
                .contains("no validation row in 1 of 7 classes: Home & Kitchen > Coffee > other\n")
                .contains("no test row in 3 of 7 classes: Home & Kitchen > Coffee > Grinders; ")
                .doesNotContain("no train row")
                .contains("prepared data: file:" + output + "\n");
    }

    @Test
    void filesOrderAndPartitionsChangeNothing() throws IOException {
        List<String> lines = new ArrayList<>(GoldenCatalog.lines("products.json"));
        Collections.shuffle(lines, new Random(8));
        Path files = Files.createDirectories(folder.resolve("files"));
        for (int file = 0; file < 16; file++) {
            int first = file;
            String part = lines.stream()
                    .filter(line -> lines.indexOf(line) % 16 == first)
                    .collect(Collectors.joining("\n"));
            Files.write(files.resolve("part-" + file + (file % 2 == 0 ? ".json.gz" : ".json")), bytes(part, file));
        }
        Collections.reverse(lines);
        Path reversed = Files.write(folder.resolve("reversed.json"), lines);

        // a file is a partition, or cut into several
        assertSameRows(prepareWith(Map.of(SHUFFLE_PARTITIONS, "7", MAX_PARTITION_BYTES, "2000"), files));
        assertSameRows(prepareWith(Map.of(SHUFFLE_PARTITIONS, "1"), reversed));
    }

    private static byte[] bytes(String text, int file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = file % 2 == 0 ? new GZIPOutputStream(bytes) : bytes) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static Prepared prepareWith(Map<String, String> conf, Path input) {
        RuntimeConfig session = TestSession.get().conf();
        Map<String, String> before = conf.keySet().stream().collect(Collectors.toMap(key -> key, session::get));
        conf.forEach(session::set);
        try {
            Path again = folder.resolve("again-" + conf.get(SHUFFLE_PARTITIONS));
            assertThat(AisleRun.of(GoldenCatalog.commandLine(input, again)).err())
                    .isEmpty();
            return Prepared.read(again);
        } finally {
            before.forEach(session::set);
        }
    }

    private static void assertSameRows(Prepared again) {
        assertThat(again.rows()).isEqualTo(prepared.rows());
        assertThat(again.quarantine()).isEqualTo(prepared.quarantine());
        assertThat(again.duplicates()).isEqualTo(prepared.duplicates());
        assertThat(again.counted()).isEqualTo(prepared.counted());
    }

    @Test
    void correctionsReplaceLabelsAndAddProducts() {
        Path corrected = folder.resolve("corrected");
        AisleRun correctedRun = AisleRun.of(
                "prepare",
                "--input",
                GoldenCatalog.file("products.json").toString(),
                "--output",
                corrected.toString(),
                "--set",
                "catalog.max-field-characters=300",
                "--corrections",
                GoldenCatalog.file("corrections.json").toString(),
                "--fraction=1",
                "--split=1,0,0",
                "--min-class-size=4");
        assertThat(correctedRun.err()).isEmpty();
        Prepared all = Prepared.read(corrected);

        assertThat(all.labels(Split.TRAIN))
                .contains(
                        "C401\tGarden > Hoses",
                        "U001\tGarden > Hoses",
                        "N001\tGarden > Hoses",
                        "G201\tGarden > Hoses",
                        "G301\tGarden > Pots \\> Planters",
                        "Q009\tGarden > Tools > Rakes")
                .noneMatch(row -> row.startsWith("U002") || row.startsWith("N002"));
        assertThat(all.rows().get(Split.TRAIN))
                .filteredOn(row -> row.startsWith("N001"))
                .singleElement()
                .asString()
                .startsWith("N001\tSoaker hose\t");
        assertThat(all.rows().get(Split.VALIDATION)).as("a share of zero").isEmpty();
        assertThat(all.rows().get(Split.TEST)).as("a share of zero").isEmpty();
        assertThat(all.quarantine())
                .contains(
                        "missing_label\tfound no category_path\t"
                                + "{\"id\": \"N003\", \"title\": \"A product without a shelf\"}",
                        "no_text\ta correction without text for a product that the catalog lacks\t"
                                + "{\"id\":\"N002\",\"label\":\"Garden > Hoses\"}")
                .anyMatch(row ->
                        row.startsWith("missing_label\tfound an empty name in category_path Garden > > Hoses\t"));
        assertThat(all.duplicates()).contains("C401\t").hasSize(4);
        assertThat(all.manifest().rows())
                .isEqualTo(Map.of(
                        "rows_in", 62L,
                        "corrections_added", 6L,
                        "corrections_repeated", 0L,
                        "train", 51L,
                        "validation", 0L,
                        "test", 0L,
                        "not_sampled", 0L,
                        "unlabelled", 1L,
                        "quarantined", 12L,
                        "duplicates", 4L));
        assertThat(all.manifest().corrections())
                .isEqualTo(Map.of(
                        "read", 9L,
                        "applied", 3L,
                        "confirming", 1L,
                        "added", 2L,
                        "superseded", 1L,
                        "unusable", 3L,
                        "conflicting_products", 1L));
        assertThat(CorrectionTrail.rows(corrected)).isEqualTo(GoldenCatalog.lines("corrections.tsv"));
        assertThat(correctedRun.out())
                .contains("corrections_added   6\n")
                .contains(
                        "corrections: 9 read, 3 applied (1 of them say what the catalog says), 2 added products, 1 superseded,"
                                + " 3 unusable (see quarantine/); 1 product was given different categories: C401 (corrections/ has who"
                                + " said what)\n")
                .as("nothing is said of parts that are to be empty")
                .doesNotContain(" row in ");
    }

    @Test
    void readsAnySchemaAndLeavesNamesWithoutRowsToBeSeen() throws IOException {
        Path input = Files.writeString(folder.resolve("shop.json"), """
                {"sku": 1, "name": "Red lamp", "l1": "Home", "l2": "Lamps", "changed": 7}
                {"sku": 1, "name": "Green lamp", "l1": "Home", "l2": "Lamps", "changed": 12}
                {"sku": 2, "name": "Oak shelf", "l1": "Home", "l2": ""}
                {"sku": 3, "name": "Oak chair", "l1": "", "l2": null}
                """);
        Path shop = folder.resolve("shop");

        AisleRun ran = AisleRun.of(
                "prepare",
                "--input=" + input,
                "--format=jsonl",
                "--columns=id=sku,title=name,updated_at=changed",
                "--label=l1,l2",
                "--min-class-size=1",
                "--split=0,1,0",
                "--output=" + shop);

        assertThat(ran.err()).isEmpty();
        Prepared read = Prepared.read(shop);
        assertThat(read.labels(Split.VALIDATION)).containsExactly("1\tHome > Lamps", "2\tHome");
        assertThat(read.rows().get(Split.VALIDATION).get(0)).contains("Green lamp");
        assertThat(read.duplicates()).containsExactly("1\tRed lamp");
        assertThat(read.quarantine()).isEmpty();
        assertThat(read.manifest().foldMap()).isEmpty();
        assertThat(read.manifest().rows()).containsEntry("unlabelled", 1L).containsEntry("validation", 2L);
        assertThat(PreparedData.open(TestSession.get(), shop.toString())
                        .unlabelled()
                        .collectAsList())
                .singleElement()
                .asString()
                .startsWith("[3,Oak chair,")
                .contains(",Oak chair,null,");
    }

    @Test
    void refusesWhatItCannotPrepare() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.json"), "7\n{\"asin\": 1}\n");
        Path unlabelled = Files.writeString(folder.resolve("unlabelled.json"), "{\"asin\": 1, \"title\": \"a\"}");
        Path empty = Files.writeString(folder.resolve("empty.json"), "\n\n");

        assertRefused(
                GoldenCatalog.file("products.json"),
                output,
                "Cannot write prepared data to file:" + output + ": found something there already, expected nothing."
                        + " Choose another --output, or remove it.");
        assertRefused(
                broken,
                folder.resolve("none"),
                "Cannot prepare " + broken
                        + ": found no usable record among 2 (quarantined: {no_text=1, unparsable=1})."
                        + " Check --format and --columns.");
        assertRefused(
                unlabelled,
                folder.resolve("none"),
                "Cannot prepare " + unlabelled
                        + ": found no record with a label, expected the truth in the format's own"
                        + " field. Name the fields with --label, root level first.");
        assertRefused(
                empty,
                folder.resolve("none"),
                "Cannot prepare " + empty + ": found no record, expected at least one. Check the path.");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    private static void assertRefused(Path input, Path to, String message) {
        AisleRun refused = AisleRun.of("prepare", "--input", input.toString(), "--output", to.toString());

        assertThat(refused.err()).isEqualTo(message + "\n");
        assertThat(refused.exitCode()).isEqualTo(2);
    }
}
