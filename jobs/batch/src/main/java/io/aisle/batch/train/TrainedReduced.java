package io.aisle.batch.train;

import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.reduced.ReducedSettings;
import io.aisle.batch.reduced.ReducedTrained;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.Scaling;
import io.aisle.core.product.CategoryPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A classifier of few features, whatever fitted it. */
record TrainedReduced(ReducedTrained reduced, ReducedSettings settings, Map<String, String> libraries)
        implements Trained {
    @Override
    public float[][] validationLogits() {
        return reduced.validationLogits();
    }

    @Override
    public int[] validationLabels() {
        return reduced.validationLabels();
    }

    @Override
    public BundleWriter write(Path directory, PreparedManifest data, List<CategoryPath> labels, Scaling scaling) {
        return BundleWriter.write(
                directory,
                reduced.model().definition(data.recipe(), labels, data.foldMap(), settings.ngrams(), scaling),
                reduced::write,
                scaling);
    }
}
