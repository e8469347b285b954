package io.aisle.core.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a model comes from: enough to train it again.
 *
 * @param dataFingerprint names the prepared data, the same for the same rows
 * @param seeds by what they seed
 * @param parameters of the training, as the settings write them
 * @param libraries versions by library name
 */
public record Provenance(
        String dataFingerprint,
        SortedMap<String, Long> seeds,
        SortedMap<String, String> parameters,
        SortedMap<String, String> libraries) {
    public Provenance {
        seeds = copy(seeds);
        parameters = copy(parameters);
        libraries = copy(libraries);
    }

    /** Takes maps of any order. */
    public static Provenance of(
            String dataFingerprint,
            Map<String, Long> seeds,
            Map<String, String> parameters,
            Map<String, String> libraries) {
        return new Provenance(dataFingerprint, copy(seeds), copy(parameters), copy(libraries));
    }

    private static <T> SortedMap<String, T> copy(Map<String, T> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
