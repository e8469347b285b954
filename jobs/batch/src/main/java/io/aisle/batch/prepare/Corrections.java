package io.aisle.batch.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_json;

import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.QuarantineReason;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Labels that people corrected, merged into a catalog by id: a correction replaces the product's label, or adds a product that the
 * catalog lacks. One that can do neither is quarantined.
 */
final class Corrections {
    private static final Column HAS_TEXT = concat_ws(
                    " ", col("title"), col("brand"), col("description"), col("feature"))
            .rlike("[\\p{L}\\p{Nd}]");

    private final Dataset<Row> products;
    private final Catalog corrections;

    Corrections(Dataset<Row> products, Catalog corrections) {
        this.products = products;
        this.corrections = corrections;
    }

    /** The catalog's products with corrected labels, and the products added. */
    Dataset<Row> merged() {
        Dataset<Row> labels = corrections
                .products()
                .select(col("id").as("corrected_id"), col("label").as("corrected_label"));
        Dataset<Row> corrected = products.join(labels, col("id").equalTo(col("corrected_id")), "left")
                .withColumn("label", coalesce(col("corrected_label"), col("label")))
                .drop("corrected_id", "corrected_label");
        return corrected.unionByName(unknown().filter(HAS_TEXT));
    }

    /** Corrections that could not be used. */
    Dataset<Row> quarantine() {
        Dataset<Row> textless = unknown()
                .filter(HAS_TEXT.unary_$bang())
                .select(
                        lit(QuarantineReason.NO_TEXT.key()).as("reason"),
                        lit("a correction without text for a product that the catalog lacks")
                                .as("detail"),
                        lit(null).cast("string").as("source_file"),
                        to_json(org.apache.spark.sql.functions.struct("id", "label"))
                                .as("raw"));
        return corrections.quarantine().unionByName(textless);
    }

    Dataset<Row> duplicates() {
        return corrections.duplicates();
    }

    /** Corrections that became or could have become rows of their own: all but those that replaced a label. */
    long added() {
        return corrections.rowsIn() - corrections.products().count() + unknown().count();
    }

    private Dataset<Row> unknown() {
        return corrections.products().join(products.select("id"), List.of("id").toArray(String[]::new), "left_anti");
    }
}
