package io.aisle.batch.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateJobTest {
    @TempDir
    Path folder;

    private static AisleRun generate(Path output, String... more) {
        List<String> arguments = new ArrayList<>(List.of("generate", "--classes=40", "--output=" + output));
        arguments.addAll(List.of(more));
        return AisleRun.of(arguments);
    }

    /** Lines of all files, in the order of their names. */
    private static List<String> lines(Path output) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".txt.gz"))
                    .sorted()
                    .toList()) {
                try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
                    reader.lines().forEach(lines::add);
                }
            }
        }
        return lines;
    }

    @Test
    void writesTheLinesOfThePlanInOrder() throws IOException {
        Path output = folder.resolve("catalog");

        AisleRun run = generate(output, "--rows=321", "--seed=9");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("wrote 321 records of 40 classes: file:" + output + "\n");
        CatalogGenerator generator = new CatalogGenerator(GeneratorPlan.of(321, 40, 9));
        assertThat(lines(output))
                .isEqualTo(LongStream.range(0, 321).mapToObj(generator::line).toList());
    }

    @Test
    void refusesAnOutputThatExistsAndASizeThatIsNone() throws IOException {
        Path output = Files.createDirectories(folder.resolve("catalog"));
        Path other = Files.writeString(output.resolve("other"), "precious");

        AisleRun run = generate(output, "--rows=10");

        assertThat(run)
                .isEqualTo(new AisleRun(
                        2,
                        "",
                        "Cannot write a catalog to file:" + output
                                + ": found something there already, expected nothing."
                                + " Choose another --output, or remove it.\n"));
        assertThat(other).hasContent("precious");
        assertThat(generate(folder.resolve("none"), "--rows=0", "--seed=x")).isEqualTo(new AisleRun(2, "", """
                        Cannot use the settings: found 2 problems
                          - generate.rows: found 0, expected a whole number from 1 to 10000000000
                          - generate.seed: found "x", expected a whole number
                        Every key, its meaning and its default stand in reference.conf; --dry-run prints what a run would use.
                        """));
    }
}
