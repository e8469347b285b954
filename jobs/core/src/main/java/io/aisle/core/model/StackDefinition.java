package io.aisle.core.model;

import io.aisle.core.onnx.Device;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Several models of the same labels that answer together: a label's score is the sum of its log-probabilities by each, times how much that
 * one counts.
 *
 * @param members each in a directory of its own, {@link #directory}
 * @param weights what each counts, 0 or more
 * @param scaling what is done to the scores
 */
public record StackDefinition(
        TextRecipe recipe,
        List<CategoryPath> labels,
        SortedMap<String, String> foldMap,
        List<ModelDefinition> members,
        List<Double> weights,
        Scaling scaling)
        implements ModelDefinition {
    public static final String KIND = "stack";

    public StackDefinition {
        labels = ModelDefinition.checked(labels);
        foldMap = ModelDefinition.sorted(foldMap);
        members = List.copyOf(members);
        weights = List.copyOf(weights);
        if (members.isEmpty() || weights.size() != members.size()) {
            throw new IllegalArgumentException("Cannot define a stack: found " + weights.size() + " weights, expected "
                    + members.size() + ", one a member, and at least one");
        }
        for (ModelDefinition member : members) {
            if (!member.labels().equals(labels)) {
                throw new IllegalArgumentException("Cannot define a stack: found a member " + member.kind() + " of "
                        + member.labels().size() + " labels, expected the " + labels.size() + " of the stack");
            }
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** Where a member lies, relative to the bundle. */
    public static String directory(int member) {
        return "member-" + (member + 1);
    }

    @Override
    public List<String> files() {
        Stream<String> files = Stream.empty();
        for (int i = 0; i < members.size(); i++) {
            String directory = directory(i);
            files = Stream.concat(files, members.get(i).files().stream().map(file -> directory + "/" + file));
        }
        return files.toList();
    }

    @Override
    public Map<String, NetworkDefinition> networks() {
        Map<String, NetworkDefinition> networks = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            String directory = directory(i);
            members.get(i)
                    .networks()
                    .forEach((inMember, network) ->
                            networks.put(inMember.isEmpty() ? directory : directory + "/" + inMember, network));
        }
        return networks;
    }

    @Override
    public StackDefinition in(Precision precision) {
        List<ModelDefinition> others =
                members.stream().map(member -> member.in(precision)).toList();
        return new StackDefinition(recipe, labels, foldMap, others, weights, scaling);
    }

    @Override
    public Classifier open(Path bundle, int threads, Device device) {
        List<Classifier> opened = new ArrayList<>();
        try {
            for (int i = 0; i < members.size(); i++) {
                opened.add(members.get(i).open(bundle.resolve(directory(i)), threads, device));
            }
        } catch (RuntimeException e) {
            opened.forEach(Classifier::close);
            throw e;
        }
        return new Stack(labels, opened, weights, scaling);
    }

    @Override
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add("The answers of " + members.size() + " models, multiplied, each to the power of its weight.");
        for (int i = 0; i < members.size(); i++) {
            lines.add(String.format(
                    Locale.ROOT,
                    "`%s/`, weight %.3f: %s",
                    directory(i),
                    weights.get(i),
                    String.join(" ", members.get(i).describe())));
        }
        return lines;
    }
}
