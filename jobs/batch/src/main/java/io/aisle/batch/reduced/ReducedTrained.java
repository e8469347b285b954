package io.aisle.batch.reduced;

import io.aisle.core.model.TreesDefinition;
import io.aisle.core.ngram.NgramIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A model of few features that was fitted; it lies in files.
 *
 * @param index directory of the n-grams
 * @param files directory of the model
 * @param validationLogits [validation rows][labels], before a temperature
 * @param validationLabels index of each validation row's label
 */
public record ReducedTrained(
        Path index, ReducedModel model, Path files, float[][] validationLogits, int[] validationLabels) {

    /** Writes what a bundle needs. */
    public void write(Path bundle) throws IOException {
        copy(
                index,
                List.of(NgramIndex.FEATURES_FILE, NgramIndex.IDF_FILE),
                bundle.resolve(TreesDefinition.NGRAMS_DIRECTORY));
        copy(files, model.files(), bundle.resolve(model.directory()));
    }

    private static void copy(Path from, List<String> files, Path to) throws IOException {
        Files.createDirectories(to);
        for (String file : files) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
    }
}
