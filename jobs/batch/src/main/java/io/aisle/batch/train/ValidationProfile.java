package io.aisle.batch.train;

import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.dataset.SeenInTraining;
import io.aisle.batch.profile.ProfileBuilder;
import io.aisle.batch.profile.SentWords;
import io.aisle.core.model.Prediction;
import io.aisle.core.model.Scaling;
import io.aisle.core.model.Softmax;
import io.aisle.core.product.CategoryPath;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The profile of a bundle's validation rows, to compare runs with. Categories and confidences are the model's answers; a text is counted for
 * its true category, since answers and texts do not lie in one order.
 */
final class ValidationProfile {
    private static final int MERGE_DEPTH = 2;

    private ValidationProfile() {}

    /**
     * What the bundle answers.
     *
     * @param logits [rows][labels], before scaling
     * @param threshold below which a person has to look
     */
    static ProfileBuilder predictions(float[][] logits, Scaling scaling, List<String> labels, double threshold) {
        List<List<String>> paths =
                labels.stream().map(label -> CategoryPath.parse(label).names()).toList();
        ProfileBuilder builder = new ProfileBuilder();
        for (float[] row : logits) {
            float[] probabilities = Softmax.of(scaling.of(row));
            int best = Prediction.mostProbable(probabilities, 1)[0];
            builder.addPrediction(paths.get(best), probabilities[best], !(probabilities[best] >= threshold));
        }
        return builder;
    }

    /** The texts: one pass. */
    static ProfileBuilder texts(SparkSession spark, Dataset<Row> validation, SeenInTraining seen) {
        SentWords words = SentWords.of(spark, Optional.of(seen));
        return validation
                .javaRDD()
                .mapPartitions(rows -> {
                    ProfileBuilder builder = new ProfileBuilder();
                    rows.forEachRemaining(row -> builder.addText(
                            CategoryPath.parse(row.getAs("label")).names(), words.measures(ProductRows.product(row))));
                    return List.of(builder).iterator();
                })
                .treeReduce(ProfileBuilder::merge, MERGE_DEPTH);
    }
}
