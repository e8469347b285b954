package io.aisle.batch.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.dataset.ProductWords;
import io.aisle.batch.generate.CatalogGenerator;
import io.aisle.batch.generate.GeneratedRow;
import io.aisle.batch.generate.GeneratorPlan;
import io.aisle.batch.profile.ProductMeasures;
import io.aisle.batch.profile.Profile;
import io.aisle.batch.profile.ProfileBuilder;
import io.aisle.core.product.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * How often two clean halves of one generated catalog give a finding: the figure that docs/monitor.md states. Writes it to {@code
 * target/monitor/false-alarms.json}.
 */
class FalseAlarmsTest {
    /** {@code -Daisle.monitor.seeds=1000} measures more closely. */
    private static final int SEEDS = Integer.getInteger("aisle.monitor.seeds", 50);

    private static final int ROWS = 4_000;
    private static final int CLASSES = 120;

    @Test
    void twoHalvesOfOneGeneratedCatalogAreSilent() throws IOException {
        int alarms = 0;
        int bySizeAlone = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Answered> rows = catalog(seed);
            Collections.shuffle(rows, new Random(seed));
            Profile one = profile(rows.subList(0, rows.size() / 2));
            Profile other = profile(rows.subList(rows.size() / 2, rows.size()));
            alarms += findings(one, other, Runs.THRESHOLDS.significance());
            bySizeAlone += findings(one, other, 1);
        }
        Path directory = Files.createDirectories(Path.of("target", "monitor"));
        Files.writeString(
                directory.resolve("false-alarms.json"),
                "{\"seeds\": " + SEEDS + ", \"rows\": " + ROWS + ", \"classes\": " + CLASSES + ", \"alarms\": " + alarms
                        + ", \"alarms_by_size_alone\": " + bySizeAlone + "}\n");

        assertThat(alarms).isLessThanOrEqualTo(SEEDS * 5 / 100);
        // or weighing chance would be no use
        assertThat(bySizeAlone).isGreaterThan(alarms);
    }

    private static int findings(Profile one, Profile other, double significance) {
        Thresholds of = Runs.THRESHOLDS;
        Thresholds thresholds = new Thresholds(
                significance,
                of.minClassRows(),
                of.psi(),
                of.jensenShannon(),
                of.rows(),
                of.fill(),
                of.unknownWords(),
                of.review(),
                of.classGrowth(),
                of.classUnknownWords());
        return Drift.of(one, other, thresholds, true).findings().isEmpty() ? 0 : 1;
    }

    /** One product as a model of the true category would answer it. */
    private record Answered(List<String> path, float confidence, ProductMeasures measures) {}

    private static List<Answered> catalog(long seed) {
        CatalogGenerator generator = new CatalogGenerator(GeneratorPlan.of(ROWS, CLASSES, seed));
        Random random = new Random(seed);
        List<Answered> rows = new ArrayList<>();
        for (long index = 0; index < ROWS; index++) {
            GeneratedRow row = generator.row(index);
            Product product = new Product(
                    row.asin(),
                    row.title(),
                    row.brand(),
                    String.join(" ", row.description()),
                    String.join(" ", row.feature()));
            ProductMeasures measures = ProductMeasures.of(product, Optional.empty());
            // one word in forty stands for those that training never saw
            int unknown = (int) ProductWords.of(product).stream()
                    .filter(word -> Math.floorMod(word.hashCode(), 40) == 0)
                    .count();
            rows.add(new Answered(
                    row.label().names(),
                    (float) (1 - Math.pow(random.nextDouble(), 3)),
                    new ProductMeasures(
                            measures.filled(), measures.characters(), measures.words(), OptionalInt.of(unknown))));
        }
        return rows;
    }

    private static Profile profile(List<Answered> rows) {
        ProfileBuilder builder = new ProfileBuilder();
        for (Answered row : rows) {
            builder.addPrediction(row.path(), row.confidence(), row.confidence() < 0.3);
            builder.addText(row.path(), row.measures());
        }
        return builder.build();
    }
}
