package io.aisle.core.model;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model reads and what it can answer.
 *
 * @param kind how it was made; {@link #DISTILBERT}
 * @param recipe how a product becomes its text
 * @param maxTokens word pieces a text may have, [CLS] and [SEP] included
 * @param labels in the order of the network's output, no two alike
 * @param foldMap by the path (as {@link CategoryPath#toString} renders it) of a category too rare to learn, the path of the label
 *     that stands for it
 * @param network the encoder's sizes
 */
public record ModelDefinition(
        String kind,
        TextRecipe recipe,
        int maxTokens,
        List<CategoryPath> labels,
        SortedMap<String, String> foldMap,
        DistilBertConfig network) {
    public static final String DISTILBERT = "distilbert";

    public ModelDefinition {
        labels = List.copyOf(labels);
        foldMap = Collections.unmodifiableSortedMap(new TreeMap<>(foldMap));
        if (labels.isEmpty() || new HashSet<>(labels).size() != labels.size()) {
            throw new IllegalArgumentException(
                    "Cannot define a model: found labels " + labels + ", expected at least one and no two alike");
        }
        if (maxTokens < TextRecipe.MIN_TOKENS || maxTokens > network.maxPositions()) {
            throw new IllegalArgumentException("Cannot define a model: found " + maxTokens + " max tokens, expected "
                    + TextRecipe.MIN_TOKENS + " to the network's " + network.maxPositions() + " positions");
        }
    }

    /** A model of kind {@link #DISTILBERT}. */
    public static ModelDefinition distilBert(
            TextRecipe recipe,
            int maxTokens,
            List<CategoryPath> labels,
            Map<CategoryPath, CategoryPath> foldMap,
            DistilBertConfig network) {
        SortedMap<String, String> rendered = new TreeMap<>();
        foldMap.forEach((rare, label) -> rendered.put(rare.toString(), label.toString()));
        return new ModelDefinition(DISTILBERT, recipe, maxTokens, labels, rendered, network);
    }

    /** The category that stands for this one among the labels: itself, unless it was folded. */
    public CategoryPath folded(CategoryPath category) {
        String label = foldMap.get(category.toString());
        return label == null ? category : CategoryPath.parse(label);
    }
}
