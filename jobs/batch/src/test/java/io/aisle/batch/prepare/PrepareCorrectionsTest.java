package io.aisle.batch.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.prepare.GoldenCatalog.Prepared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Corrections as a service writes them: a directory of small files, several words on one product. */
class PrepareCorrectionsTest {
    private static final int PRODUCTS = 60;

    @TempDir
    Path folder;

    private Path catalog;
    private Path corrections;

    @BeforeEach
    void writeTheCatalog() throws IOException {
        catalog = Files.write(
                folder.resolve("catalog.json"),
                IntStream.range(0, PRODUCTS)
                        .mapToObj(i ->
                                "{\"id\":\"p" + i + "\",\"title\":\"thing " + i + "\",\"shelf\":\"S" + i % 3 + "\"}")
                        .toList());
        corrections = Files.createDirectory(folder.resolve("corrections"));
    }

    private AisleRun prepare(String name, String... more) {
        List<String> line = new ArrayList<>(List.of(
                "prepare",
                "--input=" + catalog,
                "--format=jsonl",
                "--label=shelf",
                "--min-class-size=1",
                "--output=" + folder.resolve(name)));
        line.addAll(List.of(more));
        return AisleRun.of(line);
    }

    private Prepared prepared(String name, String... more) {
        List<String> line = new ArrayList<>(List.of("--corrections=" + corrections));
        line.addAll(List.of(more));
        AisleRun run = prepare(name, line.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return Prepared.read(folder.resolve(name));
    }

    private List<String> trail(String name) {
        return CorrectionTrail.rows(folder.resolve(name));
    }

    private static String correction(String id, String label, String at, String by) {
        return String.format(
                "{\"id\":\"%s\",\"category_path\":[\"%s\"],\"corrected_at\":\"%s\",\"corrected_by\":\"%s\",\"title\":\"thing %s\","
                        + "\"action\":\"correct\",\"predicted_path\":[\"A\",\"C\"],\"confidence\":0.41,\"model_version\":\"0123\"}",
                id, label, at, by, id);
    }

    @Test
    void readsEveryFileOfADirectoryButHiddenOnes() throws IOException {
        Files.writeString(corrections.resolve("1.json"), correction("p0", "S9", "2026-11-26T17:00:00.123Z", "ann"));
        Files.writeString(
                Files.createDirectory(corrections.resolve("2026-11-27")).resolve("2.json"),
                correction("p1", "S9", "2026-11-26T17:00:00.123Z", "bob") + "\n");
        Files.writeString(corrections.resolve(".lock"), "held by 7");
        Files.writeString(corrections.resolve("_3.json"), correction("p2", "S9", "2026-11-26T17:00:00Z", "cid"));

        Prepared prepared = prepared("out");

        assertThat(trail("out"))
                .containsExactly(
                        "p0\tS9\tS0\t2026-11-26T17:00:00.123000000Z\tann\tapplied\tfalse",
                        "p1\tS9\tS1\t2026-11-26T17:00:00.123000000Z\tbob\tapplied\tfalse");
        assertThat(prepared.manifest().settings())
                .containsEntry("corrections", corrections.toString())
                .containsEntry("correction_weight", "1");
    }

    @Test
    void aDirectoryWithoutCorrectionsChangesNothing() throws IOException {
        Files.createFile(corrections.resolve(".lock"));

        Prepared prepared = prepared("out", "--correction-weight=5");

        assertThat(trail("out")).isEmpty();
        assertThat(prepared.manifest().corrections()).containsEntry("read", 0L).containsEntry("applied", 0L);
        assertThat(prepare("plain").exitCode()).isZero();
        Prepared plain = Prepared.read(folder.resolve("plain"));
        assertThat(prepared.rows()).isEqualTo(plain.rows());
        assertThat(prepared.manifest().fingerprint()).isEqualTo(plain.manifest().fingerprint());
        assertThat(folder.resolve("plain/corrections")).as("none were given").doesNotExist();
        assertThat(plain.manifest().corrections()).isEmpty();
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        AisleRun run = prepare("out", "--corrections=" + folder.resolve("none"));

        assertThat(run.err())
                .isEqualTo(
                        "Cannot read " + folder.resolve("none")
                                + ": found no such file, expected a file or directory of corrections, maybe empty. Check the path.\n");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aTimeThatIsNoneIsQuarantined() throws IOException {
        Files.writeString(corrections.resolve("1.json"), correction("p0", "S9", "yesterday", "ann"));

        Prepared prepared = prepared("out");

        assertThat(prepared.quarantine())
                .singleElement()
                .asString()
                .startsWith(
                        "wrong_type\tcorrected_at is \"yesterday\", expected a time as in 2026-11-26T17:00:00.5Z\t");
        assertThat(prepared.manifest().corrections())
                .containsEntry("unusable", 1L)
                .containsEntry("read", 1L);
        assertThat(trail("out")).isEmpty();
    }

    @Test
    void theLatestWordCountsAndTheTrailHasWhoSaidWhat() throws IOException {
        Files.write(
                corrections.resolve("1.json"),
                List.of(
                        correction("p0", "S7", "2026-11-26T17:00:00.5Z", "ann"),
                        correction("p0", "S8", "2026-11-26T17:00:00Z", "bob"),
                        correction("p1", "S1", "2026-11-26T17:00:00Z", "ann"),
                        correction("p1", "S1", "2026-11-26T18:00:00+02:00", "bob"),
                        // what some programs write where there is no time
                        correction("new", "S7", "0001-01-01T00:00:00Z", "ann"),
                        "{\"id\":\"gone\",\"category_path\":\"S7\"}"));

        AisleRun run = prepare("out", "--corrections=" + corrections);

        assertThat(trail("out"))
                .containsExactly(
                        "gone\tS7\t-\t-\t-\tunusable\tfalse",
                        "new\tS7\t-\t0001-01-01T00:00:00.000000000Z\tann\tadded\tfalse",
                        "p0\tS7\tS0\t2026-11-26T17:00:00.500000000Z\tann\tapplied\ttrue",
                        "p0\tS8\tS0\t2026-11-26T17:00:00.000000000Z\tbob\tsuperseded\ttrue",
                        "p1\tS1\tS1\t2026-11-26T17:00:00.000000000Z\tann\tapplied\tfalse",
                        "p1\tS1\tS1\t2026-11-26T16:00:00.000000000Z\tbob\tsuperseded\tfalse");
        assertThat(run.out())
                .contains(
                        "corrections: 6 read, 2 applied (1 of them say what the catalog says), 1 added products, 2 superseded,"
                                + " 1 unusable (see quarantine/); 1 product was given different categories: p0 (corrections/ has who"
                                + " said what)\n");
    }

    @Test
    void ofSeveralOfOneMomentTheSameCountsWhateverTheirOrder() throws IOException {
        List<String> words = new ArrayList<>();
        for (String by : List.of("ann", "bob", "cid")) {
            for (int label = 4; label < 8; label++) {
                words.add(correction("p0", "S" + label, "2026-11-26T17:00:00Z", by));
            }
        }
        HashSet<List<String>> trails = new HashSet<>();
        for (int order = 0; order < 2; order++) {
            Collections.shuffle(words, new Random(order));
            for (int file = 0; file < words.size(); file++) {
                Files.writeString(corrections.resolve(file + ".json"), words.get(file));
            }
            prepared("out" + order);
            trails.add(trail("out" + order));
        }

        assertThat(trails).hasSize(1);
        assertThat(trails.iterator().next())
                .hasSize(12)
                .first()
                .isEqualTo("p0\tS4\tS0\t2026-11-26T17:00:00.000000000Z\tann\tapplied\ttrue");
    }

    @Test
    void aCorrectedProductOfTrainIsThereSoManyTimesAndOneOfTheOthersOnce() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String id = random.nextInt(5) == 0 ? "n" + i : "p" + random.nextInt(PRODUCTS);
            words.add(correction(id, "S" + random.nextInt(5), "2026-11-26T17:00:0" + i % 10 + "Z", "ann"));
        }
        Files.write(corrections.resolve("1.json"), words);
        Prepared once = prepared("once", "--split=0.6,0.2,0.2");
        Map<Integer, Prepared> weighted = new TreeMap<>();
        for (int weight : List.of(2, 4)) {
            weighted.put(weight, prepared("weight-" + weight, "--split=0.6,0.2,0.2", "--correction-weight=" + weight));
        }

        List<String> corrected = trail("once").stream()
                .filter(row -> row.contains("\tapplied\t") || row.contains("\tadded\t"))
                .map(row -> row.substring(0, row.indexOf('\t')))
                .toList();
        long inTrain = once.rows().get(Split.TRAIN).stream()
                .filter(row -> corrected.contains(row.substring(0, row.indexOf('\t'))))
                .count();
        assertThat(inTrain).isBetween(10L, (long) corrected.size() - 3);
        weighted.forEach((weight, prepared) -> {
            List<String> expected = once.rows().get(Split.TRAIN).stream()
                    .flatMap(row ->
                            Collections.nCopies(
                                    corrected.contains(row.substring(0, row.indexOf('\t'))) ? weight : 1, row)
                                    .stream())
                    .toList();
            assertThat(prepared.rows().get(Split.TRAIN)).isEqualTo(expected);
            assertThat(prepared.rows().get(Split.VALIDATION))
                    .isEqualTo(once.rows().get(Split.VALIDATION));
            assertThat(prepared.rows().get(Split.TEST)).isEqualTo(once.rows().get(Split.TEST));
            PreparedManifest manifest = prepared.manifest();
            manifest.requireBalance();
            assertThat(manifest.rows()).containsEntry("corrections_repeated", (weight - 1) * inTrain);
            assertThat(manifest.rows()).containsEntry("train", (long) expected.size());
            assertThat(manifest.trainRows()).isEqualTo(rowsOfLabels(expected));
            assertThat(manifest.corrections()).isEqualTo(once.manifest().corrections());
        });
        assertThat(
                        TestSession.get()
                                .read()
                                .parquet(folder.resolve("weight-4/train").toString())
                                .select("id")
                                .collectAsList()
                                .stream()
                                .map(row -> row.getString(0)))
                .as("copies lie beside each other")
                .isSorted();
        assertThat(weighted.values().stream()
                        .map(prepared -> prepared.manifest().fingerprint().replaceFirst("^\\d+-", "")))
                .as("copies do not cancel out")
                .doesNotHaveDuplicates()
                .doesNotContain(once.manifest().fingerprint().replaceFirst("^\\d+-", ""));
    }

    /** The label is the last column but one. */
    private static Map<String, Long> rowsOfLabels(List<String> rows) {
        return rows.stream()
                .map(row -> row.split("\t", -1))
                .collect(Collectors.groupingBy(
                        columns -> columns[columns.length - 2], TreeMap::new, Collectors.counting()));
    }

    @Test
    void theWeightIsAWholeNumberFromOneToAHundred() {
        for (String weight : List.of("0", "101", "1.5")) {
            AisleRun run = prepare("out", "--corrections=" + corrections, "--correction-weight=" + weight);

            assertThat(run.exitCode()).as(weight).isEqualTo(2);
            assertThat(run.err()).as(weight).contains("prepare.correction-weight");
        }
    }
}
