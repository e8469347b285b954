package io.aisle.batch.train;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.storage.Directory;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.Scaling;
import io.aisle.core.model.TrainingSummary.Epoch;
import io.aisle.core.product.CategoryPath;
import io.aisle.training.ValidationScores;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a kind of model came to, before its bundle is written. */
interface Trained {
    /** Neither normalised nor scaled, [validation rows][labels]. */
    float[][] validationLogits();

    /** Index of each validation row's label. */
    int[] validationLabels();

    /** Of the validation rows, by name. */
    default Map<String, Double> metrics() {
        ValidationScores scores = ValidationScores.of(validationLogits(), validationLabels());
        return Metrics.of(scores.metrics(), scores.loss());
    }

    /** What the training found out for itself, by name. */
    default Map<String, String> chosen() {
        return Map.of();
    }

    /** The passes over the train rows, in order; none where the kind makes none. */
    default List<Epoch> epochs() {
        return List.of();
    }

    /** What trained it, with versions, where it is not Spark. */
    default Map<String, String> libraries() {
        return Map.of();
    }

    /**
     * Starts its bundle.
     *
     * @param directory of the driver's
     * @param scaling what is done to the logits
     */
    BundleWriter write(Path directory, PreparedManifest data, List<CategoryPath> labels, Scaling scaling);

    /**
     * Adds what only other programs read.
     *
     * @param directory of the bundle that was started
     * @param output where it will go
     */
    default void addExtras(JobContext context, Path directory, Directory output) {}
}
