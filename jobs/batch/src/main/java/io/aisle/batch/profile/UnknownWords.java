package io.aisle.batch.profile;

import java.io.Serializable;

/**
 * The words of rows, and those of them that no train row had. The sums of squares give the share's variance.
 *
 * @param rows of which this is known
 * @param words of these rows
 * @param unknown of these words
 * @param wordsSquared the sum over the rows of (words a row)²
 * @param unknownSquared likewise
 * @param wordsTimesUnknown the sum over the rows of (words × unknown words)
 */
public record UnknownWords(
        long rows, long words, long unknown, long wordsSquared, long unknownSquared, long wordsTimesUnknown)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public static final UnknownWords NONE = new UnknownWords(0, 0, 0, 0, 0, 0);

    UnknownWords plus(UnknownWords other) {
        return new UnknownWords(
                rows + other.rows,
                words + other.words,
                unknown + other.unknown,
                wordsSquared + other.wordsSquared,
                unknownSquared + other.unknownSquared,
                wordsTimesUnknown + other.wordsTimesUnknown);
    }

    /** Of one row. */
    static UnknownWords of(long words, long unknown) {
        return new UnknownWords(1, words, unknown, words * words, unknown * unknown, words * unknown);
    }

    /** Share of the words that is unknown; NaN without words. */
    public double share() {
        return (double) unknown / words;
    }

    /**
     * The variance of {@link #share} where rows, not words, are drawn by chance, since the words of a row come together: that of a ratio
     * (Cochran 1977, "Sampling techniques", section 2.11). NaN with fewer than two rows or without words.
     */
    public double variance() {
        double share = share();
        double squares = unknownSquared - 2 * share * wordsTimesUnknown + share * share * wordsSquared;
        return rows < 2 ? Double.NaN : Math.max(0, squares) / ((double) words * words) * rows / (rows - 1);
    }
}
