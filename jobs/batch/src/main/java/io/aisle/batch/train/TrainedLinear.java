package io.aisle.batch.train;

import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.linear.LinearSettings;
import io.aisle.batch.linear.LinearTrained;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.Scaling;
import io.aisle.core.product.CategoryPath;
import java.nio.file.Path;
import java.util.List;

/** A linear classifier. */
record TrainedLinear(LinearTrained linear, LinearSettings settings) implements Trained {
    @Override
    public float[][] validationLogits() {
        return linear.validationLogits();
    }

    @Override
    public int[] validationLabels() {
        return linear.validationLabels();
    }

    @Override
    public BundleWriter write(Path directory, PreparedManifest data, List<CategoryPath> labels, Scaling scaling) {
        return linear.write(directory, data, labels, settings, scaling);
    }
}
