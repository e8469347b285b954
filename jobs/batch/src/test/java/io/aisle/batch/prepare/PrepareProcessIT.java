package io.aisle.batch.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.prepare.GoldenCatalog.Prepared;
import io.aisle.batch.process.AisleProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prepare in a process as unlike this one as another machine: threads, partitions, language, character set, time zone. */
class PrepareProcessIT {
    private static final Path PRODUCTS = GoldenCatalog.file("products.json");
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    @Test
    void givesTheSameRows() throws InterruptedException {
        AisleRun.of(GoldenCatalog.commandLine(PRODUCTS, folder.resolve("here")));
        Map<String, String> environment = Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Duser.language=tr -Duser.country=TR -Dfile.encoding=ISO-8859-1 -Duser.timezone=Asia/Kathmandu");
        List<String> submit = List.of("--master", "local[1]", "--conf", "spark.sql.shuffle.partitions=3");
        String[] job =
                GoldenCatalog.commandLine(PRODUCTS, folder.resolve("there")).toArray(String[]::new);

        try (AisleProcess process = AisleProcess.start(environment, submit, job)) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
            assertThat(process.out()).contains("read 62 records, 9 quarantined");
        }

        assertThat(Prepared.read(folder.resolve("there"))).isEqualTo(Prepared.read(folder.resolve("here")));
    }
}
