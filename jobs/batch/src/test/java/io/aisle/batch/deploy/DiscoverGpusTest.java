package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiscoverGpusTest {
    /** The whole PATH, so that a GPU of this machine plays no part. */
    @TempDir
    Path path;

    @BeforeEach
    void hasTheToolsOfEveryLinux() throws IOException {
        Script.tools(path, "bash", "uname", "cat");
    }

    @Test
    void printsWhatSparkReads() throws IOException {
        nvidiaSmi("echo 0; echo 1; echo 10");

        Script.Outcome outcome = discover();

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).isEqualTo("{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\", \"10\"]}\n");
        ResourceInformation read = ResourceInformation.parseJson(outcome.out());
        assertThat(read.name()).isEqualTo("gpu");
        assertThat(read.addresses()).containsExactly("0", "1", "10");
    }

    @Test
    void saysThatTheDriverIsMissing() {
        Script.Outcome outcome = discover();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("Cannot discover GPUs on ")
                .contains(": found no nvidia-smi on the PATH, expected it. Install NVIDIA's driver,");
    }

    @Test
    void saysWhatAFailingDriverSays() throws IOException {
        nvidiaSmi("echo 'NVIDIA-SMI has failed: no driver is running'; exit 9");

        Script.Outcome outcome = discover();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .contains("found that nvidia-smi failed (NVIDIA-SMI has failed: no driver is running), expected");
    }

    @Test
    void saysThatThereIsNoGpu() throws IOException {
        nvidiaSmi(":");

        Script.Outcome outcome = discover();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("found none in the answer of nvidia-smi, expected at least one.");
    }

    private void nvidiaSmi(String answer) throws IOException {
        Script.program(
                path, "nvidia-smi", "[ \"$*\" = '--query-gpu=index --format=csv,noheader' ] || exit 2\n" + answer);
    }

    private Script.Outcome discover() {
        return Script.run(Map.of("PATH", path.toString()), "discover-gpus", List.of());
    }
}
