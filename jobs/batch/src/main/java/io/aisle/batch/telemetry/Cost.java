package io.aisle.batch.telemetry;

/** What a run costs, in the currency of the price that is set. */
public final class Cost {
    private Cost() {}

    /**
     * The cost of a million rows at the speed of a run: price × hours ÷ rows × 1,000,000. NaN where it is undefined: without a price,
     * and without rows.
     *
     * @param pricePerHour of the whole cluster; NaN where no price is set
     * @param seconds wall time
     */
    public static double perMillionRows(double pricePerHour, double seconds, long rows) {
        return rows <= 0 ? Double.NaN : pricePerHour * (seconds / 3_600) / rows * 1e6;
    }
}
