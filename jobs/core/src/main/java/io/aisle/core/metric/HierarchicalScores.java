package io.aisle.core.metric;

import io.aisle.core.product.CategoryPath;
import java.util.List;

/**
 * Precision, recall and F1 that give part of the credit to an answer which shares ancestors with the truth: each category stands for itself
 * and all its ancestors, the root left out (Kiritchenko et al. 2005, "Functional annotation of genes using hierarchical text
 * categorization", section 3.2). With P̂ᵢ and T̂ᵢ the categories of row i's prediction and truth,
 *
 * <pre>precision = Σ |P̂ᵢ ∩ T̂ᵢ| / Σ |P̂ᵢ|, recall = Σ |P̂ᵢ ∩ T̂ᵢ| / Σ |T̂ᵢ|, F1 = 2 · precision · recall / (precision + recall)</pre>
 *
 * <p>NaN without rows.
 */
public record HierarchicalScores(double precision, double recall, double f1) {
    /**
     * Scores the rows of a confusion matrix.
     *
     * @param categories in the order of the matrix
     */
    public static HierarchicalScores of(ConfusionMatrix confusion, List<CategoryPath> categories) {
        double shared = 0;
        double predicted = 0;
        double truths = 0;
        for (ConfusionMatrix.Cell cell : confusion.cells()) {
            CategoryPath truth = categories.get(cell.truth());
            CategoryPath prediction = categories.get(cell.predicted());
            shared += (double) cell.rows() * sharedDepth(truth, prediction);
            predicted += (double) cell.rows() * prediction.depth();
            truths += (double) cell.rows() * truth.depth();
        }
        // 2PR / (P + R), and 0 rather than undefined where nothing is shared
        return new HierarchicalScores(shared / predicted, shared / truths, 2 * shared / (predicted + truths));
    }

    private static int sharedDepth(CategoryPath one, CategoryPath other) {
        int depth = 0;
        while (depth < Math.min(one.depth(), other.depth())
                && one.names().get(depth).equals(other.names().get(depth))) {
            depth++;
        }
        return depth;
    }
}
