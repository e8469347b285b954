package io.aisle.batch.evaluate;

import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.storage.Directory;
import io.aisle.core.model.ModelBundle;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Whether rows can be shown to be unseen by the models measured on them.
 *
 * <p>prepare sends a product to a split by the hash of its title and the split seed alone: the upper end of the hashes is test. So the
 * test split of any prepared data is unseen by every model whose data had the same split seed and left at least as much to test. Of
 * raw records nothing can be shown.
 *
 * @param isShown whether it is so
 * @param found what was found, in words
 */
record HeldOut(boolean isShown, String found) {
    static HeldOut of(SparkSession spark, CatalogSettings catalog, List<ModelBundle> models) {
        Directory input = Directory.of(spark, catalog.input());
        boolean isPrepared = switch (catalog.format()) {
            case AUTO, PREPARED -> input.hasFileEndingIn(".parquet");
            default -> false;
        };
        if (!isPrepared
                || !input.name().equals(Split.TEST.key())
                || !input.parent().has(PreparedManifest.FILE)) {
            return new HeldOut(false, "rows that are no test split of prepared data");
        }
        Map<String, String> data =
                PreparedData.open(spark, input.parent().uri()).manifest().settings();
        for (ModelBundle model : models) {
            Map<String, String> trained = model.manifest().provenance().parameters();
            String name = model.directory().getFileName().toString();
            String seed = trained.get("prepare.split_seed");
            if (seed == null || !trained.containsKey("prepare.split")) {
                return new HeldOut(false, "no split seed in " + name);
            }
            if (!seed.equals(data.get("split_seed"))) {
                return new HeldOut(
                        false, "rows of split seed " + data.get("split_seed") + " and " + name + " of " + seed);
            }
            BigDecimal learnt = beforeTest(trained.get("prepare.split"));
            BigDecimal left = beforeTest(data.get("split"));
            if (learnt.compareTo(left) > 0) {
                return new HeldOut(
                        false,
                        "rows split at " + left.toPlainString() + " and " + name + " at " + learnt.toPlainString());
            }
        }
        return new HeldOut(true, "the test split, of one seed");
    }

    /** The share of the hashes that is train or validation, from a list as the settings write it: [0.8, 0.1, 0.1]. */
    private static BigDecimal beforeTest(String shares) {
        String[] parts = shares.substring(1, shares.length() - 1).split(",", -1);
        return new BigDecimal(parts[0].strip()).add(new BigDecimal(parts[1].strip()));
    }
}
