package io.aisle.batch.reduced;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.dataset.Iterators;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.ngram.SentIndex;
import io.aisle.batch.score.Scoring;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.SparseVector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/** Prepared rows as MLlib reads them: id, label (index), weight and features (sparse vector, TF-IDF). */
final class ReducedRows {
    static final String ID = "id";
    static final String LABEL = "label";
    static final String WEIGHT = "weight";
    static final String FEATURES = "features";

    static final StructType SCHEMA = new StructType()
            .add(ID, DataTypes.StringType, false)
            .add(LABEL, DataTypes.DoubleType, false)
            .add(WEIGHT, DataTypes.DoubleType, false)
            .add(FEATURES, SQLDataTypes.VectorType(), false);

    private ReducedRows() {}

    /**
     * Makes vectors, in partitions and an order that depend on the rows alone where the cluster is
     * the same. One shuffle, by content hash.
     *
     * @param rows prepared
     * @param count how many there are
     * @param labels in the order of their indices
     * @param weightOfLabel one a label
     */
    static Dataset<Row> of(
            Dataset<Row> rows, long count, SentIndex index, List<String> labels, double[] weightOfLabel) {
        Map<String, Integer> numbers = new HashMap<>();
        labels.forEach(label -> numbers.put(label, numbers.size()));
        MapPartitionsFunction<Row, Row> vectors = partition -> {
            NgramIndex features = index.index();
            NgramIndex.Reader reader = features.reader();
            return Iterators.map(partition, row -> {
                int label = numbers.get(row.<String>getAs("label"));
                return RowFactory.create(
                        row.<String>getAs("id"),
                        (double) label,
                        weightOfLabel[label],
                        vector(reader.vector(ProductRows.product(row)), features.size()));
            });
        };
        return Scoring.byText(rows, count)
                .sortWithinPartitions("content_hash", "id")
                .mapPartitions(vectors, Encoders.row(SCHEMA))
                .withColumn(LABEL, col(LABEL).as(LABEL, numbered(labels.size())));
    }

    /** How many labels there are: MLlib counts no more than 100 by itself. */
    private static Metadata numbered(int labels) {
        return NominalAttribute.defaultAttr()
                .withName(LABEL)
                .withNumValues(labels)
                .toMetadata();
    }

    private static Vector vector(SparseVector vector, int size) {
        double[] values = new double[vector.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = vector.values()[i];
        }
        return Vectors.sparse(size, vector.indices(), values);
    }

    /** The vector as core has it. */
    static SparseVector vector(Row row) {
        org.apache.spark.ml.linalg.SparseVector vector =
                row.<Vector>getAs(FEATURES).toSparse();
        float[] values = new float[vector.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) vector.values()[i];
        }
        return new SparseVector(vector.indices(), values);
    }
}
