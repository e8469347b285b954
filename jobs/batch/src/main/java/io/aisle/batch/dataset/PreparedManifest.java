package io.aisle.batch.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aisle.core.UserException;
import io.aisle.core.text.TextRecipe;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What prepare says about its output. It is written last: a directory without it is unfinished.
 *
 * <p>A train row that is repeated, since a person corrected its product, counts each time, here as for whoever trains.
 *
 * @param settings every setting that the rows depend on
 * @param rows {@code rows_in + corrections_added + corrections_repeated = train + validation + test + not_sampled + unlabelled +
 *     quarantined + duplicates}
 * @param corrections {@code read = applied + added + superseded + unusable}, and more of them; empty where none were given
 * @param quarantine rows by reason
 * @param corruptFiles records that were read of each file that broke off; empty unless such files were to be skipped
 * @param foldMap rendered path of a rare class to the path that it was folded into
 * @param classes one entry a class after folding, largest first
 * @param fingerprint of the rows of all splits and of those without a label, whatever their order and files
 */
public record PreparedManifest(
        int version,
        TextRecipe recipe,
        Map<String, String> settings,
        Map<String, Long> rows,
        Map<String, Long> corrections,
        Map<String, Long> quarantine,
        Map<String, Long> corruptFiles,
        Map<String, String> foldMap,
        List<ClassRows> classes,
        String fingerprint) {
    public static final int VERSION = 1;
    public static final String FILE = "manifest.json";
    /** In {@link #rows}: how many train rows are there a second time or more, since their products were corrected. */
    public static final String REPEATED = "corrections_repeated";

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /**
     * Rows of one class.
     *
     * @param rows before sampling, each once
     * @param train as written, a repeated row each time
     */
    public record ClassRows(String label, long rows, long train, long validation, long test) {}

    public PreparedManifest {
        settings = new TreeMap<>(settings);
        rows = new TreeMap<>(rows);
        // manifests of before they were written
        corrections = corrections == null ? Map.of() : new TreeMap<>(corrections);
        quarantine = new TreeMap<>(quarantine);
        corruptFiles = corruptFiles == null ? Map.of() : new TreeMap<>(corruptFiles);
        foldMap = new TreeMap<>(foldMap);
        classes = List.copyOf(classes);
    }

    /** What it says of others of its rows, by label; there are no more of them than those of train and validation. */
    PreparedManifest with(String name, Map<String, Long> train, Map<String, Long> validation) {
        Map<String, Long> counts = new TreeMap<>();
        long trainRows = train.values().stream().mapToLong(Long::longValue).sum();
        long validationRows =
                validation.values().stream().mapToLong(Long::longValue).sum();
        counts.put("rows_in", trainRows + validationRows);
        counts.put("corrections_added", 0L);
        counts.put(REPEATED, 0L);
        counts.put(Split.TRAIN.key(), trainRows);
        counts.put(Split.VALIDATION.key(), validationRows);
        for (String none :
                List.of(Split.TEST.key(), PreparedData.UNLABELLED, "not_sampled", "quarantined", "duplicates")) {
            counts.put(none, 0L);
        }
        return new PreparedManifest(
                version,
                recipe,
                settings,
                counts,
                Map.of(),
                Map.of(),
                Map.of(),
                foldMap,
                train.entrySet().stream()
                        .map(each -> {
                            long judged = validation.getOrDefault(each.getKey(), 0L);
                            return new ClassRows(each.getKey(), each.getValue() + judged, each.getValue(), judged, 0);
                        })
                        .toList(),
                fingerprint + " " + name);
    }

    /** What is said of labelled rows that prepare did not write. */
    public static PreparedManifest of(TextRecipe recipe, Map<String, String> foldMap, String fingerprint) {
        return new PreparedManifest(
                VERSION, recipe, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), foldMap, List.of(), fingerprint);
    }

    /** Rows of {@link PreparedData#withoutLabels}. */
    public long rowsWithoutLabels() {
        return rows.get(Split.TRAIN.key()) + rows.get(PreparedData.UNLABELLED);
    }

    /** Refuses counts that do not add up: a row was lost or counted twice. */
    public void requireBalance() {
        long in = rows.get("rows_in") + rows.get("corrections_added") + repeated();
        long out = rows.get("train")
                + rows.get("validation")
                + rows.get("test")
                + rows.get("not_sampled")
                + rows.get(PreparedData.UNLABELLED)
                + rows.get("quarantined")
                + rows.get("duplicates");
        if (in != out) {
            throw new IllegalStateException("Cannot finish prepare: found " + out + " rows accounted for, expected "
                    + in + " (rows_in + corrections_added + " + REPEATED + "); " + rows);
        }
    }

    /** How many train rows are copies of others; manifests of before there were any do not say. */
    public long repeated() {
        return rows.getOrDefault(REPEATED, 0L);
    }

    /** Every label, sorted: the order of the answers of a model that is trained on the rows. */
    public List<String> labels() {
        return classes.stream().map(ClassRows::label).sorted().toList();
    }

    /** How many train rows each label has. */
    public Map<String, Long> trainRows() {
        Map<String, Long> rows = new TreeMap<>();
        classes.forEach(each -> rows.put(each.label(), each.train()));
        return rows;
    }

    public List<String> classesWithout(Split split) {
        return classes.stream()
                .filter(counts -> switch (split) {
                    case TRAIN -> counts.train() == 0;
                    case VALIDATION -> counts.validation() == 0;
                    case TEST -> counts.test() == 0;
                })
                .map(ClassRows::label)
                .toList();
    }

    public String json() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static PreparedManifest parse(String json, String place) {
        try {
            JsonNode manifest = MAPPER.readTree(json);
            // first, since another version may have other fields
            int version = manifest.path("version").asInt(VERSION);
            if (version != VERSION) {
                throw new UserException("Cannot read " + place + ": found format version " + version + ", expected "
                        + VERSION + ". Run prepare again.");
            }
            // an empty file or null would be no manifest at all
            return MAPPER.treeToValue(
                    manifest.isObject() ? manifest : MAPPER.createArrayNode(), PreparedManifest.class);
        } catch (JsonProcessingException e) {
            String found = e.getCause() instanceof UserException
                    ? e.getCause().getMessage()
                    : "found no manifest of prepare (" + e.getOriginalMessage() + ")";
            throw new UserException("Cannot read " + place + ": " + found + ". Run prepare again.", e);
        }
    }
}
