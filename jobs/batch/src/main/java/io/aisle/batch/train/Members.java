package io.aisle.batch.train;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.storage.Directory;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Trains the models that another is made of.
 *
 * @param trained bundles of the whole data that need not be trained again, by their settings
 * @param shared where they keep what they need to go on after a kill
 * @param work a local directory, where their bundles lie
 */
record Members(JobContext context, Map<TrainSettings, ModelBundle> trained, Directory shared, Path work) {

    /**
     * Trains one on the whole data, unless that was done before.
     *
     * @param stage no two members of a kind have the same
     * @param labels each has a train row
     */
    ModelBundle ofAll(String stage, TrainSettings member, PreparedData data, List<String> labels) {
        ModelBundle ready = trained.get(member);
        if (ready != null) {
            context.say("%s %s: trained already", stage, Settings.choiceName(member.kind()));
            return ready;
        }
        return of(stage, member, data, labels);
    }

    /** Trains one on some of the data. */
    ModelBundle of(String stage, TrainSettings member, PreparedData data, List<String> labels) {
        String kind = Settings.choiceName(member.kind());
        context.say("%s %s: training", stage, kind);
        String name = stage.replace(' ', '-') + "-" + kind;
        return new BundleTraining(context, member).member(data, labels, shared.directory(name), work.resolve(name));
    }
}
