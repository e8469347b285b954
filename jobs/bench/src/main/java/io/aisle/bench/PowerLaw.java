package io.aisle.bench;

import java.util.List;

/** How a cost grows: y = a · x to the power of an exponent. */
final class PowerLaw {
    private PowerLaw() {}

    /**
     * The exponent by least squares of log y on log x; NaN for fewer than two points.
     *
     * @param sizes above 0
     * @param costs one a size; a size whose cost is not above 0 (as where what is fixed was taken off and nothing was left) is left out
     */
    static double exponent(List<Double> sizes, List<Double> costs) {
        int count = 0;
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < sizes.size(); i++) {
            if (costs.get(i) > 0) {
                double logSize = Math.log(sizes.get(i));
                double logCost = Math.log(costs.get(i));
                count++;
                x += logSize;
                y += logCost;
                xx += logSize * logSize;
                xy += logSize * logCost;
            }
        }
        return count < 2 ? Double.NaN : (count * xy - x * y) / (count * xx - x * x);
    }
}
