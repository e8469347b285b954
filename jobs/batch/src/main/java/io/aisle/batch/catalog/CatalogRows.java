package io.aisle.batch.catalog;

import io.aisle.batch.catalog.JsonRecords.RawRecord;
import io.aisle.batch.catalog.RecordCutter.CutRecord;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.core.product.Product;
import io.aisle.core.product.Taxonomy;
import io.aisle.core.text.TextRecipe;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Turns records into rows of {@link Catalog#SCHEMA}, cleaned by the recipe or quarantined. One a task. */
final class CatalogRows {
    private static final int TASK_BITS = 40;
    private static final int MAX_DETAIL = 1_000;

    /** Begins what stands in the place of an id. */
    private static final String KEY = "\0";

    private final JsonRecords records;
    private final TextRecipe recipe;
    private final boolean isCorrection;
    private final boolean namesEveryFile;
    private final boolean observes;
    private final int maxRaw;
    private long quarantined;

    /**
     * @param taxonomy null where records name whole paths
     * @param namesEveryFile whether rows of products name their file too
     */
    CatalogRows(CatalogSettings settings, TextRecipe recipe, Taxonomy taxonomy, boolean namesEveryFile) {
        this.records = new JsonRecords(settings, taxonomy);
        this.recipe = recipe;
        this.isCorrection = settings.format() == CatalogFormat.CORRECTIONS;
        this.namesEveryFile = namesEveryFile;
        this.observes = settings.observes();
        this.maxRaw = settings.limits().rawCharacters();
        this.quarantined = (long) TaskContext.getPartitionId() << TASK_BITS;
    }

    Row row(CutRecord record, String file) {
        if (record.reason() != null) {
            return quarantined(record, record.reason(), record.detail(), 0, file);
        }
        RawRecord parsed = record.fields() == null ? records.read(record.raw()) : records.read(record.fields());
        if (parsed.reason() != null) {
            return quarantined(record, parsed.reason(), parsed.detail(), parsed.present(), file);
        }
        Product product = recipe.clean(parsed.product());
        if (isCorrection && parsed.label() == null) {
            return quarantined(
                    record, QuarantineReason.MISSING_LABEL, "found no category_path", parsed.present(), file);
        }
        // a correction may name a product that the catalog holds: prepare sees whether it does
        if (!isCorrection && !recipe.hasText(product)) {
            return quarantined(
                    record, QuarantineReason.NO_TEXT, "found no letter or digit in any field", parsed.present(), file);
        }
        return ProductRows.row(
                product,
                parsed.label(),
                recipe.contentHash(product),
                parsed.updatedAt(),
                parsed.updatedBy(),
                null,
                "",
                namesEveryFile ? file : null,
                null,
                parsed.present(),
                parsed.price(),
                observes ? TextFault.in(parsed.product()) : 0);
    }

    private Row quarantined(CutRecord record, QuarantineReason reason, String detail, long present, String file) {
        String raw = record.raw() == null ? record.fields().toString() : record.raw();
        return unusable(
                reason.key(), shortened(detail, MAX_DETAIL), file, shortened(raw, maxRaw), present, quarantined++);
    }

    /** The row that says where a corrupt file broke. */
    static Row corruptFile(String file, long recordsBefore) {
        return unusable(Catalog.CORRUPT_FILE, Long.toString(recordsBefore), file, null, 0, 0L);
    }

    /** @param number of the record among those that cannot be used, which spreads them over the tasks as ids do */
    private static Row unusable(String reason, String detail, String file, String raw, long present, long number) {
        return RowFactory.create(
                KEY + number,
                null,
                null,
                null,
                null,
                null,
                null,
                "",
                null,
                reason,
                detail,
                file,
                raw,
                present,
                null,
                0);
    }

    private static String shortened(String text, int maxCharacters) {
        if (text.length() <= maxCharacters) {
            return text;
        }
        boolean splitsPair = maxCharacters > 0 && Character.isHighSurrogate(text.charAt(maxCharacters - 1));
        return text.substring(0, splitsPair ? maxCharacters - 1 : maxCharacters) + "… (" + text.length()
                + " characters)";
    }
}
