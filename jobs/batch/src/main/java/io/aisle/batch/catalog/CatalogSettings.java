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
 * @param readsLabels false: whatever holds the truth is not looked at
 * @param taxonomy URI of the file that gives categories their paths; empty: records name whole paths
 * @param limits what bounds the memory that a record takes
 * @param skipsCorruptFiles true: a file is read up to where it breaks; false: it ends the job
 * @param observes true: prices, and what is wrong with the text before it is cleaned, are noted too
 */
public record CatalogSettings(
        String input,
        CatalogFormat format,
        Map<String, String> columns,
        List<String> label,
        boolean readsLabels,
        String taxonomy,
        Limits limits,
        boolean skipsCorruptFiles,
        boolean observes)
        implements Serializable {
    private static final long serialVersionUID = 3L;

    /** The fields that {@code --columns} may name. */
    public static final List<String> FIELDS =
            List.of("id", "title", "brand", "description", "feature", "updated_at", "price");

    /** The options of every job that reads a catalog. */
    public static final List<CommandOption> OPTIONS = List.of(
            CommandOption.required(
                    "input", "URI", "input", "catalog to read: a file, a directory or a pattern; .gz allowed"),
            CommandOption.optional("format", "NAME", "catalog.format", CatalogFormat.names() + " or auto"),
            CommandOption.map(
                    "columns",
                    "FIELD=NAME,…",
                    "catalog.columns",
                    "record fields of id, title, brand, …; a.b reaches into a"),
            CommandOption.list(
                    "label", "A,B,C", "catalog.label", "record fields that hold the truth, root level first"));

    /** The option of the jobs that need the truth. */
    public static final CommandOption TAXONOMY = CommandOption.optional(
            "taxonomy",
            "URI",
            "catalog.taxonomy",
            "paths of the categories that --label names: JSON with id and path, or CSV with path, or child,parent");

    /**
     * What bounds the memory that a record takes.
     *
     * @param fieldCharacters a longer text field quarantines its record
     * @param rawCharacters of a quarantined record that are kept
     */
    public record Limits(int fieldCharacters, int rawCharacters) implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final int FIELDS_AND_MARKUP = 8;
        private static final int ROOM = 1 << 24;

        /** A record longer than this cannot be held; it is quarantined without being parsed. */
        int recordCharacters() {
            return (int) Math.min(1 << 30, (long) FIELDS_AND_MARKUP * fieldCharacters + ROOM);
        }
    }

    public CatalogSettings {
        columns = new TreeMap<>(columns);
        label = new ArrayList<>(label);
    }

    /** A catalog with labels, without a taxonomy, every file of which must be whole. */
    public CatalogSettings(
            String input,
            CatalogFormat format,
            Map<String, String> columns,
            List<String> label,
            int maxFieldCharacters) {
        this(input, format, columns, label, true, "", new Limits(maxFieldCharacters, 100_000), false, false);
    }

    public static CatalogSettings read(Settings settings) {
        CatalogSettings read = new CatalogSettings(
                settings.text("input"),
                settings.choice("catalog.format", CatalogFormat.class),
                settings.textMap("catalog.columns"),
                settings.texts("catalog.label"),
                true,
                settings.optionalText("catalog.taxonomy").orElse(""),
                new Limits(
                        settings.integer("catalog.max-field-characters", 100, 100_000_000),
                        settings.integer("catalog.max-raw-characters", 0, 100_000_000)),
                settings.flag("catalog.skip-corrupt-files"),
                false);
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
        if (read.format == CatalogFormat.PREPARED) {
            String found = "with format prepared, whose columns are known";
            if (!read.columns.isEmpty()) {
                settings.problem("catalog.columns", read.columns + " " + found, "none, or format parquet");
            }
            if (!read.label.isEmpty()) {
                settings.problem("catalog.label", read.label + " " + found, "none, or format parquet");
            }
        }
        return read;
    }

    /** How a file of corrections is read, with this catalog's limits. A correction names a whole path. */
    public CatalogSettings forCorrections(String corrections) {
        return new CatalogSettings(
                corrections,
                CatalogFormat.CORRECTIONS,
                Map.of(),
                List.of(),
                true,
                "",
                limits,
                skipsCorruptFiles,
                false);
    }

    /** The same catalog for a job that needs no truth: what holds it is not read, so it cannot quarantine a record. */
    public CatalogSettings withoutLabels() {
        return new CatalogSettings(input, format, columns, List.of(), false, "", limits, skipsCorruptFiles, observes);
    }

    /** The same catalog for a job that looks at the records themselves. */
    public CatalogSettings observing() {
        return new CatalogSettings(
                input, format, columns, label, readsLabels, taxonomy, limits, skipsCorruptFiles, true);
    }

    /** The same catalog in a known format. */
    CatalogSettings withFormat(CatalogFormat newFormat) {
        return new CatalogSettings(
                input, newFormat, columns, label, readsLabels, taxonomy, limits, skipsCorruptFiles, observes);
    }

    boolean hasTaxonomy() {
        return !taxonomy.isEmpty();
    }

    /** Whether the user or the format named the record field of a product's field. */
    boolean isMapped(String field) {
        return columns.containsKey(field) || !format.column(field).equals(field);
    }

    /** The record field of a product's field. */
    public String column(String field) {
        return columns.getOrDefault(field, format.column(field));
    }

    /** The record fields that the user named and that are read, sorted: at least one record must have each. */
    List<String> mappedColumns() {
        TreeSet<String> named = new TreeSet<>(label);
        columns.forEach((field, column) -> {
            if (isRead(field)) {
                named.add(column);
            }
        });
        return List.copyOf(named);
    }

    /** The record fields of the truth, root level first; empty where the input carries none. */
    public List<String> labelColumns() {
        if (!readsLabels) {
            return List.of();
        }
        return label.isEmpty() ? format.label(hasTaxonomy()) : label;
    }

    /** Every record field that is read. */
    List<String> allColumns() {
        TreeSet<String> all = new TreeSet<>(labelColumns());
        FIELDS.stream().filter(this::isRead).forEach(field -> all.add(column(field)));
        return List.copyOf(all);
    }

    /** Only who observes looks at prices; a command line of explore's may be given to other jobs. */
    private boolean isRead(String field) {
        return observes || !field.equals("price");
    }
}
