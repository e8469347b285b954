package io.aisle.batch.score;

import java.util.List;

/**
 * How far apart the engines are on a bundle's probe products.
 *
 * @param probes how many; those that say nothing go to no network
 * @param otherTokens ids of the probes of which Spark NLP reads other token ids
 * @param greatestDifference between the two probabilities of any probe and label
 * @param probe of the greatest difference
 */
public record EngineParity(int probes, List<String> otherTokens, float greatestDifference, String probe) {
    /** What the engines' probabilities may differ by. */
    public static final float TOLERANCE = 1e-4f;

    /** Whether the engines agree. */
    public boolean isKept() {
        return otherTokens.isEmpty() && greatestDifference <= TOLERANCE;
    }
}
