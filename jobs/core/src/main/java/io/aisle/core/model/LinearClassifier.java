package io.aisle.core.model;

import io.aisle.core.linear.LevelClasses;
import io.aisle.core.linear.LinearWeights;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.product.LabelTree;
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
        LevelClasses classes = LevelClasses.of(LabelTree.of(model.labels()));
        if (classes.levels() != model.levels().size()) {
            throw ModelBundle.refused(
                    "open the model bundle " + bundle,
                    model.levels().size() + " levels",
                    classes.levels() + ", as the labels have",
                    "Copy the bundle again, or train again.");
        }
        LinearWeights weights = LinearWeights.read(
                bundle.resolve(DIRECTORY), index.size(), classes.classes().size());
        return new NgramClassifier(
                model.labels(),
                index,
                vector -> model.scaling().byLabel(classes.scores(weights.scores(vector), model.levels())));
    }
}
