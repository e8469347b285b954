package io.aisle.batch.linear;

import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.core.linear.LevelSigmoid;
import io.aisle.core.linear.LinearWeights;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.LinearClassifier;
import io.aisle.core.model.LinearDefinition;
import io.aisle.core.model.ModelDefinition;
import io.aisle.core.model.Scaling;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.product.CategoryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A linear classifier that was fitted; it lies in files.
 *
 * @param index directory of the n-grams
 * @param weights of each class, as {@link ClassWeightsFile} reads them
 * @param levels what their margins come to
 * @param validationLogits [validation rows][labels], before a temperature, by the weights fitted to train alone
 * @param validationLabels index of each validation row's label
 */
public record LinearTrained(
        Path index,
        int features,
        Path weights,
        List<LevelSigmoid> levels,
        float[][] validationLogits,
        int[] validationLabels) {

    /**
     * Starts its bundle.
     *
     * @param directory of the driver's
     * @param scaling what is done to the logits
     */
    public BundleWriter write(
            Path directory,
            PreparedManifest data,
            List<CategoryPath> labels,
            LinearSettings settings,
            Scaling scaling) {
        return BundleWriter.write(
                directory,
                new LinearDefinition(
                        data.recipe(),
                        labels,
                        ModelDefinition.sorted(data.foldMap()),
                        settings.ngrams(),
                        features,
                        levels.stream()
                                .map(level -> level.dividedBy(scaling.temperature()))
                                .toList(),
                        scaling.afterTemperature()),
                bundle -> write(bundle, settings.minWeight()),
                scaling);
    }

    void write(Path bundle, double minWeight) throws IOException {
        Path directory = Files.createDirectories(bundle.resolve(LinearClassifier.DIRECTORY));
        for (String file : List.of(NgramIndex.FEATURES_FILE, NgramIndex.IDF_FILE)) {
            Files.copy(index.resolve(file), directory.resolve(file));
        }
        ClassWeightsFile fitted = ClassWeightsFile.open(weights);
        float[] ofClasses = fitted.biases();
        try (LinearWeights.Writer writer = new LinearWeights.Writer(directory)) {
            writer.bias(ofClasses);
            for (int feature = 0; feature < features; feature++) {
                fitted.next(feature, ofClasses);
                for (int number = 0; number < ofClasses.length; number++) {
                    if (Math.abs(ofClasses[number]) >= minWeight && ofClasses[number] != 0) {
                        writer.add(number, ofClasses[number]);
                    }
                }
                writer.endFeature();
            }
        }
    }
}
