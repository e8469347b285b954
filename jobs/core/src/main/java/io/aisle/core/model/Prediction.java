package io.aisle.core.model;

import io.aisle.core.product.CategoryPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a classifier puts one product.
 *
 * @param category the most probable label, or what was backed off to, a category that it is in
 * @param confidence its probability
 * @param top the most probable labels, descending; of equal ones the lower label index first. Its first is the category, unless it was
 *     backed off from
 * @param reason why a person should look at it, or what was backed off from; empty when the label itself is accepted
 */
public record Prediction(
        CategoryPath category, float confidence, List<Candidate> top, Decision decision, String reason) {
    /** One label and its probability. */
    public record Candidate(CategoryPath category, float confidence) {}

    /**
     * Reads one row of {@link Classifier#probabilities}.
     *
     * @param labels in the order of the probabilities
     * @param probabilities float[labels]
     * @param acceptThreshold a prediction is accepted where its confidence is at or above this; above 1 accepts none
     * @param topSize how many candidates {@code top} holds at most, at least 1
     */
    public static Prediction of(List<CategoryPath> labels, float[] probabilities, double acceptThreshold, int topSize) {
        return of(labels, probabilities, acceptThreshold, topSize, BackOff.none());
    }

    /**
     * The same; where the most probable label is under the threshold, what is backed off to is accepted instead.
     *
     * @param backOff of the labels
     */
    public static Prediction of(
            List<CategoryPath> labels, float[] probabilities, double acceptThreshold, int topSize, BackOff backOff) {
        if (labels.isEmpty() || probabilities.length != labels.size()) {
            throw new IllegalArgumentException("Cannot predict: found " + probabilities.length
                    + " probabilities, expected one for each of " + labels.size() + " labels");
        }
        if (topSize < 1) {
            throw new IllegalArgumentException("Cannot predict: found top size " + topSize + ", expected at least 1");
        }
        List<Candidate> top = new ArrayList<>();
        int[] mostProbable = mostProbable(probabilities, topSize);
        for (int label : mostProbable) {
            top.add(new Candidate(labels.get(label), probabilities[label]));
        }
        Candidate first = top.get(0);
        if (first.confidence() >= acceptThreshold) {
            return new Prediction(first.category(), first.confidence(), List.copyOf(top), Decision.ACCEPTED, "");
        }
        Optional<Candidate> above = backOff.deepest(mostProbable[0], probabilities, acceptThreshold);
        if (above.isPresent()) {
            Candidate category = above.get();
            String reason = "confidence "
                    + underThreshold(first.confidence(), " of " + first.category(), acceptThreshold) + "; all of "
                    + category.category() + " has " + rounded(category.confidence(), 2);
            return new Prediction(
                    category.category(), category.confidence(), List.copyOf(top), Decision.ACCEPTED, reason);
        }
        String reason = "confidence " + underThreshold(first.confidence(), "", acceptThreshold);
        return new Prediction(first.category(), first.confidence(), List.copyOf(top), Decision.REVIEW, reason);
    }

    /**
     * The most probable labels' indices, descending; of equal ones the lower index first.
     *
     * @param probabilities float[labels]
     * @param maxSize how many to give at most
     */
    public static int[] mostProbable(float[] probabilities, int maxSize) {
        int size = Math.min(maxSize, probabilities.length);
        // by insertion: there are few to keep and often thousands of labels
        int[] kept = new int[size];
        int count = 0;
        for (int label = 0; label < probabilities.length; label++) {
            float probability = probabilities[label];
            if (Float.isNaN(probability)) {
                throw new IllegalArgumentException(
                        "Cannot predict: found probability NaN for label " + label + ", expected 0 to 1");
            }
            int position = count;
            while (position > 0 && probability > probabilities[kept[position - 1]]) {
                position--;
            }
            if (position < size) {
                count = Math.min(count + 1, size);
                System.arraycopy(kept, position, kept, position + 1, count - position - 1);
                kept[position] = label;
            }
        }
        return kept;
    }

    /** Both numbers to two decimals, or to as many as it takes to tell them apart. */
    private static String underThreshold(float confidence, String of, double threshold) {
        int decimals = 2;
        while (decimals < 9 && rounded(confidence, decimals).equals(rounded(threshold, decimals))) {
            decimals++;
        }
        return rounded(confidence, decimals) + of + " is under the accept threshold " + rounded(threshold, decimals);
    }

    private static String rounded(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
