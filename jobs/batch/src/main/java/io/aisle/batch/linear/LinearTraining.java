package io.aisle.batch.linear;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.ngram.NgramCounts;
import io.aisle.batch.ngram.SentIndex;
import io.aisle.core.UserException;
import io.aisle.core.linear.LevelClasses;
import io.aisle.core.linear.LevelSigmoid;
import io.aisle.core.linear.LinearWeights;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.LabelTree;
import io.aisle.training.linear.SparseRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Fits the kind linear: counts n-grams, makes vectors, and fits each category of each level against all others of that level.
 *
 * <p>A label's score is the sum, over the levels, of what the margin of the category that it is in there comes to ({@link LevelSigmoid}): a
 * product of experts. Since an ancestor's probability is the sum of its labels', answers of different levels cannot contradict each other.
 */
public final class LinearTraining {
    private LinearTraining() {}

    /**
     * Trains.
     *
     * @param data has validation rows
     * @param labels rendered paths, in the order of their numbers; each has a train row
     * @param weightOfLabel what a row of each label counts
     * @param seed chooses the order in which rows are visited
     * @param work a local directory; what is trained lies there
     */
    public static LinearTrained train(
            JobContext context,
            PreparedData data,
            List<String> labels,
            double[] weightOfLabel,
            LinearSettings settings,
            long seed,
            Path work) {
        LevelClasses classes = classes(labels);
        PreparedManifest manifest = data.manifest();
        try {
            Path index = Files.createDirectories(work.resolve("index"));
            context.step("train: count n-grams");
            int features = NgramCounts.writeIndex(
                    data.rows(Split.TRAIN),
                    manifest.rows().get(Split.TRAIN.key()),
                    manifest.recipe(),
                    settings.ngrams(),
                    settings.minProducts(),
                    settings.maxFeatures(),
                    index);
            if (features == 0) {
                throw new UserException("Cannot train the kind linear: found no n-gram in " + settings.minProducts()
                        + " train products, expected some. Lower train.linear.min-products.");
            }
            context.say("%,d n-grams are features, each in %d products or more", features, settings.minProducts());

            context.step("train: make vectors");
            new VectorRows(SentIndex.send(context.spark(), index, settings.ngrams(), manifest.recipe()))
                    .write(data, labels, ClassFits.file(work));

            ClassFits fits = new ClassFits(
                    ClassFits.send(context.spark(), work),
                    features,
                    classes.classes(),
                    weightOfLabel,
                    settings.solver(),
                    seed);
            context.step(
                    "train: fit " + classes.classes().size() + " classes",
                    classes.classes().size());
            float[][] margins = fits.fit(context.spark(), settings.refit(), work.resolve("weights"));
            int[] truths = validationLabels(ClassFits.file(work), features);
            List<LevelSigmoid> levels = LevelFit.fit(classes, margins, truths);
            levels.forEach(level -> context.say(
                    "level: probability σ(%.2f · margin %+.2f), to the power of %.2f",
                    level.slope(), level.offset(), level.exponent()));
            return new LinearTrained(
                    index,
                    features,
                    work.resolve("weights"),
                    levels,
                    LevelFit.scores(classes, margins, truths.length, levels),
                    truths);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + work, e);
        }
    }

    private static LevelClasses classes(List<String> labels) {
        // first, since their classes would take much memory
        requireFew(labels.size(), "labels");
        LevelClasses classes = LevelClasses.of(
                LabelTree.of(labels.stream().map(CategoryPath::parse).toList()));
        requireFew(classes.classes().size(), "categories of all levels");
        return classes;
    }

    private static void requireFew(int count, String what) {
        if (count > LinearWeights.MAX_CLASSES) {
            throw new UserException("Cannot train the kind linear: found " + count + " " + what
                    + ", expected at most " + LinearWeights.MAX_CLASSES
                    + ". Prepare with a larger --min-class-size, or train another kind.");
        }
    }

    private static int[] validationLabels(Path vectors, int features) {
        SparseRows rows = SparseRows.open(vectors, features);
        return Arrays.stream(rows.validation()).map(rows::label).toArray();
    }
}
