package io.aisle.batch.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void bundledSampleIsWhatTheGeneratorWrites() throws IOException {
        CatalogGenerator generator = new CatalogGenerator(GeneratorPlan.of(5_000, 40, 7));
        StringBuilder lines = new StringBuilder();
        for (long index = 0; index < 5_000; index++) {
            lines.append(generator.line(index)).append('\n');
        }
        try (InputStream file = Files.newInputStream(Path.of("../../data/sample/products.json.gz"));
                InputStream sample = new GZIPInputStream(file)) {
            assertThat(new String(sample.readAllBytes(), StandardCharsets.UTF_8).equals(lines.toString()))
                    .as("write data/sample anew, as data/README.md says")
                    .isTrue();
        }
    }
}
