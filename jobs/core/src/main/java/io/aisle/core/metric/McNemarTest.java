package io.aisle.core.metric;

/**
 * Whether two classifiers that judged the same rows differ by more than chance, from the rows that only one of them had right (McNemar 1947,
 * "Note on the sampling error of the difference between correlated proportions or percentages"; Dietterich 1998, "Approximate statistical
 * tests for comparing supervised classification learning algorithms", section 3.1).
 *
 * @param onlyFirst rows that only the first had right
 * @param onlySecond rows that only the second had right
 */
public record McNemarTest(long onlyFirst, long onlySecond) {
    public McNemarTest {
        if (onlyFirst < 0 || onlySecond < 0) {
            throw new IllegalArgumentException("Cannot compare classifiers: found " + onlyFirst + " and " + onlySecond
                    + " rows, expected 0 or more");
        }
    }

    /**
     * The two-sided p-value: how probable so uneven a division is, or one less even, if each of these rows falls to either with probability
     * a half. Exact, by the binomial distribution; 1 without such rows.
     */
    public double pValue() {
        long rows = onlyFirst + onlySecond;
        long fewer = Math.min(onlyFirst, onlySecond);
        double logProbability = -rows * Math.log(2);
        double tail = Math.exp(logProbability);
        for (long k = 1; k <= fewer; k++) {
            logProbability += Math.log((double) (rows - k + 1) / k);
            tail += Math.exp(logProbability);
        }
        return Math.min(1, 2 * tail);
    }
}
