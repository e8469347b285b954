package io.aisle.batch.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The network reads a text once, however many products have it. */
class RepeatedTextsTest {
    private static final StructType UNSCORED = VariedProducts.rows(List.of(), 1).schema();
    private static final StructType SCORED =
            UNSCORED.add(Scoring.PROBABILITIES, DataTypes.createArrayType(DataTypes.FloatType, false));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void networkReadsEachTextOnceWhateverTheWindow(int window) {
        CountingClassifier classifier = new CountingClassifier();
        List<Row> rows = List.of(
                row("a", "tea"),
                row("b", "tea"),
                row("c", "tea"),
                row("d", "lamp"),
                row("e", "drill"),
                row("f", "drill"));

        List<Row> scored = new ArrayList<>();
        new ScoredRows(rows.iterator(), classifier::logits, window, SCORED).forEachRemaining(scored::add);

        assertThat(classifier.read).containsExactly("tea", "lamp", "drill");
        assertThat(scored).extracting(row -> (String) row.getAs("id")).containsExactly("a", "b", "c", "d", "e", "f");
        assertThat(scored)
                .extracting(row -> (int) Scoring.probabilities(row)[0])
                .containsExactly("tea".length(), 3, 3, "lamp".length(), "drill".length(), 5);
    }

    @ParameterizedTest
    @EnumSource
    void productsOfOneTextGetOneAnswer(Engine engine) {
        ModelBundle bundle = TrainedBundle.get();
        List<Product> products = new ArrayList<>();
        for (Product product : VariedProducts.clean(bundle.recipe(), 20)) {
            for (int copy = 0; copy < 3; copy++) {
                products.add(new Product(
                        product.id() + "-" + copy,
                        product.title(),
                        product.brand(),
                        product.description(),
                        product.feature()));
            }
        }

        List<Row> scored = Scoring.open(TestSession.get(), bundle, engine)
                .withProbabilities(VariedProducts.rows(products, 3), products.size())
                .orderBy("id")
                .collectAsList();

        assertThat(scored).hasSize(products.size());
        for (int first = 0; first < scored.size(); first += 3) {
            for (int copy = 1; copy < 3; copy++) {
                assertThat(Scoring.probabilities(scored.get(first + copy)))
                        .as((String) scored.get(first + copy).getAs("id"))
                        .containsExactly(Scoring.probabilities(scored.get(first)));
            }
        }
    }

    @Test
    void refusesRowWithoutProbabilitiesThatRepeatsNothing() {
        RepeatedTexts texts = new RepeatedTexts();
        Row row = new GenericRowWithSchema(new Object[] {"a", "tea", "", "", "", "tea", null}, SCORED);

        assertThatThrownBy(() -> texts.withProbabilities(row, SCORED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Cannot score row a: found no probabilities, expected some, since its text is not that of the"
                                + " row before");
    }

    private static Row row(String id, String title) {
        return new GenericRowWithSchema(new Object[] {id, title, "", "", "", title}, UNSCORED);
    }

    /** Answers with the length of the title, and remembers what it read. */
    private static final class CountingClassifier implements Classifier {
        final List<String> read = new ArrayList<>();

        @Override
        public List<CategoryPath> labels() {
            return List.of(CategoryPath.of("length"));
        }

        @Override
        public void close() {
            // holds nothing
        }

        @Override
        public List<float[]> logits(List<Product> products) {
            List<float[]> lengths = new ArrayList<>();
            for (Product product : products) {
                read.add(product.title());
                lengths.add(new float[] {product.title().length()});
            }
            return lengths;
        }
    }
}
