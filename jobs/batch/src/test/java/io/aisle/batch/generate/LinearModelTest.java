package io.aisle.batch.generate;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.TestSession;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.feature.IDF;
import org.apache.spark.ml.feature.NGram;
import org.apache.spark.ml.feature.Normalizer;
import org.apache.spark.ml.feature.RegexTokenizer;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The catalog is not trivially separable: TF-IDF of words and pairs of words with multinomial logistic regression learns most of it,
 * and fails where the order of words decides.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinearModelTest {
    private static final GeneratorPlan PLAN = GeneratorPlan.of(5_000, 40, 7);
    private static final StructType SCHEMA = new StructType()
            .add("text", "string")
            .add("category", "string")
            .add("is_order_decided", "boolean")
            .add("is_train", "boolean");

    private Dataset<Row> predictions;

    @BeforeAll
    void fitsAndPredicts() {
        Dataset<Row> rows = TestSession.get().createDataFrame(rows(), SCHEMA);
        Dataset<Row> train = rows.filter("is_train");
        predictions = model().fit(train).transform(rows.filter("NOT is_train")).cache();
    }

    @Test
    void linearModelLearnsMostOfIt() {
        assertThat(accuracy(predictions)).isBetween(0.70, 0.95);
    }

    @Test
    void linearModelFailsWhereTheOrderOfWordsDecides() {
        assertThat(accuracy(predictions.filter("is_order_decided"))).isLessThan(0.70);
        assertThat(accuracy(predictions.filter("NOT is_order_decided"))).isGreaterThan(0.85);
    }

    private static double accuracy(Dataset<Row> predictions) {
        return predictions
                .agg(avg(expr("CAST(prediction = label AS DOUBLE)")))
                .first()
                .getDouble(0);
    }

    private static Pipeline model() {
        return new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("category").setOutputCol("label").setHandleInvalid("keep"),
            new RegexTokenizer().setInputCol("text").setOutputCol("words").setPattern("[^\\p{L}\\p{N}]+"),
            new NGram().setInputCol("words").setOutputCol("pairs"),
            new SQLTransformer().setStatement("SELECT *, concat(words, pairs) AS grams FROM __THIS__"),
            new HashingTF().setInputCol("grams").setOutputCol("counts").setNumFeatures(1 << 13),
            new IDF().setInputCol("counts").setOutputCol("weighted").setMinDocFreq(2),
            new Normalizer().setInputCol("weighted").setOutputCol("features"),
            new LogisticRegression()
                    .setFamily("multinomial")
                    .setStandardization(false)
                    .setRegParam(1e-5)
                    .setMaxIter(30)
        });
    }

    /** The whole rows; copies on the same side as what they repeat. */
    private static List<Row> rows() {
        CatalogGenerator generator = new CatalogGenerator(PLAN);
        List<Row> rows = new ArrayList<>();
        for (long index = 0; index < PLAN.rows(); index++) {
            GeneratedRow row = generator.row(index);
            if (row.breakage() == Breakage.NONE) {
                long origin = row.source() < 0 ? index : row.source();
                String text = String.join(
                        " . ",
                        row.title(),
                        row.brand(),
                        String.join(" . ", row.description()),
                        String.join(" . ", row.feature()));
                rows.add(RowFactory.create(
                        text, row.label().toString(), row.isOrderDecided(), Math.floorMod(Draws.mix(origin), 10) < 8));
            }
        }
        return rows;
    }
}
