package io.aisle.batch.linear;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.aisle.batch.dataset.Iterators;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.ngram.SentIndex;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.training.linear.SparseRows;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Prepared rows as vectors: made on the executors, gathered in a file of the driver's, row by row. The heap of neither holds them.
 *
 * @param index of their n-grams
 */
record VectorRows(SentIndex index) implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long ROWS_PER_PARTITION = 10_000;
    private static final String IS_VALIDATION = "is_validation";
    private static final int MIN_PARTITIONS = 8;

    /**
     * Writes the vectors of the rows of train and validation, in an order that depends on the rows alone.
     *
     * @param labels in the order of their numbers
     */
    void write(PreparedData data, List<String> labels, Path file) {
        long rows = data.manifest().rows().get(Split.TRAIN.key())
                + data.manifest().rows().get(Split.VALIDATION.key());
        Dataset<Row> products = data.rows(Split.TRAIN)
                .withColumn(IS_VALIDATION, lit(false))
                .unionByName(data.rows(Split.VALIDATION).withColumn(IS_VALIDATION, lit(true)));
        Map<String, Integer> numbers = new HashMap<>();
        labels.forEach(label -> numbers.put(label, numbers.size()));
        MapPartitionsFunction<Row, byte[]> vectors = partition -> {
            NgramIndex.Reader reader = index.index().reader();
            return Iterators.map(
                    partition,
                    row -> SparseRows.encode(
                            numbers.get(row.<String>getAs("label")),
                            row.<Boolean>getAs(IS_VALIDATION),
                            reader.vector(ProductRows.product(row))));
        };
        int partitions = Math.toIntExact(Math.max(MIN_PARTITIONS, rows / ROWS_PER_PARTITION));
        Dataset<byte[]> encoded = products.repartition(partitions, col("id"))
                .sortWithinPartitions(xxhash64(col("id"), lit("order")), col("id"), col(IS_VALIDATION), col("label"))
                .mapPartitions(vectors, Encoders.BINARY());
        try (KeptRows kept = KeptRows.onDisk(encoded.toDF("vector"));
                SparseRows.Writer writer = new SparseRows.Writer(file)) {
            // all cores at once; the iterator below takes one partition after the other
            long made = kept.rows().count();
            if (made != rows) {
                throw new IllegalStateException("Cannot train: found " + made + " vectors, expected " + rows);
            }
            for (Iterator<Row> each = kept.rows().toLocalIterator(); each.hasNext(); ) {
                writer.add(each.next().<byte[]>getAs(0));
            }
        }
    }
}
