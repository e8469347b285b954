package io.aisle.batch.train;

import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.storage.ModelLocation;
import io.aisle.batch.storage.StoredBundle;
import io.aisle.batch.telemetry.Names;
import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.CategoryPath;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A trained model whose answers another one learns from.
 *
 * @param version of its bundle
 * @param order for each label of the other one, its place among this one's
 */
record Teacher(Scoring scoring, String version, int[] order) {
    /**
     * Opens a bundle.
     *
     * @param labels of the network to train, in the order of its outputs
     * @throws UserException if the teacher has other labels
     */
    static Teacher open(SparkSession spark, String uri, List<String> labels) {
        ModelBundle bundle =
                StoredBundle.open(ModelLocation.resolve(spark, uri)).bundle();
        List<String> known =
                bundle.labels().stream().map(CategoryPath::toString).toList();
        if (!new TreeSet<>(known).equals(new TreeSet<>(labels))) {
            TreeSet<String> missing = new TreeSet<>(labels);
            known.forEach(missing::remove);
            throw new UserException("Cannot learn from the teacher " + uri + ": found " + known.size() + " labels"
                    + (missing.isEmpty() ? "" : " without " + Names.some(missing)) + ", expected the "
                    + labels.size()
                    + " of the prepared data. Take a teacher that was trained on the same labels.");
        }
        return new Teacher(
                Scoring.open(spark, bundle, Engine.ONNX),
                bundle.version(),
                labels.stream().mapToInt(known::indexOf).toArray());
    }

    /** Adds its probabilities to prepared rows. One shuffle, by content hash. */
    Dataset<Row> answers(Dataset<Row> rows, long count) {
        return scoring.withProbabilities(rows, count);
    }
}
