package io.aisle.serving.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.product.Product;
import io.aisle.core.storage.S3Access;
import io.aisle.core.storage.StoredDirectory;
import io.aisle.serving.MovingClock;
import io.aisle.serving.TestBundles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChampionTest {
    @TempDir
    private Path models;

    private final List<String> news = new ArrayList<>();
    private final MovingClock clock = new MovingClock();

    @BeforeEach
    void first() throws IOException {
        TestBundles.linear(models.resolve("first"), 4);
        TestBundles.promote(models, 1, "first");
    }

    private Champion open() {
        return Champion.open(StoredDirectory.of(models.toString(), S3Access.standard()), clock, news::add);
    }

    private static String answering(Champion champion) {
        ServedModel model = champion.lease();
        try {
            return model.name();
        } finally {
            model.giveBack();
        }
    }

    @Test
    void takesTheNewChampionAndKeepsTheOldOneForWhoBeganWithIt() throws IOException {
        try (Champion champion = open()) {
            ServedModel begun = champion.lease();
            TestBundles.linear(models.resolve("second"), 5);
            TestBundles.promote(models, 2, "second");
            champion.follow();

            assertThat(answering(champion)).isEqualTo("second");
            assertThat(begun.classifier().logits(List.of(new Product("1", "tea", "", "", ""))))
                    .hasSize(1);
            begun.giveBack();
            assertThat(begun.lease()).isFalse();
        }
    }

    @Test
    void refusesADamagedChampionAndTakesTheNextGoodOne() throws IOException {
        try (Champion champion = open()) {
            TestBundles.linear(models.resolve("bad"), 5);
            Files.writeString(models.resolve("bad/labels.txt"), "changed");
            TestBundles.promote(models, 2, "bad");
            champion.follow();

            assertThat(answering(champion)).isEqualTo("first");
            assertThat(champion.refused()).hasValueSatisfying(refused -> {
                assertThat(refused.name()).isEqualTo("bad");
                assertThat(refused.reason()).contains("labels.txt with sha256");
            });
            clock.forward(120);
            TestBundles.linear(models.resolve("good"), 6);
            TestBundles.promote(models, 3, "good");
            champion.follow();

            assertThat(answering(champion)).isEqualTo("good");
            assertThat(champion.refused()).isEmpty();
        }
    }

    @Test
    void triesARefusedChampionAgainAfterAWhileThatGrows() throws IOException {
        try (Champion champion = open()) {
            TestBundles.promote(models, 2, "absent");
            champion.follow();
            champion.follow();
            clock.forward(61);
            champion.follow();
            clock.forward(61);
            champion.follow();

            assertThat(news).filteredOn(line -> line.startsWith("refused")).hasSize(2);
        }
    }

    @Test
    void takesAGoodChampionAtOnceAfterARefusedOne() throws IOException {
        try (Champion champion = open()) {
            TestBundles.promote(models, 2, "absent");
            champion.follow();
            TestBundles.promote(models, 3, "first");
            champion.follow();

            assertThat(champion.refused()).isEmpty();
        }
    }

    @Test
    void saysWhatItExpectedWhereThereIsNoModel() {
        assertThatThrownBy(() -> Champion.open(
                        StoredDirectory.of(models.resolve("nothing").toString(), S3Access.standard()),
                        clock,
                        news::add))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found neither a model bundle nor CURRENT");
    }
}
