package io.aisle.core.model;

import io.aisle.core.onnx.Device;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Two models of the same recipe and labels: a network answers for the products of which a linear classifier is not sure.
 *
 * @param first scores every product
 * @param second scores those whose greatest probability by the first is under the threshold
 * @param threshold 0: none; above 1: all
 * @param scaling what is done to the logits of either
 */
public record CascadeDefinition(
        TextRecipe recipe,
        List<CategoryPath> labels,
        SortedMap<String, String> foldMap,
        LinearDefinition first,
        NetworkDefinition second,
        double threshold,
        Scaling scaling)
        implements ModelDefinition {
    public static final String KIND = "cascade";

    /** Where a bundle keeps the first model's files. */
    public static final String FIRST_DIRECTORY = "first";

    /** Where a bundle keeps the second model's files. */
    public static final String SECOND_DIRECTORY = "second";

    public CascadeDefinition {
        labels = ModelDefinition.checked(labels);
        foldMap = ModelDefinition.sorted(foldMap);
        if (!(threshold >= 0)) {
            throw new IllegalArgumentException(
                    "Cannot define a cascade: found threshold " + threshold + ", expected 0 or more");
        }
        for (ModelDefinition member : List.of(first, second)) {
            if (!member.labels().equals(labels) || !member.recipe().equals(recipe)) {
                throw new IllegalArgumentException("Cannot define a cascade: found a model of kind " + member.kind()
                        + " with another recipe or other labels, expected those of the cascade");
            }
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<String> files() {
        return Stream.concat(
                        first.files().stream().map(file -> FIRST_DIRECTORY + "/" + file),
                        second.files().stream().map(file -> SECOND_DIRECTORY + "/" + file))
                .toList();
    }

    @Override
    public Map<String, NetworkDefinition> networks() {
        return Map.of(SECOND_DIRECTORY, second);
    }

    @Override
    public CascadeDefinition in(Precision precision) {
        return new CascadeDefinition(recipe, labels, foldMap, first, second.in(precision), threshold, scaling);
    }

    @Override
    public Classifier open(Path bundle, int threads, Device device) {
        Classifier opened = first.open(bundle.resolve(FIRST_DIRECTORY), threads, device);
        try {
            return new Cascade(
                    opened, second.open(bundle.resolve(SECOND_DIRECTORY), threads, device), threshold, scaling);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public List<String> describe() {
        List<String> items = new ArrayList<>();
        items.add(String.format(
                Locale.ROOT,
                "A cascade: the model in `first/` answers; where its greatest probability is under %.4f, the one in `second/` does.",
                threshold));
        first.describe().forEach(item -> items.add("`first/`: " + item));
        second.describe().forEach(item -> items.add("`second/`: " + item));
        return items;
    }
}
