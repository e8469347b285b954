package io.aisle.core.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Accuracy, precision, recall and F1, for each class and averaged.
 *
 * <p>With TP, FP and FN the true positives, false positives and false negatives of a class (Sokolova and Lapalme 2009,
 * "A systematic analysis of performance measures for classification tasks", Information Processing and Management 45,
 * table 3):
 *
 * <ul>
 *   <li>precision = TP / (TP + FP), undefined for a class that was never predicted;
 *   <li>recall = TP / (TP + FN), undefined for a class without rows;
 *   <li>F1 = 2TP / (2TP + FP + FN), undefined for a class with neither. It is 0, not undefined, for a class with rows
 *       that was never predicted, and for one predicted without rows;
 *   <li>macro: the mean over classes. Macro F1 is the mean of the classes' F1, as in scikit-learn; Sokolova and Lapalme
 *       take the F1 of macro precision and macro recall, which can be far higher (Opitz and Burst 2019, "Macro F1 and
 *       Macro F1");
 *   <li>weighted: the mean over classes by support. Weighted recall equals accuracy;
 *   <li>micro: from TP, FP and FN summed over classes. Each row has one truth and one prediction here, so each false
 *       positive is another class's false negative, and micro precision, recall and F1 all equal accuracy.
 * </ul>
 *
 * <p>What is undefined (0/0) is NaN, left out of the averages, and counted in a note. These are the numbers of
 * scikit-learn's {@code precision_recall_fscore_support(..., labels=all, zero_division=np.nan)}.
 *
 * @param rows rows judged
 * @param accuracy rows whose prediction is their truth, of all; NaN without rows
 * @param classes one an index of the confusion matrix, in its order
 * @param notes what the averages leave out, in words; empty where nothing is undefined
 */
public record ClassificationReport(
        long rows,
        double accuracy,
        Averages macro,
        Averages weighted,
        Averages micro,
        List<ClassScores> classes,
        List<String> notes) {
    /**
     * Judges the rows of a confusion matrix.
     *
     * @param names what the classes are called, in the order of the matrix
     */
    public static ClassificationReport of(ConfusionMatrix confusion, List<String> names) {
        if (names.size() != confusion.classes()) {
            throw new IllegalArgumentException("Cannot report on a confusion matrix: found " + names.size()
                    + " class names, expected " + confusion.classes());
        }
        ClassCounts counts = confusion.classCounts();
        double[] precision = counts.precision();
        double[] recall = counts.recall();
        double[] f1 = counts.f1();
        long[] support = counts.support();
        double accuracy = counts.accuracy();

        ClassAverage macroPrecision = ClassAverage.macro(precision);
        ClassAverage macroRecall = ClassAverage.macro(recall);
        ClassAverage macroF1 = ClassAverage.macro(f1);
        Averages macro = new Averages(macroPrecision.value(), macroRecall.value(), macroF1.value());
        Averages weighted = new Averages(
                ClassAverage.weighted(precision, support).value(),
                ClassAverage.weighted(recall, support).value(),
                ClassAverage.weighted(f1, support).value());
        Averages micro = new Averages(accuracy, accuracy, accuracy);

        List<String> notes = new ArrayList<>();
        macroPrecision.note("macro precision", "no predictions").ifPresent(notes::add);
        macroRecall.note("macro recall", "no rows").ifPresent(notes::add);
        macroF1.note("macro F1", "neither rows nor predictions").ifPresent(notes::add);
        neverPredicted(counts).ifPresent(notes::add);

        List<ClassScores> classes = IntStream.range(0, names.size())
                .mapToObj(c -> new ClassScores(
                        names.get(c), precision[c], recall[c], f1[c], support[c], counts.predicted()[c]))
                .toList();
        return new ClassificationReport(
                confusion.rows(), accuracy, macro, weighted, micro, classes, List.copyOf(notes));
    }

    private static Optional<String> neverPredicted(ClassCounts counts) {
        int[] missed = IntStream.range(0, counts.classes())
                .filter(c -> counts.support()[c] > 0 && counts.predicted()[c] == 0)
                .toArray();
        if (missed.length == 0) {
            return Optional.empty();
        }
        long rows = IntStream.of(missed).mapToLong(c -> counts.support()[c]).sum();
        return Optional.of("weighted precision leaves out " + rows + (rows == 1 ? " row of " : " rows of ")
                + missed.length + (missed.length == 1 ? " class" : " classes") + " without predictions");
    }

    /** Precision, recall and F1 averaged over classes; NaN where no class defines them. */
    public record Averages(double precision, double recall, double f1) {}

    /**
     * One class.
     *
     * @param precision NaN where {@code predicted} is 0
     * @param recall NaN where {@code support} is 0
     * @param f1 NaN where both are 0
     * @param support rows that are of this class
     * @param predicted rows that were given this class
     */
    public record ClassScores(String name, double precision, double recall, double f1, long support, long predicted) {}
}
