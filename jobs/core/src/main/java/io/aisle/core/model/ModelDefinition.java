package io.aisle.core.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.aisle.core.onnx.Device;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a model reads and what it can answer. What executes it depends on its type, the {@code kind} of the manifest. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NetworkDefinition.class, name = NetworkDefinition.KIND),
    @JsonSubTypes.Type(value = LinearDefinition.class, name = LinearDefinition.KIND),
    @JsonSubTypes.Type(value = TreesDefinition.class, name = TreesDefinition.KIND),
    @JsonSubTypes.Type(value = MlpDefinition.class, name = MlpDefinition.KIND),
    @JsonSubTypes.Type(value = StackDefinition.class, name = StackDefinition.KIND),
    @JsonSubTypes.Type(value = CascadeDefinition.class, name = CascadeDefinition.KIND)
})
public sealed interface ModelDefinition
        permits NetworkDefinition,
                LinearDefinition,
                TreesDefinition,
                MlpDefinition,
                StackDefinition,
                CascadeDefinition {

    /** The name of its type in a manifest. */
    String kind();

    /** How a product becomes its text. */
    TextRecipe recipe();

    /** In the order of the answers, no two alike. */
    List<CategoryPath> labels();

    /**
     * By the path (as {@link CategoryPath#toString} renders it) of a category too rare to learn, the path of the label that stands for
     * it.
     */
    SortedMap<String, String> foldMap();

    /** The files without which it cannot be opened, relative to its bundle. */
    List<String> files();

    /** The networks in it that read word pieces, by the directories where their files lie, relative to its bundle. */
    default Map<String, NetworkDefinition> networks() {
        return Map.of();
    }

    /** Of its networks: float32 only if all are, or if there are none. */
    default Precision precision() {
        return networks().values().stream()
                .map(NetworkDefinition::precision)
                .max(Comparator.naturalOrder())
                .orElse(Precision.FLOAT32);
    }

    /** The same with its networks in another precision; itself where it has none. */
    default ModelDefinition in(Precision precision) {
        return this;
    }

    /**
     * Opens what executes it.
     *
     * @param bundle the directory in which its {@link #files} lie
     * @param threads of the CPU that one call may use
     * @param device for networks
     */
    Classifier open(Path bundle, int threads, Device device);

    /** What it reads and how it is made, for the model card: items of a Markdown list. */
    List<String> describe();

    /** The category that stands for this one among the labels: itself, unless it was folded. */
    default CategoryPath folded(CategoryPath category) {
        String label = foldMap().get(category.toString());
        return label == null ? category : CategoryPath.parse(label);
    }

    /** Labels as definitions keep them. */
    static List<CategoryPath> checked(List<CategoryPath> labels) {
        if (labels.isEmpty() || new HashSet<>(labels).size() != labels.size()) {
            throw new IllegalArgumentException(
                    "Cannot define a model: found labels " + labels + ", expected at least one and no two alike");
        }
        return List.copyOf(labels);
    }

    /** A fold map as definitions keep it. */
    static SortedMap<String, String> sorted(Map<String, String> foldMap) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(foldMap));
    }
}
