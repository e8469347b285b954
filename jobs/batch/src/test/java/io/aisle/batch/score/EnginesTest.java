package io.aisle.batch.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.CatalogFormat;
import io.aisle.batch.catalog.CatalogReader;
import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.batch.storage.SentDirectory;
import io.aisle.core.UserException;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.Product;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
class EnginesTest {
    /** What engines, partitions and neighbours may move a probability by. */
    private static final float TOLERANCE = 1e-4f;

    /** Where the best two are farther apart than this, all must name the same label. */
    private static final float CLEAR = 2e-4f;

    @TempDir
    static Path directory;

    private final ModelBundle bundle = TrainedBundle.get();
    private final List<Product> products = VariedProducts.clean(bundle.recipe(), 200);
    private Map<String, float[]> expected;

    @BeforeAll
    void scoreOnce() {
        expected = scores(Engine.ONNX, VariedProducts.rows(products, 2));
    }

    @Test
    void bothEnginesGiveTheSameAnswers() {
        assertSame(scores(Engine.SPARK_NLP, VariedProducts.rows(products, 2)), expected);
        assertThat(expected.values().stream().map(EnginesTest::best).distinct().count())
                .as("labels given, so that agreement means something")
                .isGreaterThan(5);
    }

    @ParameterizedTest
    @EnumSource
    void partitionsDoNotShowInTheAnswers(Engine engine) {
        assertSame(scores(engine, VariedProducts.rows(products, 1)), expected);
        assertSame(scores(engine, VariedProducts.rows(products, 5)), expected);
    }

    @ParameterizedTest
    @EnumSource
    void neighboursDoNotShowInTheAnswers(Engine engine) {
        List<Product> some = VariedProducts.oddOnes(bundle.recipe());

        Map<String, float[]> alone = scores(engine, VariedProducts.rows(some, some.size()));

        Map<String, float[]> beside = new TreeMap<>(expected);
        beside.keySet().retainAll(alone.keySet());
        assertSame(alone, beside);
    }

    @ParameterizedTest
    @EnumSource
    void rowWithoutTextIsQuarantinedAndMovesNoOthersAnswer(Engine engine) throws IOException {
        List<Product> some = products.subList(0, 40);
        List<Product> withBlank = new ArrayList<>(some);
        withBlank.add(20, new Product("blank", "—…!", "", "<br>", ""));
        Path file = VariedProducts.write(directory.resolve(engine + ".jsonl"), withBlank);
        CatalogSettings settings =
                new CatalogSettings(file.toString(), CatalogFormat.JSONL, Map.of(), List.of(), 1_000_000);

        try (Catalog catalog = new CatalogReader(TestSession.get(), bundle.recipe()).read(settings)) {
            Map<String, float[]> scores = scores(engine, catalog.products().coalesce(1));

            assertThat(catalog.quarantinedByReason()).isEqualTo(Map.of("no_text", 1L));
            Map<String, float[]> unmoved = new TreeMap<>(expected);
            unmoved.keySet().retainAll(some.stream().map(Product::id).toList());
            assertSame(scores, unmoved);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsEveryColumnAndAddsProbabilitiesThatSumToOne(Engine engine) {
        Dataset<Row> rows = VariedProducts.rows(products, 2);

        Dataset<Row> scored = Scoring.open(TestSession.get(), bundle, engine).withProbabilities(rows);

        assertThat(scored.columns()).startsWith(rows.columns()).endsWith("probabilities");
        assertThat(scored.columns()).hasSize(rows.columns().length + 1);
        for (Row row : scored.collectAsList()) {
            double sum = 0;
            for (float probability : Scoring.probabilities(row)) {
                sum += probability;
            }
            assertThat(sum).isEqualTo(1, within(1e-5));
        }
    }

    @Test
    void executorRefusesNetworkOfAnotherBundle() {
        SentClassifier sent = SentClassifier.send(TestSession.get(), bundle);
        TreeMap<String, String> files = new TreeMap<>(sent.files().files());
        files.put(
                "model.onnx",
                SentClassifier.send(TestSession.get(), HandMadeBundle.get())
                        .files()
                        .name("model.onnx"));
        SentClassifier mixed = new SentClassifier(new SentDirectory(files), "another hash", 1, sent.gpus());

        assertThatThrownBy(mixed::classifier)
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot open the model bundle ")
                .hasMessageContaining("found model.onnx with sha256 ")
                .hasMessageContaining(
                        ", expected sha256 " + bundle.manifest().files().get("model.onnx"));
    }

    @Test
    void jvmOpensEachBundleOnce() {
        Classifier first = SentClassifier.send(TestSession.get(), bundle).classifier();

        assertThat(first)
                .isSameAs(SentClassifier.send(TestSession.get(), bundle).classifier())
                .isNotSameAs(SentClassifier.send(TestSession.get(), HandMadeBundle.get())
                        .classifier());
    }

    private Map<String, float[]> scores(Engine engine, Dataset<Row> rows) {
        Map<String, float[]> scores = new TreeMap<>();
        for (Row row : Scoring.open(TestSession.get(), bundle, engine)
                .withProbabilities(rows)
                .collectAsList()) {
            scores.put(row.getAs("id"), Scoring.probabilities(row));
        }
        return scores;
    }

    private static void assertSame(Map<String, float[]> found, Map<String, float[]> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet()).isNotEmpty();
        expected.forEach((id, probabilities) -> {
            assertThat(found.get(id)).as(id).containsExactly(probabilities, within(TOLERANCE));
            if (margin(probabilities) > CLEAR) {
                assertThat(best(found.get(id))).as(id).isEqualTo(best(probabilities));
            }
        });
    }

    private static int best(float[] probabilities) {
        int best = 0;
        for (int label = 1; label < probabilities.length; label++) {
            best = probabilities[label] > probabilities[best] ? label : best;
        }
        return best;
    }

    /** By how much the best is ahead of the second. */
    private static float margin(float[] probabilities) {
        float[] ascending = probabilities.clone();
        Arrays.sort(ascending);
        return ascending[ascending.length - 1] - ascending[ascending.length - 2];
    }
}
