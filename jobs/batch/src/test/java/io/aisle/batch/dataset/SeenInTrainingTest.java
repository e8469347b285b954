package io.aisle.batch.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.Fixtures;
import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenInTrainingTest {
    @TempDir
    Path temporary;

    @Test
    void trainedBundleKnowsEveryWordAndBrandOfItsTrainRowsAndFewOthers() {
        SeenInTraining seen = SeenInTraining.of(TrainedBundle.get()).orElseThrow();
        Set<String> words = new HashSet<>();
        Set<String> brands = new HashSet<>();
        for (Row row : train().collectAsList()) {
            words.addAll(ProductWords.of(ProductRows.product(row)));
            brands.add(row.getAs("brand"));
        }

        assertThat(words).hasSizeGreaterThan(100).allMatch(seen::hasWord);
        assertThat(brands).hasSizeGreaterThan(10).allMatch(seen::hasBrand);
        int wrong = 0;
        for (int i = 0; i < 2_000; i++) {
            wrong += seen.hasWord("never" + i) ? 1 : 0;
            wrong += seen.hasBrand("Never " + i) ? 1 : 0;
        }
        assertThat(wrong).isLessThan(4_000 * 2 / 100);
    }

    @Test
    void isOfTheSameBytesHoweverTheRowsLie() throws IOException {
        byte[] inTraining = Files.readAllBytes(TrainedBundle.get().directory().resolve(ModelBundle.SEEN_FILE));

        SeenInTraining.read(train().repartition(7)).write(temporary);

        assertThat(temporary.resolve(ModelBundle.SEEN_FILE)).hasBinaryContent(inTraining);
    }

    @Test
    void scoringDoesNotReadIt() {
        ModelBundle bundle = TrainedBundle.get();

        assertThat(bundle.manifest().files()).containsKey(ModelBundle.SEEN_FILE);
        assertThat(bundle.scoringFiles()).doesNotContain(ModelBundle.SEEN_FILE).contains("model.onnx");
    }

    @Test
    void bundleOfBeforeHasNone() {
        assertThat(SeenInTraining.of(HandMadeBundle.get())).isEmpty();
    }

    @Test
    void neitherCaseNorAccentsMakeWordOrBrandUnknownAndDigitsNeverAre() {
        SeenInTraining seen = SeenInTraining.empty(1_000, 1_000);
        seen.add(new Product("1", "Crème brûlée, 200 g", "Löwen-Kaffee", "", ""));

        assertThat(seen.hasBrand("LOWEN - kaffee")).isTrue();
        assertThat(seen.hasBrand("Lowen")).isFalse();
        List<String> words = ProductWords.of(new Product("2", "creme CARAMEL, 400 g", "", "", "!"));
        assertThat(words).containsExactly("creme", "caramel", "400", "g");
        assertThat(seen.unknown(words)).isEqualTo(1);
    }

    @Test
    void refusesFileOfAnotherVersionAndOneThatBreaksOff() throws IOException {
        Path bundle = Fixtures.copy(TrainedBundle.get().directory(), temporary.resolve("bundle"));
        ModelBundle opened = ModelBundle.open(bundle);
        Path file = bundle.resolve(ModelBundle.SEEN_FILE);

        Files.write(file, new byte[] {0, 0, 0, 9});
        assertThatThrownBy(() -> SeenInTraining.of(opened))
                .hasMessage("Cannot read " + file + ": found format version 9, expected 1."
                        + " Use the version of Aisle that trained the bundle, or train again.");
        Files.write(file, new byte[] {0, 0, 0, 1, 0});
        assertThatThrownBy(() -> SeenInTraining.of(opened))
                .hasMessageContaining("expected the words that train saw. Copy the bundle again, or train again.");
    }

    private static Dataset<Row> train() {
        return PreparedData.open(TestSession.get(), TrainedBundle.prepared().toString())
                .rows(Split.TRAIN);
    }
}
