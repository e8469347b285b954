package io.aisle.batch.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.dataset.PreparedManifest.ClassRows;
import io.aisle.core.UserException;
import io.aisle.core.text.TextRecipe;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreparedManifestTest {
    private static final Map<String, Long> BALANCED = Map.of(
            "rows_in", 95L,
            "corrections_added", 2L,
            "corrections_repeated", 3L,
            "train", 40L,
            "validation", 20L,
            "test", 10L,
            "not_sampled", 5L,
            "unlabelled", 7L,
            "quarantined", 11L,
            "duplicates", 7L);

    private static PreparedManifest manifest(Map<String, Long> rows, ClassRows... classes) {
        return new PreparedManifest(
                PreparedManifest.VERSION,
                TextRecipe.standard(),
                Map.of("seed", "42"),
                rows,
                Map.of("read", 5L),
                Map.of("no_text", 11L),
                Map.of("file:/cut.gz", 3L),
                Map.of("a > b", "a > other"),
                List.of(classes),
                "70-abc");
    }

    @Test
    void countsThatAddUpAreFine() {
        manifest(BALANCED).requireBalance();
    }

    @Test
    void aRowLostOrCountedTwiceAnywhereIsRefused() {
        for (String count : BALANCED.keySet()) {
            for (int change : new int[] {-1, 1}) {
                Map<String, Long> rows = new HashMap<>(BALANCED);
                rows.merge(count, (long) change, Long::sum);

                assertThatThrownBy(manifest(rows)::requireBalance)
                        .as(count)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageMatching("Cannot finish prepare: found \\d+ rows accounted for, expected \\d+"
                                + " \\(rows_in \\+ corrections_added \\+ corrections_repeated\\); \\{.*}");
            }
        }
    }

    @Test
    void readsWhatItWrote() {
        PreparedManifest manifest = manifest(BALANCED, new ClassRows("a > other", 70, 40, 20, 10));

        assertThat(PreparedManifest.parse(manifest.json(), "place")).isEqualTo(manifest);
    }

    @Test
    void readsWhatWasWrittenBeforeCorrectionsWereCounted() {
        Map<String, Long> rows = new HashMap<>(BALANCED);
        rows.remove("corrections_repeated");
        rows.put("train", 37L);
        String json = manifest(rows).json().replaceFirst("\"corrections\" : \\{[^}]*},", "");
        assertThat(json).doesNotContain("\"corrections\"");

        PreparedManifest read = PreparedManifest.parse(json, "place");

        read.requireBalance();
        assertThat(read.corrections()).isEmpty();
        assertThat(read.repeated()).isZero();
    }

    @Test
    void namesTheClassesThatAPartLacks() {
        PreparedManifest manifest = manifest(
                BALANCED,
                new ClassRows("all", 3, 1, 1, 1),
                new ClassRows("no train", 2, 0, 1, 1),
                new ClassRows("train alone", 1, 1, 0, 0));

        assertThat(manifest.classesWithout(Split.TRAIN)).containsExactly("no train");
        assertThat(manifest.classesWithout(Split.VALIDATION)).containsExactly("train alone");
        assertThat(manifest.classesWithout(Split.TEST)).containsExactly("train alone");
    }

    @Test
    void refusesAnotherVersionBeforeItReadsTheRest() {
        assertThatThrownBy(() -> PreparedManifest.parse("{\"version\": 2, \"new\": []}", "data/manifest.json"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read data/manifest.json: found format version 2, expected 1. Run prepare again.");
    }

    @Test
    void refusesTheRecipeOfAnotherVersion() {
        String json = manifest(BALANCED).json().replaceFirst("(\"recipe\" : \\{\\s*\"version\" : )1", "$12");

        assertThatThrownBy(() -> PreparedManifest.parse(json, "data/manifest.json"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read data/manifest.json: Cannot use a text recipe: found version 2")
                .hasMessageEndingWith(". Run prepare again.");
    }

    @Test
    void refusesWhatIsNoManifest() {
        for (String json : List.of("{\"rows\": 5}", "{}", "[]", "", "null", "{\"version\": 1}", "not JSON")) {
            assertThatThrownBy(() -> PreparedManifest.parse(json, "data/manifest.json"))
                    .as(json)
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("Cannot read data/manifest.json: found no manifest of prepare (")
                    .hasMessageEndingWith("). Run prepare again.");
        }
    }
}
