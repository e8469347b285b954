package io.aisle.batch.train.frozen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.NetworkDefinition;
import io.aisle.core.model.Provenance;
import io.aisle.core.model.Scaling;
import io.aisle.core.product.CategoryPath;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(Lifecycle.PER_CLASS)
class FrozenTrainingTest {
    private static final PreparedData DATA = SmallEncoder.prepared();
    private static final List<String> LABELS = SmallEncoder.labels();

    /** Where MLlib's best two are closer than this, rounding may choose. */
    private static final double CLEAR = 2e-4;

    private static final double TOLERANCE = 1e-5;

    private static final int MAX_ITERATIONS = 30;

    @TempDir
    static Path directory;

    private FrozenTrained trained;

    @BeforeAll
    void trainOnce() {
        trained = train(List.of(0.1, 0.003), List.of(0.0, 0.3));
    }

    @ParameterizedTest
    @EnumSource
    void bundleAnswersAsMllibDoes(Engine engine) {
        Dataset<Row> all =
                DATA.rows(Split.TRAIN).unionAll(DATA.rows(Split.VALIDATION)).unionAll(DATA.rows(Split.TEST));
        Map<String, double[]> expected = answersOfMllib(all);
        ModelBundle bundle = bundle(engine.name());

        int compared = 0;
        int[] given = new int[LABELS.size()];
        for (Row row : Scoring.open(TestSession.get(), bundle, engine)
                .withProbabilities(all, 1)
                .collectAsList()) {
            String id = row.getAs("id");
            float[] found = Scoring.probabilities(row);
            double[] probabilities = expected.get(id);
            for (int label = 0; label < found.length; label++) {
                assertThat((double) found[label])
                        .as("%s, label %d", id, label)
                        .isCloseTo(probabilities[label], within(TOLERANCE));
            }
            if (margin(probabilities) > CLEAR) {
                compared++;
                given[best(probabilities)]++;
                assertThat(best(widened(found))).as(id).isEqualTo(best(probabilities));
            }
        }
        assertThat(compared).isGreaterThan(expected.size() * 9 / 10);
        assertThat(IntStream.of(given).filter(rows -> rows > 0).count())
                .as("labels given, so that agreement means something")
                .isGreaterThan(5);
    }

    @Test
    void learnsAndSaysBySettingsWhat() {
        assertThat(trained.scores().macroF1()).isGreaterThan(0.3);
        assertThat(trained.encodedTexts())
                .isEqualTo(DATA.rows(Split.TRAIN)
                        .unionAll(DATA.rows(Split.VALIDATION))
                        .select("content_hash")
                        .distinct()
                        .count());
        assertThat(trained.chosen()).containsOnlyKeys("reg", "elastic_net").containsEntry("reg", "0.003");
        assertThat(trained.validationLogits()).hasNumberOfRows(trained.validationLabels().length);
        assertThat((long) trained.validationLabels().length)
                .isEqualTo(DATA.manifest().rows().get("validation"));
    }

    @Test
    void secondHeadEncodesNothingAndSameSettingsGiveTheSameHead() {
        FrozenTrained again = train(List.of(0.1, 0.003), List.of(0.0, 0.3));

        assertThat(again.encodedTexts()).isZero();
        assertThat(again.chosen()).isEqualTo(trained.chosen());
        assertThat(again.validationLabels()).isEqualTo(trained.validationLabels());
        assertThat(again.validationLogits()).isDeepEqualTo(trained.validationLogits());
        assertThat(again.weights().get("classifier.weight").values())
                .isEqualTo(trained.weights().get("classifier.weight").values());
    }

    @Test
    void amongEqualsTheStrongerPenaltyStays() {
        // both leave nothing but the intercepts
        FrozenTrained nothing = train(List.of(500.0, 1_000.0), List.of(0.5, 1.0));

        assertThat(nothing.chosen()).containsEntry("reg", "1000.0").containsEntry("elastic_net", "1.0");
        assertThat(nothing.weights().get("classifier.weight").values()).containsOnly(0f);
    }

    @Test
    void labelThatWeighsMoreIsGivenMore() {
        int rarest =
                LABELS.indexOf(DATA.manifest().classes().get(LABELS.size() - 1).label());
        double[] weights = alike();
        weights[rarest] = 50;
        FrozenSettings settings = settings(List.of(0.1), List.of(0.0));

        assertThat(given(train(weights, settings), rarest)).isGreaterThan(given(train(alike(), settings), rarest));
    }

    private static long given(FrozenTrained model, int label) {
        return Arrays.stream(model.validationLogits())
                .filter(logits -> best(widened(logits)) == label)
                .count();
    }

    private static FrozenTrained train(List<Double> reg, List<Double> elasticNet) {
        return train(alike(), settings(reg, elasticNet));
    }

    private static FrozenTrained train(double[] weightOfLabel, FrozenSettings settings) {
        return FrozenTraining.train(
                SmallEncoder.context(),
                SmallEncoder.get(),
                SmallEncoder.FINGERPRINT,
                DATA,
                LABELS,
                weightOfLabel,
                settings,
                SmallEncoder.MAX_TOKENS);
    }

    private static FrozenSettings settings(List<Double> reg, List<Double> elasticNet) {
        return new FrozenSettings(features().toString(), reg, elasticNet, MAX_ITERATIONS);
    }

    private static Path features() {
        return directory.resolve("features");
    }

    private static double[] alike() {
        double[] weights = new double[LABELS.size()];
        Arrays.fill(weights, 1);
        return weights;
    }

    /** The chosen head fitted once more, and what MLlib's own model says by it. */
    private Map<String, double[]> answersOfMllib(Dataset<Row> rows) {
        FeatureCache cache = SmallEncoder.cache(features());
        cache.add(rows, count -> SmallEncoder.encoding());
        int width = trained.config().pooledDim();
        Dataset<Row> train = DATA.rows(Split.TRAIN);
        Map<String, double[]> answers = new HashMap<>();
        try (KeptRows fitted = HeadRows.keep(train, train.count(), cache, LABELS, alike(), width);
                KeptRows all = HeadRows.keep(rows, rows.count(), cache, LABELS, alike(), width)) {
            Head head = Head.fit(
                    fitted.rows(),
                    Double.parseDouble(trained.chosen().get("reg")),
                    Double.parseDouble(trained.chosen().get("elastic_net")),
                    MAX_ITERATIONS);
            for (Row row : head.model()
                    .transform(all.rows())
                    .select("id", "probability", "prediction")
                    .collectAsList()) {
                double[] probabilities = row.<Vector>getAs(1).toArray();
                assertThat((double) best(probabilities)).isEqualTo(row.getDouble(2));
                answers.put(row.getString(0), probabilities);
            }
        }
        return answers;
    }

    private ModelBundle bundle(String name) {
        NetworkDefinition model = NetworkDefinition.of(
                DATA.manifest().recipe(),
                SmallEncoder.MAX_TOKENS,
                LABELS.stream().map(CategoryPath::parse).toList(),
                Map.of(),
                trained.config());
        return BundleWriter.write(
                        directory.resolve(name),
                        model,
                        SmallEncoder.get().vocabulary(),
                        trained.weights(),
                        Scaling.NONE)
                .finish(Provenance.of("small", Map.of(), Map.of(), Map.of()), Map.of(), 0.5, 0.9);
    }

    private static double[] widened(float[] floats) {
        return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
    }

    private static int best(double[] probabilities) {
        int best = 0;
        for (int label = 1; label < probabilities.length; label++) {
            best = probabilities[label] > probabilities[best] ? label : best;
        }
        return best;
    }

    /** By how much the best is ahead of the second. */
    private static double margin(double[] probabilities) {
        double[] ascending = probabilities.clone();
        Arrays.sort(ascending);
        return ascending[ascending.length - 1] - ascending[ascending.length - 2];
    }
}
