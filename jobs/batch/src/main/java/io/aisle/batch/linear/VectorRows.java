package io.aisle.batch.linear;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.aisle.batch.dataset.Iterators;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.dataset.Split;
import io.aisle.core.linear.NgramIndex;
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
    private static final int MIN_PARTITIONS = 8;

    /**
     * Writes the vectors of labelled products, in an order that depends on the rows alone.
     *
     * @param products with the column split, train or validation
     * @param rows how many there are
     * @param labels in the order of their numbers
     */
    void write(Dataset<Row> products, long rows, List<String> labels, Path file) {
        Map<String, Integer> numbers = new HashMap<>();
        labels.forEach(label -> numbers.put(label, numbers.size()));
        MapPartitionsFunction<Row, byte[]> vectors = partition -> {
            NgramIndex.Reader reader = index.index().reader();
            return Iterators.map(
                    partition,
                    row -> SparseRows.encode(
                            numbers.get(row.<String>getAs("label")),
                            row.<String>getAs("split").equals(Split.VALIDATION.key()),
                            reader.vector(ProductRows.product(row))));
        };
        int partitions = Math.toIntExact(Math.max(MIN_PARTITIONS, rows / ROWS_PER_PARTITION));
        Dataset<byte[]> encoded = products.repartition(partitions, col("id"))
                .sortWithinPartitions(xxhash64(col("id"), lit("order")), col("id"), col("split"), col("label"))
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
