package io.aisle.batch.classify;

import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * By how much a run may differ from the published one before a person has to look at it.
 *
 * @param maxLabelShift total variation distance of the predicted labels' shares, 0 to 1
 * @param maxReviewChange absolute difference of the share that goes to review, 0 to 1
 * @param maxRowDrop share of the predictions that may be gone, 0 to 1
 */
record PublishLimits(double maxLabelShift, double maxReviewChange, double maxRowDrop) {

    static PublishLimits read(Settings settings) {
        return new PublishLimits(
                settings.number("classify.max-label-shift", 0, 1),
                settings.number("classify.max-review-change", 0, 1),
                settings.number("classify.max-row-drop", 0, 1));
    }

    /**
     * One figure beside its limit.
     *
     * @param setting the key that holds the limit
     * @param found NaN where the figure is undefined, which passes
     */
    record Check(String setting, double found, double limit) {
        boolean isPassed() {
            return !(found > limit);
        }

        /** The figure in words, for messages. */
        String inWords() {
            return String.format(Locale.ROOT, "%s %.3f, expected at most %.3f", name(), found, limit);
        }

        /** The figure's name in metrics and manifests. */
        String name() {
            return setting.substring("classify.max-".length()).replace('-', '_');
        }
    }

    /** Every check of a run against the published one; none where that has no prediction. */
    List<Check> check(Shares now, Shares published) {
        if (published.rows() == 0) {
            return List.of();
        }
        List<Check> checks = new ArrayList<>();
        checks.add(new Check("classify.max-row-drop", 1 - (double) now.rows() / published.rows(), maxRowDrop));
        checks.add(new Check("classify.max-label-shift", now.labelShift(published), maxLabelShift));
        checks.add(new Check(
                "classify.max-review-change", Math.abs(now.reviewShare() - published.reviewShare()), maxReviewChange));
        return checks;
    }
}
