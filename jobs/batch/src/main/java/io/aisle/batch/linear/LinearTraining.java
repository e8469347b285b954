package io.aisle.batch.linear;

import io.aisle.batch.JobContext;
import io.aisle.core.UserException;
import io.aisle.core.linear.LevelClasses;
import io.aisle.core.linear.LevelSigmoid;
import io.aisle.core.linear.LinearWeights;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.LabelTree;
import io.aisle.core.text.TextRecipe;
import io.aisle.training.linear.SparseRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

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
     * @param products labelled, with the column split: train, or validation
     * @param trainRows how many of them are of train
     * @param rows how many there are
     * @param labels rendered paths, in the order of their numbers; each has a train row
     * @param weightOfLabel what a row of each label counts
     * @param seed chooses the order in which rows are visited
     * @param work a local directory; what is trained lies there
     */
    public static LinearTrained train(
            JobContext context,
            Dataset<Row> products,
            long trainRows,
            long rows,
            TextRecipe recipe,
            List<String> labels,
            double[] weightOfLabel,
            LinearSettings settings,
            long seed,
            Path work) {
        if (labels.size() > LinearWeights.MAX_LABELS) {
            throw new UserException("Cannot train the kind linear: found " + labels.size()
                    + " labels, expected at most " + LinearWeights.MAX_LABELS
                    + ". Prepare with a larger --min-class-size, or train another kind.");
        }
        try {
            Path index = Files.createDirectories(work.resolve("index"));
            context.step("train: count n-grams");
            int features =
                    NgramCounts.writeIndex(products.filter("split = 'train'"), trainRows, recipe, settings, index);
            if (features == 0) {
                throw new UserException("Cannot train the kind linear: found no n-gram in " + settings.minProducts()
                        + " train products, expected some. Lower train.linear.min-products.");
            }
            context.say("%,d n-grams are features, each in %d products or more", features, settings.minProducts());

            context.step("train: make vectors");
            new VectorRows(SentIndex.send(context.spark(), index, settings.ngrams(), recipe))
                    .write(products, rows, labels, ClassFits.file(work));

            LabelTree tree =
                    LabelTree.of(labels.stream().map(CategoryPath::parse).toList());
            LevelClasses classes = LevelClasses.of(tree);
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
            float[][] margins = fits.fit(context.spark(), false, work.resolve("weights"));
            int[] truths = validationLabels(ClassFits.file(work), features);
            List<LevelSigmoid> levels = LevelFit.fit(classes, margins, truths);
            levels.forEach(level -> context.say(
                    "level: probability σ(%.2f · margin %+.2f), to the power of %.2f",
                    level.slope(), level.offset(), level.exponent()));
            if (settings.refit()) {
                context.step("train: fit again, to all rows", classes.classes().size());
                fits.fit(context.spark(), true, work.resolve("weights"));
            }
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

    private static int[] validationLabels(Path vectors, int features) {
        SparseRows rows = SparseRows.open(vectors, features);
        return Arrays.stream(rows.validation()).map(rows::label).toArray();
    }
}
