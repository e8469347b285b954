package io.aisle.batch.measure;

import io.aisle.core.model.BackOff;
import io.aisle.core.model.Decision;
import io.aisle.core.model.Prediction;
import io.aisle.core.product.CategoryPath;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * When a model accepts its answers, and when an answer that was backed off is right.
 *
 * @param paths of all truths
 * @param labels those that are the model's
 * @param threshold confidence from which it accepts
 */
record AcceptRule(List<CategoryPath> paths, List<CategoryPath> labels, double threshold, BackOff backOff)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    static AcceptRule of(Truths truths, double threshold) {
        List<CategoryPath> paths =
                truths.paths().stream().map(CategoryPath::parse).toList();
        List<CategoryPath> labels = IntStream.range(0, paths.size())
                .filter(truth -> truths.label(truth) == truth)
                .mapToObj(paths::get)
                .toList();
        return new AcceptRule(new ArrayList<>(paths), new ArrayList<>(labels), threshold, BackOff.of(labels));
    }

    boolean accepts(float confidence) {
        return confidence >= threshold;
    }

    /** The answer where categories above labels may be given. */
    Prediction backedOff(float[] probabilities) {
        return Prediction.of(labels, probabilities, threshold, 1, backOff);
    }

    boolean accepts(Prediction prediction) {
        return prediction.decision() == Decision.ACCEPTED;
    }

    /**
     * Whether a category is the truth, as the catalog gives it or as it was folded, or is above it.
     *
     * @param label that the truth counts for
     */
    boolean isRight(CategoryPath category, int truth, int label) {
        return category.holds(paths.get(truth)) || category.holds(paths.get(label));
    }
}
