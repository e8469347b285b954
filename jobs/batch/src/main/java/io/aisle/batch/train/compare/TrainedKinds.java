package io.aisle.batch.train.compare;

import io.aisle.batch.train.TrainSettings;
import io.aisle.core.model.ModelBundle;
import java.util.HashMap;
import java.util.Map;

/** What a comparison has trained so far: what is made of the same models takes them as they are. */
final class TrainedKinds {
    private final Map<TrainSettings, ModelBundle> bundles = new HashMap<>();
    private final Map<TrainSettings, Double> seconds = new HashMap<>();

    void add(TrainSettings kind, ModelBundle bundle, double trainSeconds) {
        bundles.put(kind, bundle);
        seconds.put(kind, trainSeconds);
    }

    /** By the settings of each. */
    Map<TrainSettings, ModelBundle> bundles() {
        return bundles;
    }

    /** What a kind would have taken longer, had its members not been trained already. */
    double secondsSaved(TrainSettings kind) {
        return kind.members().stream()
                .mapToDouble(member -> seconds.getOrDefault(member, 0.0))
                .sum();
    }
}
