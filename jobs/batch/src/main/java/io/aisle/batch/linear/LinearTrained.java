package io.aisle.batch.linear;

import io.aisle.core.linear.LinearWeights;
import io.aisle.core.linear.NgramIndex;
import io.aisle.core.model.LinearClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A linear classifier that was fitted; it lies in files.
 *
 * @param index directory of the n-grams
 * @param weights of each class, as {@link ClassWeightsFile} reads them
 * @param scales of each level
 * @param validationLogits [validation rows][labels], before a temperature, by the weights fitted to train alone
 * @param validationLabels index of each validation row's label
 */
public record LinearTrained(
        Path index,
        int features,
        Path weights,
        LevelClasses classes,
        double[] scales,
        float[][] validationLogits,
        int[] validationLabels) {

    /**
     * Writes {@code linear/} into a bundle.
     *
     * @param temperature what the scores are divided by
     * @param minWeight smaller weights are left out
     */
    public void write(Path bundle, float temperature, double minWeight) throws IOException {
        Path directory = Files.createDirectories(bundle.resolve(LinearClassifier.DIRECTORY));
        for (String file : List.of(NgramIndex.FEATURES_FILE, NgramIndex.IDF_FILE)) {
            Files.copy(index.resolve(file), directory.resolve(file));
        }
        double[] divided = new double[scales.length];
        for (int level = 0; level < divided.length; level++) {
            divided[level] = scales[level] / temperature;
        }
        ClassWeightsFile fitted = ClassWeightsFile.open(weights);
        float[] ofClasses = fitted.biases();
        double[] ofLabels = new double[classes.labels()];
        try (LinearWeights.Writer writer = new LinearWeights.Writer(directory)) {
            classes.addUp(ofClasses, divided, ofLabels);
            float[] bias = new float[ofLabels.length];
            for (int label = 0; label < bias.length; label++) {
                bias[label] = (float) ofLabels[label];
            }
            writer.bias(bias);
            for (int feature = 0; feature < features; feature++) {
                if (fitted.next(feature, ofClasses)) {
                    classes.addUp(ofClasses, divided, ofLabels);
                    for (int label = 0; label < ofLabels.length; label++) {
                        float weight = (float) ofLabels[label];
                        if (weight != 0 && Math.abs(weight) >= minWeight) {
                            writer.add(label, weight);
                        }
                    }
                }
                writer.endFeature();
            }
        }
    }
}
