package io.aisle.batch.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.model.Classifier;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class ScoredRowsTest {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("title", DataTypes.StringType)
            .add("brand", DataTypes.StringType)
            .add("description", DataTypes.StringType)
            .add("feature", DataTypes.StringType)
            .add("content_hash", DataTypes.StringType);

    @Test
    void windowsOfLongTextsHoldFewerRows() {
        assertThat(windows(250, 10)).containsExactly(100, 100, 50);
        assertThat(windows(5, 9_000_000)).containsExactly(2, 2, 1);
    }

    /** How many products the network is given at once, where a window holds at most 100 rows. */
    private static List<Integer> windows(int rows, int characters) {
        CountingClassifier classifier = new CountingClassifier(new ArrayList<>());
        String description = "x".repeat(characters);
        List<Row> products = IntStream.range(0, rows)
                .<Row>mapToObj(i -> new GenericRowWithSchema(
                        new Object[] {"p" + i, "title", "", description, "", "hash " + i}, SCHEMA))
                .toList();

        ScoredRows scored = new ScoredRows(
                products.iterator(),
                classifier::logits,
                100,
                SCHEMA.add(Scoring.PROBABILITIES, DataTypes.createArrayType(DataTypes.FloatType, false)));
        scored.forEachRemaining(row -> assertThat(Scoring.probabilities(row)).containsExactly(1));
        return classifier.calls();
    }

    /** Is sure of its one label, and notes how many products it was asked about each time. */
    private record CountingClassifier(List<Integer> calls) implements Classifier {
        @Override
        public List<CategoryPath> labels() {
            return List.of(CategoryPath.of("other"));
        }

        @Override
        public List<float[]> logits(List<Product> products) {
            calls.add(products.size());
            return products.stream().map(product -> new float[] {1}).toList();
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
