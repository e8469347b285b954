package io.aisle.batch.explore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is put into a catalog is found, and named, and nothing else is. */
class ExplorePlantedTest {
    private static final int ROWS = 3_000;

    @TempDir
    private static Path folder;

    private static JsonNode explore(PlantedCatalog catalog, String name) throws IOException {
        Path input = catalog.write(folder.resolve(name + ".json"));
        Path output = folder.resolve(name);
        // the generator leaves fields empty and its classes are small, and the words that make each title one of a kind
        // are long
        AisleRun run = AisleRun.of(
                "explore",
                "--input=" + input,
                "--format=amazon",
                "--min-class-size=1",
                "--set=explore.warn-above.empty-field=0.35",
                "--set=explore.warn-above.cut-texts=1",
                "--output=" + output);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new ObjectMapper().readTree(output.resolve("explore.json").toFile());
    }

    private static List<String> findings(JsonNode report) {
        return report.path("findings").findValuesAsText("kind");
    }

    @Test
    void aCatalogWithoutFaultsHasNone() throws IOException {
        JsonNode report = explore(PlantedCatalog.generate(folder, ROWS, 1), "clean");

        assertThat(findings(report)).isEmpty();
        assertThat(report.at("/copies/copies").asLong()).isZero();
        // the generator's phrases are few, so that some of its products have nearly the same words
        assertThat(report.at("/copies/near_copies").asLong()).isLessThan(ROWS / 20);
    }

    @Test
    void findsCopies() throws IOException {
        PlantedCatalog catalog = PlantedCatalog.generate(folder, ROWS, 2);
        int planted = catalog.size() / 20;

        JsonNode report = explore(catalog.withCopies(0.05), "copies");

        assertThat(findings(report)).containsExactly("copies");
        assertThat(report.at("/copies/copies").asInt()).isEqualTo(planted);
        assertThat(report.at("/copies/copied").asInt()).isEqualTo(planted);
        assertThat(report.at("/copies/conflicting_titles").asLong()).isZero();
    }

    @Test
    void findsLabelsThatDisagree() throws IOException {
        PlantedCatalog catalog = PlantedCatalog.generate(folder, ROWS, 3);
        int planted = catalog.size() / 50;

        JsonNode report = explore(catalog.withConflicts(0.02), "conflicts");

        assertThat(findings(report)).containsExactly("label_conflicts");
        assertThat(report.at("/copies/conflicting_titles").asInt()).isEqualTo(planted);
        assertThat(report.at("/copies/conflicting_title_rows").asInt()).isEqualTo(2 * planted);
        JsonNode pair = report.at("/copies/conflicting_title_pairs/0");
        assertThat(pair.path("title").asText())
                .isEqualTo(pair.path("other_title").asText());
        assertThat(pair.path("label").asText())
                .isNotEqualTo(pair.path("other_label").asText());
    }

    @Test
    void findsAFieldThatHalfTheRowsLost() throws IOException {
        JsonNode report =
                explore(PlantedCatalog.generate(folder, ROWS, 4).withoutFieldInHalf("description"), "emptied");

        assertThat(findings(report)).containsExactly("empty_field");
        assertThat(report.at("/findings/0/what").asText()).contains("of the products have no description");
        assertThat(report.at("/findings/0/share").asDouble()).isBetween(0.5, 0.7);
    }
}
