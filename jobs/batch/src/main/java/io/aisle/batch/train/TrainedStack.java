package io.aisle.batch.train;

import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelDefinition;
import io.aisle.core.model.Scaling;
import io.aisle.core.model.StackDefinition;
import io.aisle.core.product.CategoryPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Several models, and what each counts.
 *
 * @param kinds of the members, in their order
 */
record TrainedStack(
        List<ModelBundle> members,
        List<Double> weights,
        List<String> kinds,
        float[][] validationLogits,
        int[] validationLabels)
        implements Trained {

    @Override
    public Map<String, String> chosen() {
        Map<String, String> chosen = new TreeMap<>();
        for (int member = 0; member < kinds.size(); member++) {
            chosen.put("stack_weight." + kinds.get(member), Double.toString(weights.get(member)));
        }
        return chosen;
    }

    @Override
    public Map<String, String> libraries() {
        Map<String, String> libraries = new TreeMap<>();
        members.forEach(
                member -> libraries.putAll(member.manifest().provenance().libraries()));
        return libraries;
    }

    @Override
    public BundleWriter write(Path directory, PreparedManifest data, List<CategoryPath> labels, Scaling scaling) {
        List<ModelDefinition> models =
                members.stream().map(member -> member.manifest().model()).toList();
        return BundleWriter.write(
                directory,
                new StackDefinition(
                        data.recipe(), labels, ModelDefinition.sorted(data.foldMap()), models, weights, scaling),
                bundle -> {
                    for (int member = 0; member < models.size(); member++) {
                        members.get(member).copyModel(bundle.resolve(StackDefinition.directory(member)));
                    }
                },
                scaling);
    }
}
