package io.aisle.serving.page;

import io.aisle.core.linear.LevelSigmoid;
import io.aisle.core.linear.LinearWeights;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.LinearClassifier;
import io.aisle.core.model.LinearDefinition;
import io.aisle.core.model.Provenance;
import io.aisle.core.model.Scaling;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.ngram.RemovedWords;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A bundle that is sure of a product whose title has one of its words, and of no other. */
final class ShopBundle {
    /** No two begin alike, so that they have one level. */
    static final List<CategoryPath> LABELS = List.of(
            CategoryPath.of("Pet Supplies", "Dogs", "Leashes"),
            CategoryPath.of("Home & Kitchen", "Coffee & Tea", "Coffee Filters"),
            CategoryPath.of("Office Products", "Furniture", "Chairs"),
            CategoryPath.of("Electronics", "Cell Phones", "Cases"),
            CategoryPath.of("Sports & Outdoors", "Camping", "Tents"),
            CategoryPath.of("Toys & Games", "Dolls", "Doll Houses"));

    /** The place of the label that each speaks for. */
    private static final SortedMap<String, Integer> WORDS =
            new TreeMap<>(Map.of("chair", 2, "coffee", 1, "house", 5, "leash", 0, "phone", 3, "tent", 4));

    private static final float WEIGHT = 12;

    private ShopBundle() {}

    static void write(Path directory) {
        LinearDefinition model = new LinearDefinition(
                TextRecipe.standard(),
                LABELS,
                new TreeMap<>(),
                new NgramSettings(
                        1, 1, 0, new TreeSet<>(List.of(RemovedWords.PUNCTUATION)), new TreeMap<>(Map.of("title", 1.0))),
                WORDS.size(),
                List.of(new LevelSigmoid(1, -WEIGHT / 2, 1)),
                Scaling.NONE);
        BundleWriter.write(directory, model, ShopBundle::writeWeights, Scaling.NONE)
                .finish(
                        Provenance.of("none", Map.of("weights", 1L), Map.of(), Map.of()),
                        Map.of("validation_accuracy", 0.5, "validation_weighted_auc", Double.NaN),
                        0.75,
                        0.92);
    }

    private static void writeWeights(Path bundle) throws IOException {
        Path directory = Files.createDirectories(bundle.resolve(LinearClassifier.DIRECTORY));
        try (NgramIndex.Writer index = new NgramIndex.Writer(directory, 7)) {
            for (String word : WORDS.keySet()) {
                index.add("tw " + word, 7);
            }
        }
        try (LinearWeights.Writer weights = new LinearWeights.Writer(directory)) {
            weights.bias(new float[LABELS.size()]);
            for (int label : WORDS.values()) {
                weights.add(label, WEIGHT);
                weights.endFeature();
            }
        }
    }
}
