package io.aisle.core.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model bundle says of itself: the content of its {@value #FILE_NAME}, the file that is written last.
 *
 * @param formatVersion of this file and the directory round it; {@link #FORMAT_VERSION}
 * @param files sha256 (hex) of every other file, by its path relative to the bundle, with {@code /}
 * @param metrics on the validation rows, by name; NaN where one is undefined (null in the file)
 * @param training on what, and how it went; {@link TrainingSummary#NONE} in bundles of before there was one
 * @param scaling what was done to the scores; the logits have it in them. In the file {@code temperature}
 * @param acceptThreshold a prediction is accepted where its confidence is at or above this; above 1 accepts none
 * @param targetPrecision the precision for which the threshold was chosen
 * @param probes made-up products with their logits
 */
@JsonPropertyOrder({
    "formatVersion",
    "model",
    "files",
    "provenance",
    "metrics",
    "training",
    "temperature",
    "acceptThreshold",
    "targetPrecision",
    "probes"
})
public record ModelManifest(
        int formatVersion,
        ModelDefinition model,
        SortedMap<String, String> files,
        Provenance provenance,

        @JsonSerialize(contentUsing = ManifestJson.NanAsNull.class)
        SortedMap<String, Double> metrics,

        TrainingSummary training,
        @JsonProperty("temperature") Scaling scaling,
        double acceptThreshold,
        double targetPrecision,
        List<Probe> probes) {
    public static final int FORMAT_VERSION = 1;
    public static final String FILE_NAME = "manifest.json";

    public ModelManifest {
        if (!(acceptThreshold >= 0) || !(targetPrecision > 0 && targetPrecision <= 1)) {
            throw new IllegalArgumentException("Cannot describe a model: found accept threshold " + acceptThreshold
                    + " for precision " + targetPrecision + ", expected 0 or more and a precision above 0, at most 1");
        }
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        metrics = ManifestJson.nullAsNan(metrics);
        probes = List.copyOf(probes);
    }
}
