package io.aisle.batch.dataset;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.aisle.core.UserException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Labelled rows in parts of about equal size, each of which is asked about by models that were trained on the others (cross-validation). A
 * row's part is hash(group, seed, "fold"), so that copies of a product are in one part, and a model never knows a row's answer from its copy.
 */
public final class Folds {
    /** The column of a row's part. */
    static final String FOLD = "fold";

    private static final String GROUP = "fold_group";

    private Folds() {}

    /**
     * A part.
     *
     * @param others what to train on; has labels that have train rows only
     * @param held the part's rows, of labels that the others have
     * @param unknown labels of rows that are left out of {@code held}, since no other part has any
     */
    public record Fold(PreparedData others, Dataset<Row> held, List<String> unknown) {
        public List<String> labels() {
            return others.manifest().labels();
        }
    }

    /** Adds each row's part. */
    public static Dataset<Row> number(Dataset<Row> products, int folds, long seed) {
        Column fold = pmod(xxhash64(col(GROUP), lit(seed), lit("fold")), lit(folds));
        return products.withColumn(GROUP, ProductGroup.column())
                .withColumn(FOLD, fold.cast(DataTypes.IntegerType))
                .drop(GROUP);
    }

    /**
     * A part and the others. Three passes over the rows.
     *
     * @param numbered rows as {@link #number} gives them
     * @param number of the part, 0 to folds - 1
     * @param validation what models of every part are validated by; else it is the part after this one
     * @throws UserException where the others are too few to train on
     */
    public static Fold of(
            PreparedManifest origin, Dataset<Row> numbered, int folds, int number, Optional<Dataset<Row>> validation) {
        Column isHeld = col(FOLD).equalTo(number);
        Column isNext = validation.isPresent() ? lit(false) : col(FOLD).equalTo((number + 1) % folds);
        PreparedData others = PreparedData.of(
                origin,
                "without fold " + number + " of " + folds,
                rows(numbered, not(isHeld.or(isNext))),
                validation.orElseGet(() -> rows(numbered, isNext)));
        List<String> labels = others.manifest().labels();
        if (labels.size() < 2 || others.manifest().rows().get(Split.VALIDATION.key()) == 0) {
            throw new UserException("Cannot train without fold " + number + " of " + folds + ": found " + labels.size()
                    + " labels and "
                    + others.manifest().rows().get(Split.VALIDATION.key())
                    + " rows to validate by in the others, expected two or more labels, and rows. Give more rows.");
        }
        Dataset<Row> held = rows(numbered, isHeld);
        List<String> unknown = held.select("label")
                .distinct()
                .filter(not(col("label").isInCollection(labels)))
                .sort("label")
                .as(Encoders.STRING())
                .collectAsList();
        return new Fold(others, held.filter(col("label").isInCollection(labels)), unknown);
    }

    private static Dataset<Row> rows(Dataset<Row> numbered, Column which) {
        return numbered.filter(which).drop(FOLD);
    }
}
