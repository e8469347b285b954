package io.aisle.batch.monitor;

/**
 * How far two histograms over the same bins are apart. Each count is taken half a row larger than it is, so that an empty bin leaves both
 * numbers finite.
 *
 * @param psi the population stability index, Σ (p − q) ln(p / q), which is Jeffreys' divergence, in nats, from 0 without end (Siddiqi 2006,
 *     "Credit Risk Scorecards", chapter 12)
 * @param jensenShannon the mean of the Kullback-Leibler divergences of each from their mean, in nats, 0 to ln 2 (Lin 1991, "Divergence
 *     measures based on the Shannon entropy")
 * @param pValue how probable so large a PSI is where both are drawn from one population of rows: PSI / (1/n + 1/m) is then about
 *     chi-square with bins − 1 degrees of freedom (Yurdakul 2018, "Statistical properties of population stability index")
 */
record Divergence(double psi, double jensenShannon, double pValue) {
    private static final double SMOOTHING = 0.5;

    /**
     * Compares counts.
     *
     * @param now rows a bin
     * @param before rows a bin, of the same bins; bins that are empty in both do not count
     */
    static Divergence of(long[] now, long[] before) {
        int bins = 0;
        double rowsNow = 0;
        double rowsBefore = 0;
        for (int bin = 0; bin < now.length; bin++) {
            bins += now[bin] + before[bin] > 0 ? 1 : 0;
            rowsNow += now[bin];
            rowsBefore += before[bin];
        }
        if (rowsNow == 0 || rowsBefore == 0) {
            return new Divergence(Double.NaN, Double.NaN, Double.NaN);
        }
        double psi = 0;
        double shannon = 0;
        for (int bin = 0; bin < now.length; bin++) {
            if (now[bin] + before[bin] > 0) {
                double p = (now[bin] + SMOOTHING) / (rowsNow + bins * SMOOTHING);
                double q = (before[bin] + SMOOTHING) / (rowsBefore + bins * SMOOTHING);
                double mean = (p + q) / 2;
                psi += (p - q) * Math.log(p / q);
                shannon += (p * Math.log(p / mean) + q * Math.log(q / mean)) / 2;
            }
        }
        // of two equal histograms rounding may leave less than nothing
        psi = Math.max(0, psi);
        double pValue = bins < 2 ? 1 : Chance.ofChiSquare(psi / (1 / rowsNow + 1 / rowsBefore), bins - 1);
        return new Divergence(psi, Math.max(0, shannon), pValue);
    }
}
