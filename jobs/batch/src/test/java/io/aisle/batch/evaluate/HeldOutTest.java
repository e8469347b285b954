package io.aisle.batch.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.catalog.CatalogFormat;
import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.core.model.ModelBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data prepared with split seed 7, half of it train or validation. */
class HeldOutTest {
    @TempDir
    static Path temporary;

    @BeforeAll
    static void prepareOnce() throws IOException {
        Path catalog = Files.write(temporary.resolve("catalog.jsonl"), GateModels.products());
        AisleRun.succeeding(
                "prepare",
                "--input=" + catalog,
                "--min-class-size=1",
                "--split=0.3,0.2,0.5",
                "--split-seed=7",
                "--output=" + temporary.resolve("prepared"));
    }

    @Test
    void testSplitIsUnseenByModelsOfItsSeedThatLearntNoMore() {
        assertThat(heldOut(
                        "prepared/test",
                        trained("same", "7", "[0.3, 0.2, 0.5]"),
                        trained("less", "7", "[0.4, 0, 0.6]")))
                .isEqualTo(new HeldOut(true, "the test split, of one seed"));
    }

    @Test
    void oneModelOfAnotherSeedMayHaveSeenIt() {
        assertThat(heldOut(
                        "prepared/test",
                        trained("own", "7", "[0.3, 0.2, 0.5]"),
                        trained("tuesday", "8", "[0.3, 0.2, 0.5]")))
                .isEqualTo(new HeldOut(false, "rows of split seed 7 and tuesday of 8"));
    }

    @Test
    void modelThatLearntMoreOfTheHashesHasSeenSome() {
        assertThat(heldOut("prepared/test", trained("greedy", "7", "[0.8, 0.1, 0.1]")))
                .isEqualTo(new HeldOut(false, "rows split at 0.5 and greedy at 0.9"));
    }

    @Test
    void modelThatDoesNotSayItsSeedMayHaveSeenIt() {
        ModelBundle silent = GateModels.trainedWith(temporary.resolve("silent"), Map.of());

        assertThat(heldOut("prepared/test", silent)).isEqualTo(new HeldOut(false, "no split seed in silent"));
    }

    @Test
    void otherRowsTellNothing() throws IOException {
        HeldOut nothing = new HeldOut(false, "rows that are no test split of prepared data");
        ModelBundle model = trained("model", "7", "[0.3, 0.2, 0.5]");
        Path alone = Files.createDirectories(temporary.resolve("alone/test"));
        Files.createFile(alone.resolve("part.parquet"));

        assertThat(heldOut("prepared/train", model)).isEqualTo(nothing);
        assertThat(heldOut("catalog.jsonl", model)).isEqualTo(nothing);
        assertThat(heldOut("*.jsonl", model)).isEqualTo(nothing);
        assertThat(heldOut("alone/test", model)).isEqualTo(nothing);
        assertThat(HeldOut.of(TestSession.get(), catalog("prepared/test", CatalogFormat.AMAZON), List.of(model)))
                .isEqualTo(nothing);
    }

    private static HeldOut heldOut(String input, ModelBundle... models) {
        return HeldOut.of(TestSession.get(), catalog(input, CatalogFormat.AUTO), List.of(models));
    }

    private static CatalogSettings catalog(String input, CatalogFormat format) {
        return new CatalogSettings(temporary.resolve(input).toString(), format, Map.of(), List.of(), 1_000);
    }

    private static ModelBundle trained(String name, String splitSeed, String split) {
        return GateModels.trainedWith(
                temporary.resolve(name), Map.of("prepare.split_seed", splitSeed, "prepare.split", split));
    }
}
