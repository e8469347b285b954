package io.aisle.batch.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.QuarantineReason;
import io.aisle.batch.dataset.KeptRows;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Labels that people corrected, merged into a catalog by id: a correction replaces the product's label, or adds a product that the
 * catalog lacks. One that can do neither is quarantined. The catalog is not shuffled where Spark can broadcast the corrections.
 */
final class Corrections implements AutoCloseable {
    private static final String[] ID = {"id"};
    private static final Column HAS_TEXT = concat_ws(
                    " ", col("title"), col("brand"), col("description"), col("feature"))
            .rlike("[\\p{L}\\p{Nd}]");

    private final Catalog corrections;
    private final KeptRows unknown;
    private final KeptRows merged;

    /** Runs nothing yet. */
    Corrections(Dataset<Row> products, Catalog corrections) {
        this.corrections = corrections;
        Dataset<Row> labels =
                corrections.products().select(col("id"), col("label").as("corrected_label"));
        Dataset<Row> known = products.select("id").join(labels.select("id"), ID, "left_semi");
        unknown = KeptRows.onDisk(corrections.products().join(known, ID, "left_anti"));
        merged = KeptRows.onDisk(products.join(labels, ID, "left")
                .withColumn("label", coalesce(col("corrected_label"), col("label")))
                .drop("corrected_label")
                .unionByName(unknown.rows().filter(HAS_TEXT)));
    }

    /** The catalog's products with corrected labels, and the products added. Kept on the executors' disks until {@link #close}. */
    Dataset<Row> merged() {
        return merged.rows();
    }

    /** Corrections that could not be used. */
    Dataset<Row> quarantine() {
        Dataset<Row> textless = unknown.rows()
                .filter(not(HAS_TEXT))
                .select(
                        lit(QuarantineReason.NO_TEXT.key()).as("reason"),
                        lit("a correction without text for a product that the catalog lacks")
                                .as("detail"),
                        lit(null).cast("string").as("source_file"),
                        to_json(struct("id", "label")).as("raw"));
        return corrections.quarantine().unionByName(textless);
    }

    Dataset<Row> duplicates() {
        return corrections.duplicates();
    }

    /** Corrections that became or could have become rows of their own: all but those that replaced a label. */
    long added() {
        return corrections.rowsIn()
                - corrections.products().count()
                + unknown.rows().count();
    }

    @Override
    public void close() {
        merged.close();
        unknown.close();
    }
}
