package io.aisle.batch.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.prepare.GoldenCatalog.Prepared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that break off, beside whole ones, through the command line. */
class PrepareCorruptFilesTest {
    private static final int ROWS = 2_000;
    private static final String REMEDY =
            ", expected a whole file. Copy or write the file again, or read what comes before the break with --set"
                    + " catalog.skip-corrupt-files=true.\n";

    @TempDir
    Path folder;

    private Path in;

    @BeforeEach
    void makeInput() throws IOException {
        in = Files.createDirectory(folder.resolve("in"));
    }

    private AisleRun prepare(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("prepare", "--input=" + in, "--min-class-size=1", "--split=1,0,0", "--output=" + out()));
        arguments.addAll(List.of(more));
        return AisleRun.of(arguments);
    }

    private Path out() {
        return folder.resolve("out");
    }

    private Prepared prepareSkipping(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--set", "catalog.skip-corrupt-files=true"));
        arguments.addAll(List.of(more));
        AisleRun run = prepare(arguments.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        Prepared prepared = Prepared.read(out());
        prepared.manifest()
                .corruptFiles()
                .forEach((file, records) -> assertThat(run.out())
                        .contains("corrupt after " + String.format("%,d", records) + " records, the rest skipped: "
                                + file + "\n"));
        return prepared;
    }

    private void assertRefused(AisleRun run, Path file, String found) {
        assertThat(run.err()).isEqualTo("Cannot read file:" + file + ": found " + found + REMEDY);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(out()).doesNotExist();
    }

    private static List<String> records(String prefix) {
        Random random = new Random(prefix.hashCode());
        return IntStream.range(0, ROWS)
                .mapToObj(i -> "{\"asin\":\"" + prefix + i + "\",\"title\":\"" + Long.toHexString(random.nextLong())
                        + "\",\"category\":[\"Home\"]}")
                .toList();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    @Test
    void gzippedLinesArraysAndCsvAreReadUpToTheBreak() throws IOException {
        String csv = records("C").stream()
                .map(record -> record.replaceAll("[{}\\[\\]]|\"\\w+\":", ""))
                .collect(Collectors.joining("\n", "asin,title,category\n", "\n"));
        Map<String, String> texts = Map.of(
                "lines.json",
                String.join("\n", records("L")),
                "array.json",
                "[" + String.join(",\n", records("A")) + "]",
                "table.csv",
                csv);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            String name = text.getKey();
            in = Files.createDirectory(folder.resolve("in of " + name));
            Files.write(
                    in.resolve("whole-" + name),
                    text.getValue().replaceAll("\"[ACL](\\d)", "\"W$1").getBytes(UTF_8));
            Path cut = Files.write(in.resolve("cut-" + name + ".gz"), half(gzip(text.getValue())));
            String[] more = {"--columns=id=asin", "--label=category"};

            assertRefused(prepare(more), cut, "its end in the middle of compressed data");

            Prepared prepared = prepareSkipping(more);
            Map<String, Long> corrupt = prepared.manifest().corruptFiles();
            assertThat(corrupt).as(name).containsOnlyKeys("file:" + cut);
            long before = corrupt.get("file:" + cut);
            assertThat(before).as(name).isBetween(ROWS / 3L, ROWS * 2L / 3);
            assertThat(prepared.manifest().rows())
                    .as(name)
                    .containsEntry("rows_in", ROWS + before)
                    .containsEntry("train", ROWS + before)
                    .containsEntry("quarantined", 0L);
            deleteOutput();
        }
    }

    private void deleteOutput() throws IOException {
        try (var files = Files.walk(out())) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void anArrayThatIsOpenAtItsEndIsACorruptFile() throws IOException {
        List<String> records = records("A");
        Files.writeString(in.resolve("whole.json"), "[" + String.join(",\n", records("W")) + "]");
        String half = "[" + String.join(",\n", records.subList(0, ROWS / 2)) + ",\n{\"asin\":\"A-cut\",\"tit";
        Path cut = Files.writeString(in.resolve("cut.json"), half);

        assertRefused(prepare(), cut, "its end before that of its JSON array");

        Prepared prepared = prepareSkipping();
        assertThat(prepared.manifest().corruptFiles()).isEqualTo(Map.of("file:" + cut, ROWS / 2L + 1));
        assertThat(prepared.manifest().rows())
                .containsEntry("rows_in", ROWS + ROWS / 2L + 1)
                .containsEntry("train", ROWS + ROWS / 2L);
        assertThat(prepared.quarantine())
                .singleElement()
                .asString()
                .startsWith("unparsable\telement 1001, at character ")
                .endsWith("\t{\"asin\":\"A-cut\",\"tit");
    }

    /** Nothing tells the end of a file of lines or rows from a break: what was cut is a broken record. */
    @Test
    void theLastLineOfLinesOrCsvThatIsCutIsQuarantined() throws IOException {
        Files.writeString(
                in.resolve("cut.json"), "{\"asin\":\"A\",\"title\":\"a\",\"category\":[\"C\"]}\n{\"asin\":\"B");
        Prepared lines = prepareSkipping();
        assertThat(lines.labels(Split.TRAIN)).containsExactly("A\tC");
        assertThat(lines.quarantine()).singleElement().asString().endsWith("\t{\"asin\":\"B");
        assertThat(lines.manifest().corruptFiles()).isEmpty();
        deleteOutput();

        for (String last : List.of("2,b", "2,\"b,C\n3,c,D")) {
            in = Files.writeString(folder.resolve("cut.csv"), "id,title,shelf\n1,a,C\n" + last);
            Prepared csv = prepareSkipping("--label=shelf");
            assertThat(csv.labels(Split.TRAIN)).contains("1\tC").doesNotContain("2\tC");
            assertThat(csv.quarantine())
                    .singleElement()
                    .asString()
                    .endsWith("\t" + last.lines().findFirst().orElseThrow());
            assertThat(csv.manifest().corruptFiles()).isEmpty();
            deleteOutput();
        }
    }

    @Test
    void parquetMayBreakInTheMiddleOrLackItsFooter() throws IOException {
        List<Path> parts = parquet(4);
        byte[] zeroed = Files.readAllBytes(parts.get(1));
        Arrays.fill(zeroed, zeroed.length / 4, zeroed.length / 2, (byte) 7);
        // text of a plain page: but for the page's checksum it would be read as another title
        byte[] flipped = Files.readAllBytes(parts.get(2));
        flipped[flipped.length / 3] ^= 1;
        Files.write(parts.get(1), zeroed);
        String[] more = {"--label=shelf"};
        assertBroken(prepare(more), parts.get(1));

        Prepared one = prepareSkipping(more);
        assertThat(one.manifest().corruptFiles()).containsOnlyKeys("file:" + parts.get(1));
        assertThat(one.manifest().rows())
                .containsEntry(
                        "rows_in", 3L * ROWS + one.manifest().corruptFiles().get("file:" + parts.get(1)));
        deleteOutput();

        Files.write(parts.get(2), flipped);
        Path footless = Files.write(parts.get(0).resolveSibling("part-9.parquet"), half(zeroed));
        assertBroken(prepare(more), footless);

        Prepared prepared = prepareSkipping(more);
        Map<String, Long> corrupt = prepared.manifest().corruptFiles();
        assertThat(corrupt).containsOnlyKeys("file:" + parts.get(1), "file:" + parts.get(2), "file:" + footless);
        assertThat(corrupt).containsEntry("file:" + footless, 0L);
        long before = corrupt.values().stream().mapToLong(Long::longValue).sum();
        assertThat(prepared.manifest().rows())
                .containsEntry("rows_in", 2L * ROWS + before)
                .containsEntry("train", 2L * ROWS + before);
        deleteOutput();

        Files.delete(footless);
        Files.delete(parts.get(1));
        assertBroken(prepare(more), parts.get(2));
    }

    private void assertBroken(AisleRun run, Path file) {
        assertThat(run.err())
                .startsWith("Cannot read file:" + file + ": found what cannot be read (")
                .endsWith(")" + REMEDY)
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(out()).doesNotExist();
    }

    /** Uncompressed files of 2,000 rows in a directory whose name is not one of an address. */
    private List<Path> parquet(int files) throws IOException {
        in = folder.resolve("a directory of parquet");
        TestSession.get()
                .sql("select cast(id as string) as id, sha2(cast(id as string), 256) as title, 'Home' as shelf"
                        + " from range(0, " + files * ROWS + ", 1, " + files + ")")
                .write()
                .option("compression", "none")
                .parquet(in.toString());
        List<Path> parts = new ArrayList<>();
        try (var written = Files.newDirectoryStream(in)) {
            for (Path file : written) {
                if (file.toString().endsWith(".parquet")) {
                    parts.add(file);
                } else {
                    // Hadoop's own checksums, which other stores do not keep
                    Files.delete(file);
                }
            }
        }
        parts.sort(null);
        return parts;
    }
}
