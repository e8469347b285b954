package io.aisle.batch.train.frozen;

import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.score.Encoding;
import io.aisle.batch.score.Scoring;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Prepared rows as MLlib reads them: id, label (index), weight and features (vector). */
final class HeadRows {
    static final String ID = "id";
    static final String LABEL = "label";
    static final String WEIGHT = "weight";
    static final String FEATURES = Encoding.FEATURES;

    private static final StructType SCHEMA = new StructType()
            .add(ID, DataTypes.StringType)
            .add(LABEL, DataTypes.DoubleType)
            .add(WEIGHT, DataTypes.DoubleType)
            .add(FEATURES, SQLDataTypes.VectorType());

    private HeadRows() {}

    /**
     * Joins rows with their features and keeps them on the executors' disks, in partitions and an order that depend on the rows alone
     * where the cluster is the same. 8 bytes a feature.
     *
     * @param rows prepared; all their texts are cached
     * @param count how many there are
     * @param labels in the order of their indices
     * @param weightOfLabel one a label
     * @param width features of a text
     * @throws io.aisle.core.UserException where the cache is damaged
     */
    static KeptRows keep(
            Dataset<Row> rows, long count, FeatureCache cache, List<String> labels, double[] weightOfLabel, int width) {
        Map<String, Integer> indices = new HashMap<>();
        labels.forEach(label -> indices.put(label, indices.size()));
        MapFunction<Row, Row> indexed = row -> {
            int label = indices.get(row.<String>getAs("label"));
            return RowFactory.create(
                    row.getAs("id"), (double) label, weightOfLabel[label], Vectors.dense(features(row, width)));
        };
        Dataset<Row> joined = cache.withFeatures(rows.select("id", "label", "content_hash"));
        KeptRows kept = KeptRows.onDisk(Scoring.byText(joined, count)
                .sortWithinPartitions("content_hash", "id")
                .map(indexed, Encoders.row(SCHEMA)));
        try {
            long found = cache.reading(() -> kept.rows().count());
            if (found != count) {
                throw cache.unusable("those of " + found + " of " + count + " rows", null);
            }
            return kept;
        } catch (RuntimeException e) {
            kept.close();
            throw e;
        }
    }

    private static double[] features(Row row, int width) {
        float[] floats = Encoding.features(row);
        if (floats.length != width) {
            throw new IllegalStateException(
                    "Cannot use cached features: found " + floats.length + " of a text, expected " + width);
        }
        double[] features = new double[width];
        for (int i = 0; i < width; i++) {
            features[i] = floats[i];
        }
        return features;
    }
}
