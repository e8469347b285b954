package io.aisle.batch.catalog;

import java.util.List;

/** The shapes of catalogs that can be read. */
public enum CatalogFormat {
    /** {@link #PREPARED} where the input holds Parquet files, else {@link #AMAZON}. */
    AUTO,
    /** JSON lines in the schema of the Amazon review data's 2018 metadata (Ni, Li, McAuley, EMNLP 2019). */
    AMAZON,
    /** JSON lines of any schema. */
    JSONL,
    /** JSON lines of what people corrected: id, category_path, corrected_at, and the text fields of products to add. */
    CORRECTIONS,
    /** The Parquet that prepare writes. */
    PREPARED;

    /** The record's field for a product's field. */
    String column(String field) {
        if (this == AMAZON && field.equals("id")) {
            return "asin";
        }
        return this == CORRECTIONS && field.equals("updated_at") ? "corrected_at" : field;
    }

    /** The fields that hold the truth, root level first. */
    List<String> label() {
        return switch (this) {
            case AMAZON -> List.of("category");
            case CORRECTIONS -> List.of("category_path");
            case PREPARED -> List.of("label");
            case AUTO, JSONL -> List.of();
        };
    }
}
