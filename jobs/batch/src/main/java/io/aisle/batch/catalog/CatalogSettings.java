package io.aisle.batch.catalog;

import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the raw records of one input are read.
 *
 * @param columns product field to record field, as the user mapped them; the rest keep the format's names
 * @param label record fields that hold the truth, root level first; empty: the format's own
 * @param maxFieldCharacters a longer text field quarantines its record
 */
public record CatalogSettings(
        String input, CatalogFormat format, Map<String, String> columns, List<String> label, int maxFieldCharacters)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The fields that {@code --columns} may name. */
    public static final List<String> FIELDS = List.of("id", "title", "brand", "description", "feature", "updated_at");

    /** The options of every job that reads a catalog. */
    public static final List<CommandOption> OPTIONS = List.of(
            CommandOption.required(
                    "input", "URI", "input", "catalog to read: a file, a directory or a pattern; .gz allowed"),
            CommandOption.optional("format", "NAME", "catalog.format", "amazon, jsonl, prepared or auto"),
            CommandOption.map("columns", "FIELD=NAME,…", "catalog.columns", "record fields of id, title, brand, …"),
            CommandOption.list(
                    "label", "A,B,C", "catalog.label", "record fields that hold the truth, root level first"));

    public CatalogSettings {
        columns = new TreeMap<>(columns);
        label = new ArrayList<>(label);
    }

    public static CatalogSettings read(Settings settings) {
        CatalogSettings read = new CatalogSettings(
                settings.text("input"),
                settings.choice("catalog.format", CatalogFormat.class),
                settings.textMap("catalog.columns"),
                settings.texts("catalog.label"),
                settings.integer("catalog.max-field-characters", 100, 100_000_000));
        TreeSet<String> unknown = new TreeSet<>(read.columns.keySet());
        unknown.removeAll(FIELDS);
        if (!unknown.isEmpty()) {
            settings.problem("catalog.columns", String.join(", ", unknown), "only " + String.join(", ", FIELDS));
        }
        if (read.columns.containsValue("")) {
            settings.problem("catalog.columns", "an empty name", "names of record fields");
        }
        if (read.label.contains("")) {
            settings.problem("catalog.label", "an empty name", "names of record fields");
        }
        if (read.mappedColumns().size() >= Long.SIZE) {
            settings.problem(
                    "catalog.label", read.label.size() + " levels", "at most " + (Long.SIZE - 1 - FIELDS.size()));
        }
        return read;
    }

    /** How a file of corrections is read, with this catalog's limits. */
    public CatalogSettings forCorrections(String corrections) {
        return new CatalogSettings(corrections, CatalogFormat.CORRECTIONS, Map.of(), List.of(), maxFieldCharacters);
    }

    /** The same catalog in a known format. */
    CatalogSettings withFormat(CatalogFormat newFormat) {
        return new CatalogSettings(input, newFormat, columns, label, maxFieldCharacters);
    }

    /** The same input read by its format's own names. */
    CatalogSettings withoutColumns() {
        return new CatalogSettings(input, format, Map.of(), List.of(), maxFieldCharacters);
    }

    /** Whether the user or the format named the record field of a product's field. */
    boolean isMapped(String field) {
        return columns.containsKey(field) || !format.column(field).equals(field);
    }

    /** The record field of a product's field. */
    String column(String field) {
        return columns.getOrDefault(field, format.column(field));
    }

    /** The record fields that the user named, sorted: at least one record must have each. */
    List<String> mappedColumns() {
        TreeSet<String> named = new TreeSet<>(columns.values());
        named.addAll(label);
        return List.copyOf(named);
    }

    /** The record fields of the truth, root level first; empty where the input carries none. */
    List<String> labelColumns() {
        return label.isEmpty() ? format.label() : label;
    }
}
