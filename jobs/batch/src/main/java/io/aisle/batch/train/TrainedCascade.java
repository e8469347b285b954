package io.aisle.batch.train;

import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.CascadeDefinition;
import io.aisle.core.model.LinearDefinition;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelDefinition;
import io.aisle.core.model.NetworkDefinition;
import io.aisle.core.model.Scaling;
import io.aisle.core.model.TrainingSummary.Epoch;
import io.aisle.core.product.CategoryPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A linear classifier, a network, and when the network is asked.
 *
 * @param first bundle of the kind linear
 * @param second bundle with a network
 * @param chosenPoint the threshold, and what it came to on the validation rows
 * @param validationLogits of each row, those of the model that answered it
 */
record TrainedCascade(
        ModelBundle first,
        ModelBundle second,
        CascadeCurve.Point chosenPoint,
        CascadeCurve curve,
        float[][] validationLogits,
        int[] validationLabels)
        implements Trained {

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new TreeMap<>(Trained.super.metrics());
        metrics.put("cascade_sent_share", chosenPoint.sentShare());
        metrics.put("cascade_linear_accuracy", curve.firstAccuracy());
        metrics.put("cascade_network_accuracy", curve.secondAccuracy());
        return metrics;
    }

    @Override
    public Map<String, String> chosen() {
        Map<String, String> chosen =
                new TreeMap<>(second.manifest().provenance().parameters());
        chosen.remove("kind");
        chosen.put("cascade_threshold", Double.toString(chosenPoint.threshold()));
        return chosen;
    }

    /** Those of the network. */
    @Override
    public List<Epoch> epochs() {
        return second.manifest().training().epochs();
    }

    @Override
    public Map<String, String> libraries() {
        return second.manifest().provenance().libraries();
    }

    @Override
    public BundleWriter write(Path directory, PreparedManifest data, List<CategoryPath> labels, Scaling scaling) {
        CascadeDefinition cascade = new CascadeDefinition(
                data.recipe(),
                labels,
                ModelDefinition.sorted(data.foldMap()),
                (LinearDefinition) first.manifest().model(),
                (NetworkDefinition) second.manifest().model(),
                chosenPoint.threshold(),
                scaling);
        return BundleWriter.write(
                directory,
                cascade,
                bundle -> {
                    first.copyModel(bundle.resolve(CascadeDefinition.FIRST_DIRECTORY));
                    second.copyModel(bundle.resolve(CascadeDefinition.SECOND_DIRECTORY));
                },
                scaling);
    }
}
