package io.aisle.batch.catalog;

import java.util.List;
import java.util.Map;

/** The shapes of catalogs that can be read. */
public enum CatalogFormat {
    /** {@link #PREPARED} where the input holds Parquet files, else {@link #AMAZON}. */
    AUTO(Map.of(), List.of()),
    /** JSON lines in the schema of the Amazon review data's 2018 metadata (Ni, Li, McAuley, EMNLP 2019). */
    AMAZON(Map.of("id", "asin"), List.of("category")),
    /** JSON lines of any schema. */
    JSONL(Map.of(), List.of()),
    /** JSON lines of what people corrected: id, category_path, corrected_at, and the text fields of products to add. */
    CORRECTIONS(Map.of("updated_at", "corrected_at"), List.of("category_path")),
    /** The Parquet that prepare writes. */
    PREPARED(Map.of(), List.of("label"));

    private final Map<String, String> columns;
    private final List<String> label;

    CatalogFormat(Map<String, String> columns, List<String> label) {
        this.columns = columns;
        this.label = label;
    }

    boolean isMapped(String field) {
        return columns.containsKey(field);
    }

    /** The record's field for a product's field, where the format says another than its own name. */
    String column(String field) {
        return columns.getOrDefault(field, field);
    }

    /** The fields that hold the truth, root level first. */
    List<String> label() {
        return label;
    }
}
