package io.aisle.batch.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.QuarantineReason;
import io.aisle.batch.dataset.KeptRows;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Labels that people corrected, merged into a catalog by id: a correction replaces the product's label, or adds a product that the
 * catalog lacks. One that can do neither is quarantined. The catalog is not shuffled where Spark can broadcast the corrections.
 */
final class Corrections implements AutoCloseable {
    /** How often a row of a product is to be trained on, among the columns of {@link #merged}. */
    static final String WEIGHT = "weight";

    private static final String[] ID = {"id"};
    private static final Column HAS_TEXT = concat_ws(
                    " ", col("title"), col("brand"), col("description"), col("feature"))
            .rlike("[\\p{L}\\p{Nd}]");

    /** What became of a correction. */
    enum Outcome {
        /** The catalog has the product, whose label is now the correction's. */
        APPLIED,
        /** The catalog lacks the product, which is now the correction's. */
        ADDED,
        /** Another correction of the same product counts. */
        SUPERSEDED,
        /** The catalog lacks the product, and the correction has no text of it. */
        UNUSABLE;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Catalog corrections;
    private final KeptRows judged;
    private final KeptRows merged;

    /**
     * Runs nothing yet.
     *
     * @param weight how often a corrected product is to be trained on, 1 or more
     */
    Corrections(Dataset<Row> products, Catalog corrections, int weight) {
        this.corrections = corrections;
        Dataset<Row> ranked = corrections.ranked();
        Dataset<Row> known = products.join(ranked.select("id"), ID, "left_semi")
                .select(col("id"), col("label").as("catalog_label"), lit(true).as("is_known"));
        WindowSpec ofProduct = Window.partitionBy("id");
        judged = KeptRows.onDisk(ranked.join(known, ID, "left")
                .withColumn("outcome", outcome())
                .withColumn(
                        "conflicting",
                        min("label").over(ofProduct).notEqual(max("label").over(ofProduct)))
                .drop("is_known", "rank"));
        Dataset<Row> labels = of(Outcome.APPLIED).select(col("id"), col("label").as("corrected_label"));
        merged = KeptRows.onDisk(products.join(labels, ID, "left")
                .withColumn(WEIGHT, when(col("corrected_label").isNull(), 1).otherwise(weight))
                .withColumn("label", coalesce(col("corrected_label"), col("label")))
                .drop("corrected_label")
                .unionByName(of(Outcome.ADDED)
                        .drop("updated_at", "updated_by", "catalog_label", "outcome", "conflicting")
                        .withColumn(WEIGHT, lit(weight))));
    }

    private static Column outcome() {
        return when(col("rank").gt(1), Outcome.SUPERSEDED.key())
                .when(col("is_known"), Outcome.APPLIED.key())
                .when(HAS_TEXT, Outcome.ADDED.key())
                .otherwise(Outcome.UNUSABLE.key());
    }

    private Dataset<Row> of(Outcome outcome) {
        return judged.rows().filter(col("outcome").equalTo(outcome.key()));
    }

    /**
     * The catalog's products with corrected labels, and the products added, with their {@link #WEIGHT}. Kept on the executors' disks until
     * {@link #close}.
     */
    Dataset<Row> merged() {
        return merged.rows();
    }

    /** Who said what, and what became of it: a row a correction that could be read, by product, the one that counts first. */
    Dataset<Row> trail() {
        Column isLater =
                when(col("outcome").equalTo(Outcome.SUPERSEDED.key()), 1).otherwise(0);
        return judged.rows()
                .repartition(1)
                .sortWithinPartitions(
                        col("id"),
                        isLater,
                        col("updated_at").desc(),
                        col("label"),
                        col("updated_by"),
                        col("content_hash"))
                .select(
                        col("id"),
                        col("label"),
                        col("catalog_label"),
                        // a text, since Parquet's timestamps end at microseconds, and Spark's refuse some years
                        when(col("updated_at").notEqual(""), col("updated_at")).as("corrected_at"),
                        col("updated_by").as("corrected_by"),
                        col("outcome"),
                        col("conflicting"));
    }

    /** Corrections that could not be used. */
    Dataset<Row> quarantine() {
        Dataset<Row> textless = of(Outcome.UNUSABLE)
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

    /** How many corrections were read, those that nothing could be made of among them. */
    long read() {
        return corrections.rowsIn();
    }

    /** How many of them were no correction: quarantined for what they are, whatever the catalog holds. */
    long unreadable() {
        return corrections.quarantined();
    }

    @Override
    public void close() {
        merged.close();
        judged.close();
    }
}
