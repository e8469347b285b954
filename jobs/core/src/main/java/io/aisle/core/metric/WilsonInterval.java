package io.aisle.core.metric;

/**
 * Where a share may lie of which so many of so many rows were seen, with a confidence of 95% (Wilson 1927, "Probable inference, the law of
 * succession, and statistical inference"): never beyond 0 and 1, and of some width also where all rows or none were. NaN without rows.
 */
public record WilsonInterval(double lower, double upper) {
    /** The 0.975 quantile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    /**
     * The interval of a share.
     *
     * @param hits of the rows, 0 to all of them
     */
    public static WilsonInterval of(long hits, long rows) {
        if (hits < 0 || hits > rows) {
            throw new IllegalArgumentException(
                    "Cannot give an interval: found " + hits + " of " + rows + " rows, expected 0 to all of them");
        }
        double share = (double) hits / rows;
        double spread = Z * Z / rows;
        double middle = (share + spread / 2) / (1 + spread);
        double half = Z * Math.sqrt(share * (1 - share) / rows + spread / rows / 4) / (1 + spread);
        // rounding must not leave the share outside
        return new WilsonInterval(
                Math.max(0, Math.min(share, middle - half)), Math.min(1, Math.max(share, middle + half)));
    }
}
