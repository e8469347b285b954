package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.bench.PrepareBench.Counts;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepareBenchTest {
    @TempDir
    private Path directory;

    private Counts counts(String name, long quarantined, long shoes) throws IOException {
        Path prepared = Files.createDirectories(directory.resolve(name));
        Files.writeString(prepared.resolve("manifest.json"), """
                {"rows": {"rows_in": 9, "quarantined": %d, "duplicates": 0, "unlabelled": 0, "not_sampled": 3, "train": 5},
                 "quarantine": {"no_text": %d}, "classes": [{"label": "Shoes", "rows": %d, "train": 4}]}
                """.formatted(quarantined, quarantined, shoes));
        return Counts.read(prepared);
    }

    @Test
    void countsThatDoNotDependOnAHashHaveToAgree() throws IOException {
        Counts ours = counts("ours", 1, 8);

        assertThat(ours).isEqualTo(counts("same", 1, 8));
        assertThat(ours.inWords()).isEqualTo("9 rows in, 1 quarantined, 0 duplicates, 3 not sampled, 1 classes");
        assertThat(ours.difference(counts("other", 2, 7)))
                .isEqualTo("quarantined, quarantine ({no_text=1}, {no_text=2}), Shoes (8, 7)");
    }

    @Test
    void refusesOptionsThatAreNoNumbers() {
        assertThatThrownBy(() -> new PrepareBench().measure(List.of("many")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot measure prepare: found the option many, expected a whole number");
        assertThatThrownBy(() -> new PrepareBench().measure(List.of("0"))).isInstanceOf(UserException.class);
    }
}
