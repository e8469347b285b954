package io.aisle.core.model;

import io.aisle.core.linear.LinearWeights;
import io.aisle.core.linear.NgramIndex;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Scores products by the n-grams of their fields and a bundle's weights, which stay in the file until they are needed. */
public final class LinearClassifier {
    /** Where a bundle keeps it. */
    public static final String DIRECTORY = "linear";

    static final List<String> FILES = Stream.of(
                    NgramIndex.FEATURES_FILE,
                    NgramIndex.IDF_FILE,
                    LinearWeights.DATA_FILE,
                    LinearWeights.INDICES_FILE,
                    LinearWeights.INDPTR_FILE,
                    LinearWeights.BIAS_FILE)
            .map(file -> DIRECTORY + "/" + file)
            .toList();

    private LinearClassifier() {}

    /** Opens what lies in a bundle's directory. */
    static Classifier open(Path bundle, LinearDefinition model) {
        NgramIndex index = NgramClassifier.index(bundle, DIRECTORY, model.ngrams(), model, model.features());
        LinearWeights weights = LinearWeights.read(
                bundle.resolve(DIRECTORY), index.size(), model.labels().size());
        return new NgramClassifier(model.labels(), index, weights::scores);
    }
}
