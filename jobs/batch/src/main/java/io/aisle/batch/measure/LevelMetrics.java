package io.aisle.batch.measure;

import io.aisle.batch.measure.EvaluationReport.Metric;
import io.aisle.core.metric.BootstrapIntervals;
import io.aisle.core.metric.ClassificationReport;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.metric.HierarchicalScores;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.LabelTree;
import java.util.ArrayList;
import java.util.List;

/**
 * How good answers are at each level of a taxonomy: a row is right at a level where truth and prediction are in the same category there.
 * Truths are as the catalog gives them, since a label that was folded away keeps its ancestors.
 */
final class LevelMetrics {
    private LevelMetrics() {}

    /**
     * Accuracy, weighted and macro F1 of each level, root first, the mean weighted F1 of all levels, and the hierarchical measures; nothing
     * where there is one level.
     *
     * @param confusion over the paths
     */
    static List<Metric> of(ConfusionMatrix confusion, List<String> paths, long seed) {
        List<CategoryPath> categories = paths.stream().map(CategoryPath::parse).toList();
        LabelTree tree = LabelTree.of(categories);
        List<Metric> metrics = new ArrayList<>();
        if (tree.levels() < 2) {
            return metrics;
        }
        double sum = 0;
        for (int level = 0; level < tree.levels(); level++) {
            ConfusionMatrix atLevel = cut(confusion, tree, level);
            ClassificationReport report = ClassificationReport.of(
                    atLevel,
                    tree.categories(level).stream().map(CategoryPath::toString).toList());
            BootstrapIntervals intervals = BootstrapIntervals.of(atLevel, seed);
            String name = "level_" + (level + 1) + "_";
            metrics.add(Metric.of(name + "accuracy", report.accuracy(), intervals.accuracy()));
            metrics.add(Metric.of(name + "weighted_f1", report.weighted().f1(), intervals.weightedF1()));
            metrics.add(Metric.of(name + "macro_f1", report.macro().f1(), intervals.macroF1()));
            sum += report.weighted().f1();
        }
        metrics.add(Metric.of(EvaluationReport.LEVELS_MEAN, sum / tree.levels()));
        HierarchicalScores hierarchical = HierarchicalScores.of(confusion, categories);
        metrics.add(Metric.of("hierarchical_precision", hierarchical.precision()));
        metrics.add(Metric.of("hierarchical_recall", hierarchical.recall()));
        metrics.add(Metric.of("hierarchical_f1", hierarchical.f1()));
        return metrics;
    }

    private static ConfusionMatrix cut(ConfusionMatrix confusion, LabelTree tree, int level) {
        int[] category = tree.categoryOfLabel(level);
        ConfusionMatrix cut = new ConfusionMatrix(tree.categories(level).size());
        for (ConfusionMatrix.Cell cell : confusion.cells()) {
            cut.add(category[cell.truth()], category[cell.predicted()], cell.rows());
        }
        return cut;
    }
}
