package io.aisle.core.model;

import io.aisle.core.linear.LevelSigmoid;
import io.aisle.core.linear.LinearWeights;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.ngram.RemovedWords;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A linear bundle of three labels whose answers can be worked out by hand: in a title, tea, lamp and drill each speak for one label with
 * weight 2, and lamp speaks with weight -1 against tea. Every idf is 1. The last label has a bias of 0.5. A logit is the log of the margin's
 * sigmoid.
 */
final class TinyLinear {
    static final LinearDefinition MODEL = new LinearDefinition(
            TextRecipe.standard(),
            TinyBundle.LABELS,
            ModelDefinition.sorted(Map.of("Tools > Anvils", "Tools > other")),
            new NgramSettings(
                    1,
                    1,
                    0,
                    new TreeSet<>(List.of(RemovedWords.PUNCTUATION)),
                    new TreeMap<>(Map.of("brand", 0.25, "title", 1.0))),
            3,
            List.of(new LevelSigmoid(1, 0, 1)),
            Scaling.NONE);

    /** Of the features drill, lamp and tea; the labels are lamps, café and tools. */
    private static final float[][] WEIGHTS = {{0, 0, 2}, {2, -1, 0}, {0, 2, 0}};

    private static final float[] BIAS = {0, 0, 0.5f};

    private TinyLinear() {}

    static BundleWriter write(Path directory) {
        return BundleWriter.write(directory, MODEL, TinyLinear::writeContent, Scaling.temperature(1.5f));
    }

    static ModelBundle finish(BundleWriter writer) {
        return TinyBundle.finish(writer);
    }

    static void writeContent(Path bundle) throws IOException {
        Path directory = Files.createDirectories(bundle.resolve(LinearClassifier.DIRECTORY));
        try (NgramIndex.Writer index = new NgramIndex.Writer(directory, 7)) {
            index.add("tw drill", 7);
            index.add("tw lamp", 7);
            index.add("tw tea", 7);
        }
        try (LinearWeights.Writer weights = new LinearWeights.Writer(directory)) {
            weights.bias(BIAS);
            for (float[] ofFeature : WEIGHTS) {
                for (int label = 0; label < ofFeature.length; label++) {
                    if (ofFeature[label] != 0) {
                        weights.add(label, ofFeature[label]);
                    }
                }
                weights.endFeature();
            }
        }
    }
}
