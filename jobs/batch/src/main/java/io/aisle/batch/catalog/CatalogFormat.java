package io.aisle.batch.catalog;

import io.aisle.core.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The shapes of catalogs that can be read. */
public enum CatalogFormat {
    /** Whichever of the others the input's names and first records show. */
    AUTO,
    /** JSON in the schema of the Amazon review data's 2018 metadata (Ni, Li, McAuley, EMNLP 2019). */
    AMAZON,
    /** JSON in the schema of Best Buy's open products.json: sku, name, manufacturer, description, category root to leaf. */
    BESTBUY,
    /** JSON of any schema. */
    JSONL,
    /** Comma-separated values (RFC 4180) with a header row. */
    CSV,
    /** Parquet of any schema. */
    PARQUET,
    /** JSON of what people corrected: id, category_path, corrected_at and _by, and the text fields of products to add. */
    CORRECTIONS,
    /** The Parquet that prepare writes. */
    PREPARED;

    /** The record's field for a product's field. */
    String column(String field) {
        return switch (this) {
            case AMAZON -> field.equals("id") ? "asin" : field;
            case BESTBUY ->
                switch (field) {
                    case "id" -> "sku";
                    case "title" -> "name";
                    case "brand" -> "manufacturer";
                    default -> field;
                };
            case CORRECTIONS ->
                switch (field) {
                    case "updated_at" -> "corrected_at";
                    case "updated_by" -> "corrected_by";
                    default -> field;
                };
            default -> field;
        };
    }

    /**
     * The fields that hold the truth, root level first.
     *
     * @param hasTaxonomy whether ids can be looked up
     */
    List<String> label(boolean hasTaxonomy) {
        return switch (this) {
            case AMAZON -> List.of("category");
            // names repeat in a taxonomy, ids do not
            case BESTBUY -> List.of(hasTaxonomy ? "category.id" : "category.name");
            case CORRECTIONS -> List.of("category_path");
            case PREPARED -> List.of("label");
            case AUTO, JSONL, CSV, PARQUET -> List.of();
        };
    }

    /** Whether the files are JSON text: one record a line, or one array. */
    boolean isJson() {
        return this == AMAZON || this == BESTBUY || this == JSONL || this == CORRECTIONS;
    }

    /** What a user may choose, for messages. */
    static String names() {
        return Arrays.stream(values())
                .filter(format -> format != AUTO && format != CORRECTIONS)
                .map(Settings::choiceName)
                .collect(Collectors.joining(", "));
    }
}
