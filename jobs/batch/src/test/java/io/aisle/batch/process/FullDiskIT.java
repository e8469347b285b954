package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The nightly job on a disk that fills up: it says which one, the published run stays, and the next run is not in its way. */
class FullDiskIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int KILOBYTE = 1_024;

    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void namesTheDiskOfTheOutput(long seed) throws Exception {
        try (SmallDisk disk = SmallDisk.mount(Fixtures.fresh("full-output-" + seed), 16_000 * KILOBYTE)) {
            Path output = Fixtures.copy(Nights.output(), disk.root().resolve("output"));
            Path filling = disk.fillUpTo((24L + new Random(seed).nextInt(96)) * KILOBYTE);

            requireFailure(output, List.of(), "Cannot write: found the disk of the output full (");

            Files.delete(filling);
            Aftermath.recover("disk of the output full", output, false);
        }
    }

    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void namesTheDiskOfTemporaryFiles(long seed) throws Exception {
        Path output = Nights.copyOfOutput("full-temporary-" + seed);
        // Spark copies the jar there first
        long bytes = Files.size(jar()) + (500L + new Random(seed).nextInt(200)) * KILOBYTE;
        try (SmallDisk disk = SmallDisk.mount(Fixtures.fresh("full-temporary-" + seed), bytes)) {
            List<String> submit = List.of("--conf", "spark.local.dir=" + disk.root());

            requireFailure(output, submit, "Cannot write: found a disk of Spark's temporary files full (");
        }
        Aftermath.recover("disk of Spark's temporary files full", output, false);
    }

    private static Path jar() throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of("target", "dist"), "aisle-*.jar")) {
            return jars.iterator().next();
        }
    }

    private static void requireFailure(Path output, List<String> submit, String message) throws InterruptedException {
        try (AisleProcess process = start(output, submit)) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(2);
            assertThat(process.err())
                    .contains(message)
                    .contains("No space left on device")
                    .contains("run the same command again");
        }
        Aftermath.requirePublished(Nights.afterFirst(), output.toString());
        assertThat(output.resolve("RUNNING")).doesNotExist();
    }

    private static AisleProcess start(Path output, List<String> submit) {
        return AisleProcess.start(Map.of(), submit, Nights.second(output.toString(), Nights.SECOND));
    }
}
