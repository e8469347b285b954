package io.aisle.batch.profile;

import java.io.Serializable;
import java.util.List;

/**
 * What was put into one category.
 *
 * @param path of the category, root first
 * @param confidenceMillionths the sum of the confidences, each rounded to a millionth, so that it does not depend on the rows' order
 */
public record ClassProfile(List<String> path, long rows, long confidenceMillionths, UnknownWords words)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public ClassProfile {
        path = List.copyOf(path);
    }

    ClassProfile plus(ClassProfile other) {
        return new ClassProfile(
                path, rows + other.rows, confidenceMillionths + other.confidenceMillionths, words.plus(other.words));
    }

    /** NaN without rows. */
    public double meanConfidence() {
        return confidenceMillionths / 1e6 / rows;
    }
}
